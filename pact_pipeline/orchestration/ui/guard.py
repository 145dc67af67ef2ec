"""What every request and WebSocket of the UI must bring: our host, our origin, and a person's session. Pure ASGI.

Any page that a browser has open can send requests to a port of this machine. So a request is served only if it names our
host (no other name can be made to point here), comes from no other origin, and carries the cookie of a person who came in by
a link of his own. A GET changes nothing: GraphQL is answered by POST and WebSocket alone.
"""

import asyncio
import html
import logging
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import unquote

from pact_pipeline.orchestration.ui.links import ENTER, hash_of_token

COOKIE = "pact_session"
SESSION_BYTES = 32
READS = ("GET", "HEAD")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Redeem = Callable[[str], str | None]
"""From a link's token to the person whose it is, once."""
log = logging.getLogger(__name__)

_COME_IN = (
    "This is the control room of the permanence pipeline. Come in by a link of your own: run  pact ui link  as yourself (with a"
    " database login: pact ui link --login), and open what it prints. A link holds for ten minutes and for one use."
)


class Guard:
    """Wraps an ASGI application. `hosts`: the values of the Host header that are ours, as 127.0.0.1:3000."""

    def __init__(self, app: App, hosts: tuple[str, ...], redeem: Redeem) -> None:
        self._app, self._hosts, self._redeem = app, hosts, redeem
        # A browser sends a cookie to every port of a host: those of two UIs must not take each other's place.
        self._cookie = f"{COOKIE}_{hosts[0].rpartition(':')[2]}"
        self._persons: dict[str, str] = {}  # by the hash of the cookie, so that no memory dump opens the UI

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(scope, receive, send, *refusal)
            return
        path = str(scope["path"])
        if scope["type"] == "http" and path.startswith(ENTER):
            await self._enter(send, path.removeprefix(ENTER))
            return
        person = self._person(headers)
        if person is None:
            await _refuse(scope, receive, send, 401, _COME_IN)
            return
        await self._app({**scope, "pact.person": person}, receive, send)

    def _refusal(self, scope: Scope, headers: dict[str, list[str]]) -> tuple[int, str] | None:
        host, origin = headers.get("host", []), headers.get("origin", [])
        if len(host) != 1 or host[0] not in self._hosts:
            return 421, "This host name is not the one of this UI."
        if origin and (len(origin) != 1 or origin[0] not in [f"http://{ours}" for ours in self._hosts]):
            return 403, "Requests from other pages are not served."
        if scope["type"] == "http" and scope["method"] in READS and _is_graphql(scope, headers):
            return 405, "A GET changes nothing here: send GraphQL by POST."
        if scope["type"] == "http" and scope["method"] not in (*READS, "POST"):
            return 405, "Only GET, HEAD and POST are served."
        return None

    def _person(self, headers: dict[str, list[str]]) -> str | None:
        for line in headers.get("cookie", []):
            try:
                cookie = SimpleCookie(line).get(self._cookie)
            except CookieError:
                continue
            if cookie is not None and (person := self._persons.get(hash_of_token(cookie.value))) is not None:
                return person
        return None

    async def _enter(self, send: Send, token: str) -> None:
        person = await asyncio.to_thread(self._redeem, unquote(token))  # it may ask the warehouse
        if person is None:
            await _answer(send, 401, _page("This link was used, or is too old. " + _COME_IN))
            return
        session = secrets.token_urlsafe(SESSION_BYTES)
        self._persons[hash_of_token(session)] = person
        log.info("%s came in", person)
        cookie = f"{self._cookie}={session}; Path=/; HttpOnly; SameSite=Strict"
        # A page that goes on by itself: a cookie that is Strict isn't sent along with a redirect that began elsewhere.
        page = _page(f"Welcome, {person}. Going on to the UI …", '<meta http-equiv="refresh" content="0;url=/">')
        await _answer(send, 200, page, cookie)


def _is_graphql(scope: Scope, headers: dict[str, list[str]]) -> bool:
    # The playground, a page without a query of its own, is let through; it asks by POST.
    return scope["path"].rstrip("/") == "/graphql" and (
        bool(scope.get("query_string")) or not any("text/html" in one for one in headers.get("accept", []))
    )


def _headers(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, words: str) -> None:
    log.warning("refused (%d): %s", status, words[:60])
    if scope["type"] == "websocket":
        await receive()  # websocket.connect
        await send({"type": "websocket.close", "code": 1008})
    else:
        await _answer(send, status, _page(words))


def _page(words: str, head: str = "") -> bytes:
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">{head}<title>Permanence pipeline</title></head>'
        f'<body style="font-family: system-ui, sans-serif; margin: 4rem auto; max-width: 40rem"><p>{html.escape(words)}</p>'
        "</body></html>"
    ).encode()


async def _answer(send: Send, status: int, body: bytes, cookie: str = "") -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"referrer-policy", b"no-referrer"),
    ]
    if cookie:
        headers.append((b"set-cookie", cookie.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
