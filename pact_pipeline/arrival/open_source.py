"""Opening the place at a supplier's URL: a folder, an SFTP server, an S3 store."""

from fsspec import filesystem  # type: ignore[import-untyped]

from pact_pipeline.arrival.credentials import credentials_of
from pact_pipeline.arrival.source import Folder, Source
from pact_pipeline.arrival.source_errors import BAD_URL, NOT_A_FOLDER, SourceError
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers.source_url import fault_of, taken_apart


def open_source(settings: Settings, supplier: str, url: str) -> Source:
    """The place at a URL. Raises PlaceTrouble, or whatever the library raises that connects."""
    fault = fault_of(url)
    if fault is not None:
        raise SourceError(BAD_URL, *fault)
    parts = taken_apart(url)
    if parts.scheme == "file":
        lies_at = settings.home / parts.path
        if lies_at.exists() and not lies_at.is_dir():
            raise SourceError(NOT_A_FOLDER)  # a file of that name would list as an empty folder
        return Folder(filesystem("file"), str(settings.home / parts.path), local=True)
    if parts.scheme == "sftp":
        # paramiko and s3fs take half a second to import, and most places are folders.
        from pact_pipeline.arrival.sftp import open_sftp

        return open_sftp(parts, credentials_of(settings, supplier), settings.known_hosts)
    if parts.scheme == "s3":
        from pact_pipeline.arrival.s3 import open_s3

        return open_s3(parts, credentials_of(settings, supplier))
    return Source(filesystem(parts.scheme), parts.path)
