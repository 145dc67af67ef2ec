"""`home.json`: which home a folder is, and where it lay when it was last used. Read and written here only."""

import json
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pact_pipeline.disk import write_text_whole
from pact_pipeline.failures import PactFailure

NOTE = "home.json"
Warehouse = Literal["", "embedded", "url"]


@dataclass(frozen=True)
class Whereabouts:
    """A place where a home lies: the machine's name, the folder's path and its inode. No device number: those change when
    a machine starts anew."""

    host: str
    path: str
    inode: int

    @classmethod
    def of(cls, folder: Path) -> "Whereabouts":
        """Where a folder lies now. Raises PactFailure HOME-002 where it is gone: it was moved under a running program."""
        real = folder.resolve()
        try:
            inode = real.stat().st_ino
        except OSError:
            raise PactFailure(
                "HOME-002",
                "there is no home here any more",
                where=str(folder),
                mend="set PACT_HOME to the folder where your home lies now.",
            ) from None
        return cls(socket.gethostname(), str(real), inode)

    def __str__(self) -> str:
        return self.path if self.host == socket.gethostname() else f"{self.path} on {self.host}"


@dataclass(frozen=True)
class Home:
    """What the note says. `at`: where the home lies, a line for each machine that was joined. `formerly`: the ids of the
    homes it is a copy of, which its copy of the database bears until the first connection. `warehouse`: which kind it has,
    '' before there is one."""

    home_id: str
    at: tuple[Whereabouts, ...]
    formerly: tuple[str, ...] = ()
    warehouse: Warehouse = ""


def read_note(folder: Path) -> Home | None:
    """The note of a folder; None where there is none. Raises PactFailure HOME-004 where it can't be understood."""
    try:
        text = (folder / NOTE).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        raise PactFailure(
            "HOME-003",
            f"the home can't be entered ({problem.strerror})",
            where=str(folder),
            mend="run as its owner, or see to the folder's permissions.",
        ) from None
    try:
        said: dict[str, Any] = json.loads(text)
        return Home(
            str(said["id"]),
            tuple(Whereabouts(str(one["host"]), str(one["path"]), int(one["inode"])) for one in said["at"]),
            tuple(map(str, said["formerly"])),
            said["warehouse"],
        )
    except (ValueError, KeyError, TypeError):
        raise PactFailure(
            "HOME-004",
            "the note that says which home this is can't be understood",
            where=str(folder / NOTE),
            mend="put it back from the backup.",
        ) from None


def write_note(folder: Path, home: Home) -> None:
    """Write the note, whole or not at all. Raises PactFailure HOME-003 where the disk refuses."""
    said = {
        "what": "A home of the national permanence pipeline. Keep this file: by it a copy is told from the original.",
        "id": home.home_id,
        "at": [asdict(one) for one in home.at],
        "formerly": home.formerly,
        "warehouse": home.warehouse,
    }
    try:
        write_text_whole(folder / NOTE, json.dumps(said, indent=1) + "\n", mode=0o600)
    except OSError as problem:
        raise PactFailure(
            "HOME-003",
            f"a home can't be written here ({problem.strerror})",
            where=str(folder),
            mend="see to the folder's permissions and the disk's room, or set PACT_HOME to another folder.",
        ) from None
