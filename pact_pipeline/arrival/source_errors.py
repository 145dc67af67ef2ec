"""What can be wrong with a supplier's place or with a file in it: each a kind with a stable code, words and a mend.

Here: the kinds, and which of them an exception of a library stands for. Not here: remembering them (`ledger.source_memory`).
No exception of a library goes further than this, as its text may hold whatever the server or a secrets file said.
"""

import errno
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pact_pipeline.failures import PactFailure

LONGEST_NAME = 120


@dataclass(frozen=True)
class Kind:
    """A kind of trouble. `can_retry`: whether the same thing tried again a moment later may go well."""

    code: str
    what: str
    mend: str
    can_retry: bool = False
    of_file: bool = False


_AGAIN = "nothing, if it ends by itself: we look again every time; else ask the supplier whether the server is up."
_KINDS = (
    HOST_NOT_FOUND := Kind(
        "ARRIVAL-010",
        "no server of that name is known",
        "check the name in the supplier's URL, and this machine's name service.",
    ),
    REFUSED := Kind("ARRIVAL-011", "the server takes no connection", _AGAIN, can_retry=True),
    TIMED_OUT := Kind("ARRIVAL-012", "the server doesn't answer in time", _AGAIN, can_retry=True),
    LOST := Kind("ARRIVAL-013", "the connection to the server was lost", _AGAIN, can_retry=True),
    HOST_KEY_UNKNOWN := Kind(
        "ARRIVAL-014",
        "the server's host key isn't known to us, so nothing was sent to it",
        "ask the supplier for the key's fingerprint by another way, compare, and add the key to the known_hosts file.",
    ),
    HOST_KEY_CHANGED := Kind(
        "ARRIVAL-015",
        "the server's host key isn't the one we know: it may be another server, so nothing was sent to it",
        "ask the supplier by another way whether the key was changed; only then put the new one into the"
        " known_hosts file.",
    ),
    LOGIN_REFUSED := Kind(
        "ARRIVAL-016",
        "the server doesn't accept our user or secret",
        "put the right secret into the secrets file. Until that file changes it is tried once an hour, as more would"
        " lock the account; 'pact arrivals' tries at once.",
    ),
    NO_SECRET := Kind(
        "ARRIVAL-017",
        "there is no usable secret for this supplier",
        "put one into the secrets file under the supplier's key, or into the environment.",
    ),
    FOLDER_GONE := Kind(
        "ARRIVAL-018",
        "the folder isn't there",
        "ask the supplier where the files are now, and write that into its URL.",
    ),
    NOT_A_FOLDER := Kind(
        "ARRIVAL-027",
        "a file stands where the folder should be",
        "move it into a folder of that name, or mend the supplier's URL.",
    ),
    FOLDER_CLOSED := Kind(
        "ARRIVAL-019",
        "we aren't allowed to look into the folder",
        "ask whoever runs the server to let our user read it.",
    ),
    NOT_TRUSTED := Kind(
        "ARRIVAL-020",
        "the server's certificate isn't trusted, so nothing was sent to it",
        "ask whoever runs the server for a valid certificate, or add its issuer to this machine's.",
    ),
    BAD_URL := Kind("ARRIVAL-021", "the URL can't be used", "write it as the supplier's file describes."),
    OTHER := Kind("ARRIVAL-022", "the place couldn't be read", "look at the server with another program, as our user."),
    FILE_LOST := Kind(
        "ARRIVAL-023",
        "the connection was lost in the middle of a file; nothing of it was kept",
        "nothing, if it ends by itself: the file is read again at the next look.",
        can_retry=True,
        of_file=True,
    ),
    FILE_GROWING := Kind(
        "ARRIVAL-024",
        "a file is still being written, and is left until it is whole",
        "nothing; if it stays so, ask the supplier to send it again.",
        of_file=True,
    ),
    FILE_CLOSED := Kind(
        "ARRIVAL-025",
        "a file or subfolder can't be read by us",
        "ask whoever runs the place to let our user read it, or the supplier to send the file again.",
        of_file=True,
    ),
    FILE_LINK := Kind(
        "ARRIVAL-026",
        "a link leads out of the supplier's place or to nowhere, and isn't followed",
        "put the file itself there.",
        of_file=True,
    ),
    FILE_SPECIAL := Kind(
        "ARRIVAL-028",
        "a pipe, socket or device stands where a file should be, and isn't opened",
        "ask the supplier to put a file there.",
        of_file=True,
    ),
)  # fmt: skip
KINDS = {kind.code: kind for kind in _KINDS}


