"""The URL of the place where a supplier's files lie, taken apart. Here because the supplier's file is where a bad one is told.

Places are a folder (`arrivals/GLG`, relative to PACT_HOME, or absolute), `sftp://user@host:port/path` and
`s3://bucket/prefix`. No URL holds a secret: it stands in the supplier's file, in the ledger and in every message.
"""

from dataclasses import dataclass
from urllib.parse import unquote

REMOTE = ("sftp", "s3")
SCHEMES = ("file", "memory", *REMOTE)
"""`memory` is fsspec's store inside the process, for trying things out."""


@dataclass(frozen=True)
class SourceUrl:
    """`host` is the bucket for s3. `path` begins with a slash for sftp, and never for s3."""

    scheme: str
    path: str
    user: str = ""
    host: str = ""
    port: int = 22

    @property
    def remote(self) -> bool:
        return self.scheme in REMOTE


def fault_of(url: str) -> tuple[str, str] | None:
    """What is wrong with a place's URL and how to mend it, or None. Quotes nothing of it: a password may stand anywhere."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return None
    if scheme not in SCHEMES:
        return (
            "the URL is of no kind that we fetch from",
            "write a folder, sftp://user@host/path or s3://bucket/prefix",
        )
    if scheme not in REMOTE:
        return None
    authority, _, path = rest.partition("/")
    user, _, server = authority.rpartition("@")
    if ":" in user or (scheme == "s3" and user):
        return (
            "the URL holds a password",
            "take it out, give the supplier a new one since this one was seen, and put that into the secrets file",
        )
    host, colon, port = server.partition(":")
    well_formed = bool(host) and not (colon and not (scheme == "sftp" and port.isascii() and port.isdigit()))
    # A password with a slash, question mark or hash in it ends up behind the host: it must not pass as a path.
    if not well_formed or any(sign in rest for sign in "?#") or "@" in path:
        return (
            "the URL can't be read as a server and a path",
            "write sftp://user@host:port/path or s3://bucket/prefix, without a password, and %40, %3F and %23 for @, ? and #",
        )
    return None


def taken_apart(url: str) -> SourceUrl:
    """The parts of a URL. Raises ValueError, quoting nothing, for one with a fault (see `fault_of`)."""
    fault = fault_of(url)
    if fault is not None:
        raise ValueError(fault[0])
    scheme, separator, rest = url.partition("://")
    if not separator:
        return SourceUrl("file", url)
    if scheme not in REMOTE:
        return SourceUrl(scheme, rest)
    authority, _, path = rest.partition("/")
    user, _, server = authority.rpartition("@")
    host, _, port = server.partition(":")
    path = unquote(path)
    return SourceUrl(scheme, f"/{path}" if scheme == "sftp" else path.strip("/"), unquote(user), host, int(port or 22))
