"""One-time links: by opening one, a person gets a session, and the UI knows who it is.

A link is a file in `DAGSTER_HOME/ui/links`, named by the hash of its token. Whose it is, is whose the file is: nobody can
write one in another's name, so that everybody mints his own (`pact ui link`). It holds for ten minutes and for one use.
Not here: links of people who have no account on this machine (`login_links`).
"""

import hashlib
import os
import pwd
import secrets
from pathlib import Path

from pact_pipeline.clock import now
from pact_pipeline.disk import told_as_disk
from pact_pipeline.settings import Settings, restricted_folder

HOLDS_SECONDS = 600
TOKEN_BYTES = 32
ENTER = "/enter/"


def mint(settings: Settings) -> str:
    """A token for the person who runs this. Raises PactFailure DISK-001 where it can't be written."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    folder = links_folder(settings)
    with told_as_disk("making a link to the UI", folder):
        restricted_folder(folder)
        descriptor = os.open(folder / hash_of_token(token), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.close(descriptor)
    return token


def redeem(folder: Path, token: str) -> str | None:
    """Whose link it is, by login name; None where there is none, or it is too old. It is used up."""
    path = folder / hash_of_token(token)
    try:
        found = path.lstat()
        path.unlink()  # of two that come at once, one finds it gone
    except FileNotFoundError:
        return None
    if now().timestamp() - found.st_mtime > HOLDS_SECONDS:
        return None
    try:
        return pwd.getpwuid(found.st_uid).pw_name
    except KeyError:
        return f"uid {found.st_uid}"


def links_folder(settings: Settings) -> Path:
    return settings.dagster_home / "ui" / "links"


def hash_of_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
