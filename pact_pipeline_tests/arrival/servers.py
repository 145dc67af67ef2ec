"""Real servers on loopback for the tests of arrival: SFTP (asyncssh), S3 (moto), and ones that misbehave."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import asyncssh

USER, PASSWORD = "intake", "correct horse sentinel"


class SftpServer:
    """An SFTP server on a folder. Its faults are switched on by a test.

    `cut_after`: bytes of a file (by name) after which the connection is cut, `cuts_left` times; `closed`: names that may
    not be read or listed; `grows`: names that get longer when they are opened. Counts what clients did.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.client_key: Any = None
        self.port = 0
        self.reset()

    def reset(self) -> None:
        self.cut_after: dict[str, int] = {}
        self.cuts_left = 0
        self.closed: set[str] = set()
        self.grows: set[str] = set()
        self.connections = self.logins = 0
        self.opened: list[str] = []
        self.password = PASSWORD

    @property
    def url(self) -> str:
        return f"sftp://{USER}@127.0.0.1:{self.port}/out"

    def known_hosts_line(self, key: Any = None) -> str:
        public = (key or self.key).export_public_key().decode().split()
        return f"[127.0.0.1]:{self.port} {public[0]} {public[1]}\n"

    @contextmanager
    def running(self) -> Iterator["SftpServer"]:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()

        def call(coroutine: Any) -> Any:
            return asyncio.run_coroutine_threadsafe(coroutine, loop).result(20)

        async def start() -> Any:
            return await asyncssh.listen(
                "127.0.0.1", self.port, server_host_keys=[self.key], server_factory=lambda: _Login(self),
                sftp_factory=lambda channel: _Files(channel, self),
            )  # fmt: skip

        acceptor = call(start())
        self.port = acceptor.get_port()

        async def stop() -> None:
            acceptor.close()
            await acceptor.wait_closed()

        try:
            yield self
        finally:
            call(stop())
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()


class _Login(asyncssh.SSHServer):
    def __init__(self, server: SftpServer) -> None:
        self._server = server

    def connection_made(self, conn: Any) -> None:
        self._server.connections += 1

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._server.logins += 1
        return (username, password) == (USER, self._server.password)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: Any) -> bool:
        self._server.logins += 1
        ours = self._server.client_key
        return ours is not None and key.public_data == ours.public_data


class _Files(asyncssh.SFTPServer):
    def __init__(self, channel: Any, server: SftpServer) -> None:
        self._server = server
        self._names: dict[int, str] = {}
        self._cut = False
        super().__init__(channel, chroot=str(server.root))

    def open(self, path: bytes, pflags: int, attrs: Any) -> Any:
        name = Path(path.decode()).name
        self._server.opened.append(name)
        if name in self._server.closed:
            raise asyncssh.SFTPPermissionDenied("closed")
        if name in self._server.grows:
            real = Path(self.map_path(path).decode())
            real.write_bytes(real.read_bytes() + b"more\r\n")
        found = super().open(path, pflags, attrs)
        self._names[id(found)] = name
        return found

    def read(self, file_obj: Any, offset: int, size: int) -> bytes:
        limit = self._server.cut_after.get(self._names.get(id(file_obj), ""))
        if limit is not None and offset + size > limit and (self._cut or self._server.cuts_left):
            # Several reads are asked for at once: one cut a connection.
            if not self._cut:
                self._server.cuts_left -= 1
            self._cut = True
            self.connection.abort()
            raise asyncssh.SFTPConnectionLost("cut")
        return super().read(file_obj, offset, size)

    async def scandir(self, path: bytes) -> Any:
        if Path(path.decode()).name in self._server.closed:
            raise asyncssh.SFTPPermissionDenied("closed")
        async for entry in super().scandir(path):
            yield entry


@contextmanager
def silent_server() -> Iterator[int]:
    """A port that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def closed_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def s3_that_says(code: str, status: int = 403) -> Iterator[str]:
    """A store that refuses every request with an error code, and repeats what it was sent, as some do."""

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = f"<Error><Code>{code}</Code><Message>{self.headers.get('Authorization')}</Message></Error>".encode()
            _answer(self, status, said)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with _http(Refusing) as url:
        yield url


@contextmanager
def s3_that_cuts(name: str, size: int) -> Iterator[tuple[str, list[str]]]:
    """A store with one object, of which it only ever sends half. Yields the endpoint and the GETs of the object."""
    asked: list[str] = []

    class Cutting(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if "list-type" in self.path:
                return _answer(self, 200, _listing(name, size))
            asked.append(self.path)
            self.send_response(206)
            for header, value in _object_headers(size).items():
                self.send_header(header, value)
            self.end_headers()
            self.wfile.write(b"x" * (size // 2))
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return None

        def do_HEAD(self) -> None:
            self.send_response(200)
            for header, value in _object_headers(size).items():
                self.send_header(header, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with _http(Cutting) as url:
        yield url, asked


def _listing(name: str, size: int) -> bytes:
    return (
        '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>returns</Name>'
        f"<KeyCount>1</KeyCount><IsTruncated>false</IsTruncated><Contents><Key>GLG/{name}</Key>"
        f"<LastModified>2012-09-10T00:00:00.000Z</LastModified><ETag>&quot;e1&quot;</ETag><Size>{size}</Size>"
        "</Contents></ListBucketResult>"
    ).encode()


def _object_headers(size: int) -> dict[str, str]:
    return {"Content-Length": str(size), "ETag": '"e1"', "Last-Modified": "Mon, 10 Sep 2012 00:00:00 GMT"}


def _answer(handler: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/xml")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


@contextmanager
def _http(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join(10)
    server.server_close()
