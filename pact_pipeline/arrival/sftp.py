"""SFTP, for servers whose host key we know. Imported only when a supplier has such a place.

fsspec's own SFTP takes any host key it meets, so that whoever stands between is given our password and may give us any
file. Here the key is compared with the known_hosts file before anything of ours is sent.
"""

import logging
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paramiko  # type: ignore[import-untyped]
from fsspec import AbstractFileSystem  # type: ignore[import-untyped]
from fsspec.implementations.sftp import SFTPFileSystem  # type: ignore[import-untyped]

from pact_pipeline.arrival.credentials import Credentials, read_closed
from pact_pipeline.arrival.source import Listed, Source
from pact_pipeline.arrival.source_errors import (
    FILE_GROWING,
    HOST_KEY_CHANGED,
    HOST_KEY_UNKNOWN,
    LOST,
    NO_SECRET,
    SourceError,
)
from pact_pipeline.suppliers.source_url import SourceUrl

CONNECT_SECONDS = 10
ANSWER_SECONDS = 30
_PIECE = 32 * 1024  # the most that every server answers at once
_AT_ONCE = 32  # pieces asked for before the first is there: hides the line's delay, and takes a megabyte
_LOG = "pact_pipeline.arrival.paramiko"


def open_sftp(url: SourceUrl, secret: Credentials, known_hosts: Path) -> Source:
    """Connect, verify the host, log in. Raises PlaceTrouble, and what paramiko and sockets raise."""
    user = url.user or secret.user
    if not user:
        raise SourceError(NO_SECRET, "no user is named for this place", "write sftp://user@host/path.")
    key = _private_key(secret)
    if key is None and not secret.password:
        raise SourceError(NO_SECRET)
    transport = paramiko.Transport(socket.create_connection((url.host, url.port), CONNECT_SECONDS))
    try:
        # paramiko writes every failure to its log with a traceback; we tell it once, in our words.
        for name in (_LOG, f"{_LOG}.sftp"):
            logging.getLogger(name).disabled = True
        transport.set_log_channel(_LOG)
        transport.auth_timeout = CONNECT_SECONDS
        transport.banner_timeout = 2 * CONNECT_SECONDS  # ours comes first, and says that it was time
        _verify_host(transport, url, known_hosts)
        if key is not None:
            transport.auth_publickey(user, key)
        else:
            transport.auth_password(user, secret.password)
        client = paramiko.SFTPClient.from_transport(transport)
        if client is None:
            raise SourceError(LOST)
        client.get_channel().settimeout(ANSWER_SECONDS)
    except BaseException:
        transport.close()
        raise
    return _SftpSource(client, transport, url.path)


def _private_key(secret: Credentials) -> Any:
    if not secret.private_key_file:
        return None
    path = secret.folder / Path(secret.private_key_file).expanduser()
    try:
        read_closed(path, "the private key file")
        return paramiko.PKey.from_path(path, secret.passphrase.encode() or None)
    except SourceError:
        raise
    except Exception as error:  # noqa: BLE001, RUF100 - the library raises a dozen unrelated kinds
        problem = type(error).__name__
    raise SourceError(
        NO_SECRET,
        f"the private key file {path} can't be used ({problem})",
        "see that it is there, that it is an OpenSSH key, and that its passphrase stands in the secrets file.",
    )


def _verify_host(transport: Any, url: SourceUrl, known_hosts: Path) -> None:
    """Begin to talk, and go on only if the server has proved to own a key that we know."""
    # As OpenSSH writes it: the port stands there only if it isn't the usual one.
    host = url.host if url.port == 22 else f"[{url.host}]:{url.port}"
    known, revoked = _known_keys(known_hosts, host)
    options = transport.get_security_options()
    # A server has a key of each kind, and shows the first that we ask for: ask for one that we can compare.
    ours = [kind for kind in options.key_types if any(_same_kind(kind, key.get_name()) for key in known)]
    options.key_types = [*ours, *(kind for kind in options.key_types if kind not in ours)]
    transport.start_client(timeout=CONNECT_SECONDS)
    if not transport.initial_kex_done:
        raise TimeoutError
    shown = transport.get_remote_server_key()
    line = f"{host} {shown.get_name()} {shown.get_base64()}"
    if shown.get_base64() in revoked:
        raise SourceError(HOST_KEY_CHANGED, f"the server's host key ({shown.fingerprint}) is marked as revoked")
    if not known:
        raise SourceError(
            HOST_KEY_UNKNOWN,
            mend=f"ask the supplier by another way for the key's fingerprint. Only if it is {shown.fingerprint}, add to"
            f" {known_hosts} the line: {line}",
        )
    if all(key.asbytes() != shown.asbytes() for key in known):
        raise SourceError(
            HOST_KEY_CHANGED,
            mend="ask the supplier by another way whether the key was changed. Only if its fingerprint is now"
            f" {shown.fingerprint}, replace the lines of {host} in {known_hosts} by: {line}",
        )


