"""The secrets that open suppliers' places: from the environment, else from the secrets file. They go nowhere else.

The file (`PACT_SECRETS_FILE`, default PACT_HOME/keys/secrets.yaml, mode 0600) has an entry a supplier:
`GLG: {password: …}`, `FIF: {private_key_file: fife.key}`, `EDH: {access_key: …, secret_key: …, endpoint_url: …}`.
`PACT_SECRET_GLG_PASSWORD` and the like win over it.
"""

import os
import stat
from dataclasses import dataclass, field, fields
from pathlib import Path

import yaml

from pact_pipeline.arrival.source_errors import NO_SECRET, SourceError
from pact_pipeline.settings import Settings


@dataclass(frozen=True, repr=False)
class Credentials:
    """What one supplier's place asks for; '' where nothing was given. It is never printed, whatever prints it."""

    user: str = ""
    password: str = ""
    private_key_file: str = ""
    passphrase: str = ""
    access_key: str = ""
    secret_key: str = ""
    session_token: str = ""
    endpoint_url: str = ""
    region: str = ""
    folder: Path = field(default_factory=Path)

    def __repr__(self) -> str:
        return "Credentials(not shown)"

    def __reduce__(self) -> str:
        raise TypeError("credentials stay in the process that read them")


FIELDS = tuple(one.name for one in fields(Credentials) if one.name != "folder")


def credentials_of(settings: Settings, supplier: str) -> Credentials:
    """The secrets of a supplier. Raises PlaceTrouble ARRIVAL-017 for a file that can't be used."""
    path = settings.secrets_file
    found = _from_file(path, supplier)
    prefix = f"PACT_SECRET_{supplier.upper().replace('-', '_')}_"
    found |= {name: os.environ[prefix + name.upper()] for name in FIELDS if os.environ.get(prefix + name.upper())}
    return Credentials(**found, folder=path.parent)


def read_closed(path: Path, called: str) -> bytes:
    """The bytes of a file that only we may read. Raises PlaceTrouble ARRIVAL-017 where others may, FileNotFoundError."""
    problem = ""
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if stat.S_ISREG(found.st_mode) and not found.st_mode & 0o077 and found.st_uid in (os.geteuid(), 0):
                return file.read()
    except FileNotFoundError:
        raise
    except OSError as error:
        problem = type(error).__name__
    if problem:
        raise SourceError(NO_SECRET, f"{called} {path} can't be read ({problem})", "let our user read it.")
    raise SourceError(
        NO_SECRET, f"{called} {path} may be read or changed by others, so it isn't used", f"run: chmod 600 {path}"
    )


def _from_file(path: Path, supplier: str) -> dict[str, str]:
    try:
        data = read_closed(path, "the secrets file")
    except FileNotFoundError:
        return {}
    line, document = 0, None
    try:
        document = yaml.safe_load(data) or {}
    except yaml.YAMLError as error:
        # Its text quotes the line that it can't read.
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
    except ValueError:
        line = 1
    if line:
        raise _unusable(path, f"can't be read as YAML near line {line}")
    if not isinstance(document, dict):
        raise _unusable(path, "doesn't have an entry for each supplier")
    entry = document.get(supplier, {})
    if not isinstance(entry, dict) or not set(entry) <= set(FIELDS):
        # A name that we don't know isn't quoted: a password with a colon after it reads like one.
        raise _unusable(path, f"has an entry for {supplier} with something else than {', '.join(FIELDS)}")
    if not all(isinstance(value, str) for value in entry.values()):
        raise _unusable(path, f"has a value for {supplier} that is no text: put it into quotation marks")
    return dict(entry)


def _unusable(path: Path, what: str) -> SourceError:
    return SourceError(
        NO_SECRET,
        f"the secrets file {path} {what}",
        "mend it; an entry is written like  GLG: {password: '…'}  or  EDH: {access_key: '…', secret_key: '…'}",
    )
