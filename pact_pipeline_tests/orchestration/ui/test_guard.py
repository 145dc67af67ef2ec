"""Nobody commands the UI but a person who came in by a link of his own, from our own pages."""

import asyncio
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from pact_pipeline.orchestration.ui.guard import COOKIE, Guard

HOST = "127.0.0.1:3000"
OURS = {"host": HOST}


@dataclass
class Ui:
    """A guarded application that notes whom it served, and one link for anna."""

    served: list[tuple[str, str, str]] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=lambda: {"a-token": "anna"})

    def __post_init__(self) -> None:
        self.guard = Guard(self._app, (HOST, "localhost:3000"), lambda token: self.links.pop(token, None))

    async def _app(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        self.served.append((scope.get("method", scope["type"]), scope["path"], scope["pact.person"]))
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"the UI"})

    def ask(
        self, path: str, headers: dict[str, str] | list[tuple[str, str]], method: str = "GET", query: str = ""
    ) -> tuple[int, dict[str, str]]:
        """The status and the headers of the answer."""
        kind = "websocket" if method == "websocket" else "http"
        pairs = headers.items() if isinstance(headers, dict) else headers
        scope = {
            "type": kind, "path": path, "query_string": query.encode(), "method": method,
            "headers": [(name.encode(), value.encode()) for name, value in pairs],
        }  # fmt: skip
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": f"{kind}.connect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        asyncio.run(self.guard(scope, receive, send))
        if kind == "websocket":
            return {"websocket.accept": 101, "websocket.close": sent[0].get("code", 0)}[sent[0]["type"]], {}
        return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}

    def come_in(self) -> dict[str, str]:
        """The headers of a browser in which anna has opened her link."""
        status, headers = self.ask("/enter/a-token", OURS)
        assert status == 200
        cookie, *flags = headers["set-cookie"].split("; ")
        assert cookie.startswith(f"{COOKIE}_3000=")
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} == set(flags)
        return {**OURS, "cookie": cookie}


@pytest.fixture
def ui() -> Ui:
    return Ui()


EVERY_DOOR = [
    ("GET", "/runs"),
    ("GET", "/logs/storage/run/compute_logs/step.err"),
    ("GET", "/download_debug/1234"),
    ("GET", "/notebook"),
    ("POST", "/graphql"),
    ("POST", "/report_asset_materialization/core/journey"),
    ("POST", "/report_asset_check/core/journey"),
    ("websocket", "/graphql"),
]


@pytest.mark.parametrize(("method", "path"), EVERY_DOOR)
def test_a_person_who_came_in_is_served(ui: Ui, method: str, path: str) -> None:
    headers = ui.come_in()
    assert ui.ask(path, headers, method)[0] in (200, 101)
    assert ui.ask(path, {**headers, "origin": f"http://{HOST}"}, method)[0] in (200, 101)
    assert ui.served == [(method, path, "anna")] * 2


@pytest.mark.parametrize(("method", "path"), EVERY_DOOR)
@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"cookie": ""}, 401),
        ({"cookie": f"{COOKIE}_3000=guessed"}, 401),
        ({"cookie": f"{COOKIE}_3000=guessed; ; =,"}, 401),
        ({"host": "evil.example"}, 421),
        ({"host": "127.0.0.1"}, 421),
        ({"host": "127.0.0.1:3001"}, 421),
        ({"host": "127.0.0.1:3000.evil.example"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://127.0.0.1:3000"}, 403),
        ({"origin": "http://127.0.0.1:3001"}, 403),
    ],
    ids=str,
)
def test_nobody_else_is(ui: Ui, method: str, path: str, changed: dict[str, str], status: int) -> None:
    headers = {**ui.come_in(), **changed}
    assert ui.ask(path, headers, method)[0] == (1008 if method == "websocket" else status)
    assert ui.served == []


@pytest.mark.parametrize("twice", ["host", "origin"])
def test_a_heading_that_comes_twice_is_refused(ui: Ui, twice: str) -> None:
    headers = ui.come_in()
    good = {"host": HOST, "origin": f"http://{HOST}"}[twice]
    pairs = [*headers.items(), *([(twice, good)] if twice == "origin" else []), (twice, "evil.example")]
    assert ui.ask("/graphql", pairs, "POST")[0] in (403, 421)
    assert ui.served == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("query", "accept"), [("query=mutation{x}", "*/*"), ("query=mutation{x}", "text/html"), ("", "*/*"), ("", "")]
)
def test_a_get_changes_nothing(ui: Ui, method: str, query: str, accept: str) -> None:
    assert ui.ask("/graphql", {**ui.come_in(), "accept": accept}, method, query)[0] == 405
    assert ui.served == []


def test_the_playground_is_a_page_like_any_other(ui: Ui) -> None:
    assert ui.ask("/graphql", {**ui.come_in(), "accept": "text/html"})[0] == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_no_other_method_is_served(ui: Ui, method: str) -> None:
    assert ui.ask("/runs", ui.come_in(), method)[0] == 405


def test_a_link_holds_for_one_use_and_makes_its_own_session(ui: Ui) -> None:
    ui.links["another"] = "ben"
    anna = ui.come_in()
    status, headers = ui.ask("/enter/another", OURS)
    ben = {**OURS, "cookie": headers["set-cookie"].split("; ")[0]}
    assert ui.ask("/enter/a-token", OURS)[0] == 401
    assert ui.ask("/enter/", OURS)[0] == 401
    assert ui.ask("/enter/a-token", {**OURS, "origin": "http://evil.example"})[0] == 403
    ui.ask("/runs", anna)
    ui.ask("/runs", ben)
    assert [person for _, _, person in ui.served] == ["anna", "ben"]
    assert status == 200


def test_a_refusal_says_how_to_come_in_and_quotes_nothing(ui: Ui) -> None:
    sent: list[bytes] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message.get("body", b""))

    async def receive() -> MutableMapping[str, Any]:
        return {}

    scope = {
        "type": "http", "method": "GET", "path": "/<script>", "query_string": b"", "headers": [(b"host", HOST.encode())],
    }  # fmt: skip
    asyncio.run(ui.guard(scope, receive, send))
    assert b"pact ui link" in sent[1]
    assert b"script" not in sent[1]
