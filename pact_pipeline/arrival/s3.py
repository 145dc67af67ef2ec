"""S3-compatible stores. Imported only when a supplier has such a place.

The endpoint and both keys come from the supplier's secrets. Keys that lie about on this machine for other programs are
never used: whoever runs the pipeline would lend their own rights to every supplier's entry.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from aiobotocore.session import AioSession  # type: ignore[import-untyped]
from s3fs import S3FileSystem  # type: ignore[import-untyped]

from pact_pipeline.arrival.credentials import Credentials
from pact_pipeline.arrival.source import Listed, Source, whole
from pact_pipeline.arrival.source_errors import NO_SECRET, SourceError
from pact_pipeline.suppliers.source_url import SourceUrl

CONNECT_SECONDS = 10
ANSWER_SECONDS = 30
BLOCK = 4 << 20
# Holds no key. Making one reads the description of every request from the disk, which takes longer than a small look.
_SESSION = AioSession()
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def open_s3(url: SourceUrl, secret: Credentials) -> Source:
    """The bucket, not yet asked anything. Raises PlaceTrouble ARRIVAL-017."""
    if not (secret.access_key and secret.secret_key):
        raise SourceError(NO_SECRET)
    if secret.endpoint_url:
        try:
            endpoint = urlsplit(secret.endpoint_url)
            safe = endpoint.scheme == "https" or (endpoint.scheme == "http" and endpoint.hostname in _THIS_MACHINE)
            safe = safe and endpoint.password is None
        except ValueError:
            safe = False
        if not safe:
            raise SourceError(
                NO_SECRET,
                "the endpoint_url isn't one that is safe to use",
                "write https://…, without a password: over http anybody on the way reads the files.",
            )
    files = S3FileSystem(
        session=_SESSION,
        key=secret.access_key,
        secret=secret.secret_key,
        token=secret.session_token or None,
        endpoint_url=secret.endpoint_url or None,
        client_kwargs={"region_name": secret.region or "eu-west-2"},
        # We try again ourselves, and only where it can help; each layer doing so would wait minutes for a dead server.
        config_kwargs={
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": ANSWER_SECONDS,
            "retries": {"total_max_attempts": 1},
            "signature_version": "s3v4",
        },
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    files.retries = 1
    return _S3Source(files, f"{url.host}/{url.path}".rstrip("/"))


class _S3Source(Source):
    tells_upload = True

    def _entries(self, folder: str) -> list[dict[str, Any]]:
        """All keys below the prefix at once: a store has no folders, and asking for each one costs a request."""
        found: dict[str, dict[str, Any]] = self._files.find(folder, detail=True)
        return [entry for entry in found.values() if entry["type"] == "file"]

    def read(self, file: Listed) -> Iterator[bytes]:
        # A read is of one version: s3fs asks for the etag it met on opening, and the store refuses if it changed.
        with self._files.open(file.path, "rb", block_size=BLOCK, cache_type="readahead") as source:
            yield from whole(source, file.bytes)

    def close(self) -> None:
        client = getattr(self._files, "_s3", None)
        if client is not None:
            self._files.close_session(self._files.loop, client)