class SourceError(PactFailure):
    """A trouble met at a place. `what` and `mend` may say more than the kind's own words, but never a secret."""

    def __init__(self, kind: Kind, what: str = "", mend: str = "") -> None:
        self.kind = kind
        super().__init__(kind.code, what or kind.what, mend=mend or kind.mend)


@dataclass(frozen=True)
class OpenSourceError:
    """A trouble as it is told. `path` is '' for the place as a whole. `state` says whether it was told before."""

    supplier: str
    url: str
    path: str
    kind: Kind
    what: str
    mend: str
    since: datetime
    state: Literal["new", "standing", "ended"]

    @property
    def code(self) -> str:
        return self.kind.code

    def message(self, *, with_file: bool) -> str:
        """One line. Without the file's name (somebody's may stand in it) where the line is kept, as in Dagster's log."""
        where = f"{self.supplier}, {self.url}"
        if self.path:
            where += f", {shown(self.path)}" if with_file else ", 'pact arrivals' names the file"
        return str(PactFailure(self.code, f"{self.what}.", where=where, mend=self.mend))


def shown(name: str) -> str:
    """A name or path as one safe piece of a line: quoted, signs that would break the line escaped, cut if very long.

    Of a long path the end is kept, as the file's name stands there.
    """
    return repr(name if len(name) <= LONGEST_NAME else f"…{name[-LONGEST_NAME:]}")


def source_error_of(error: BaseException, *, of_file: bool = False) -> SourceError:
    """Our words for whatever a library raised. Holds on to nothing of it but the type's name.

    `of_file`: while reading one file of a place that could be listed.
    """
    if isinstance(error, SourceError):
        return error
    met = list(_chain(error))
    if any(isinstance(one, socket.gaierror) for one in met):
        return SourceError(HOST_NOT_FOUND)
    if _is(met, ssl.SSLError, names=("SSLError", "ClientConnectorCertificateError")):
        return SourceError(NOT_TRUSTED)
    if _is(met, names=("AuthenticationException",)) or _said(met) & _LOGIN_WORDS:
        return SourceError(LOGIN_REFUSED)
    if _is(met, TimeoutError, names=("ConnectTimeoutError", "ReadTimeoutError", "ServerTimeoutError")):
        return SourceError(FILE_LOST if of_file else TIMED_OUT)
    unreachable = any(isinstance(one, OSError) and one.errno in _UNREACHABLE for one in met)
    if unreachable or _is(met, ConnectionRefusedError, names=("EndpointConnectionError", "ClientConnectorError")):
        return SourceError(FILE_LOST if of_file else REFUSED)
    if _is(met, EOFError, ConnectionError, names=_LOST_NAMES):
        return SourceError(FILE_LOST if of_file else LOST)
    if _is(met, PermissionError):
        return SourceError(FILE_CLOSED if of_file else FOLDER_CLOSED)
    if _is(met, FileNotFoundError, NotADirectoryError):
        return SourceError(FILE_GROWING if of_file else FOLDER_GONE)
    what = FILE_CLOSED if of_file else OTHER
    return SourceError(what, f"{what.what} ({type(error).__name__})")


_LOGIN_WORDS = frozenset({
    "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "AuthFailure", "InvalidClientTokenId",
    "RequestTimeTooSkewed",
})  # fmt: skip
_LOST_NAMES = (
    "SSHException", "ServerDisconnectedError", "ClientPayloadError", "IncompleteRead", "IncompleteReadError",
    "ConnectionClosedError", "ResponseStreamingError", "HTTPClientError", "FSTimeoutError", "ClientOSError",
)  # fmt: skip
_UNREACHABLE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception with all that it was made from: what a library wraps tells more than the wrapping."""
    seen: set[int] = set()
    todo = [error]
    while todo:
        one = todo.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo += [one.__cause__, one.__context__]


def _is(met: list[BaseException], *types: type[BaseException], names: tuple[str, ...] = ()) -> bool:
    """Whether one of them is of these types. By name where importing the library would cost every look half a second."""
    return any(isinstance(one, types) or any(kind.__name__ in names for kind in type(one).__mro__) for one in met)


def _said(met: list[BaseException]) -> set[str]:
    """The error codes of an S3 store's answers."""
    answers: list[Any] = [getattr(one, "response", None) for one in met]
    return {
        str(answer["Error"].get("Code"))
        for answer in answers
        if isinstance(answer, dict) and isinstance(answer.get("Error"), dict)
    }