def _known_keys(path: Path, host: str) -> tuple[list[Any], set[str]]:
    """The keys that the file has for a host, and the base64 of every key marked as revoked."""
    problem = ""
    known: list[Any] = []
    revoked: set[str] = set()
    try:
        for line in path.read_text("utf-8").splitlines():
            words = line.split()
            if words[:1] == ["@revoked"]:
                revoked |= set(words[2:])
            elif words and not words[0].startswith(("#", "@")):
                entry = paramiko.hostkeys.HostKeyEntry.from_line(line.strip())
                hosts = paramiko.HostKeys()
                if entry is not None and hosts._hostname_matches(host, entry):
                    known.append(entry.key)
    except FileNotFoundError:
        return [], set()
    except Exception as error:  # noqa: BLE001, RUF100 - a broken line raises one of several kinds
        problem = type(error).__name__
    if problem:
        raise SourceError(
            HOST_KEY_UNKNOWN,
            f"the known_hosts file {path} can't be read ({problem}), so nothing was sent to the server",
            "mend it: each line is a host, a kind of key and the key, as 'ssh-keyscan' writes them.",
        )
    return known, revoked


def _same_kind(asked: str, key: str) -> bool:
    """An RSA key is called ssh-rsa in a file, and after its signature's hash when two ends agree."""
    return asked == key or (key == "ssh-rsa" and asked.startswith("rsa-sha2-"))


class _VerifiedSftp(SFTPFileSystem):  # type: ignore[misc]
    """fsspec's file system over a connection that is open and verified already; it holds no secret."""

    cachable = False

    def __init__(self, client: Any) -> None:
        AbstractFileSystem.__init__(self)
        self.ftp = client

    def ls(self, path: str, detail: bool = False, **_: Any) -> list[Any]:
        entries = []
        for found in self.ftp.listdir_attr(path):
            full = f"{path.rstrip('/')}/{found.filename}"
            link = stat.S_ISLNK(found.st_mode or 0)
            if link:
                try:
                    found = self.ftp.stat(full)
                except OSError:
                    entries.append({"name": full, "type": "other", "size": 0, "islink": True})
                    continue
            mode = found.st_mode or stat.S_IFREG
            kind = "directory" if stat.S_ISDIR(mode) else "file" if stat.S_ISREG(mode) else "other"
            entry = {"name": full, "type": kind, "size": found.st_size or 0, "islink": link}
            entries.append(entry | ({"mtime": found.st_mtime} if found.st_mtime else {}))
        return entries if detail else [entry["name"] for entry in entries]


def _ask(source: Any, pieces: list[tuple[int, int]]) -> None:
    """Ask for pieces of a file (offset, length) that will be read in this order.

    paramiko asks in a thread of its own, which prints a traceback when the connection is lost; we ask in ours.
    """
    source._prefetching, source._prefetch_done = True, False
    source._prefetch_thread(pieces, None)


class _SftpSource(Source):
    written_in_place = True

    def __init__(self, client: Any, transport: Any, root: str) -> None:
        super().__init__(_VerifiedSftp(client), root)
        self._client, self._transport = client, transport

    def read(self, file: Listed) -> Iterator[bytes]:
        with self._client.open(file.path, "rb") as source:
            for begin in range(0, file.bytes, _PIECE * _AT_ONCE):
                end = min(begin + _PIECE * _AT_ONCE, file.bytes)
                _ask(source, [(at, min(_PIECE, end - at)) for at in range(begin, end, _PIECE)])
                piece = source.read(end - begin)
                if len(piece) != end - begin:
                    raise SourceError(FILE_GROWING)
                yield piece
            after = source.stat()
            if after.st_size != file.bytes:
                raise SourceError(FILE_GROWING)

    def close(self) -> None:
        self._client.close()
        self._transport.close()
        # Its thread ends when it sees that the socket is closed.
        self._transport.join(ANSWER_SECONDS)
