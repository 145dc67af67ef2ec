"""Where a submission's table lies in the lake.

Open tree:       `lake/open/<collection>/<table>/<lake name>.parquet`, refused rows under `<table>__refused`. The lake name
is the submission's id, and for its second judging `<submission_id>~2` (`ledger.lake_name`): files are never written anew.
Restricted tree: the same below `lake/restricted`, every folder mode 0700.
A refused file exists only where rows were refused; a taken file only where the submission was taken.
"""

from dataclasses import dataclass
from pathlib import Path

from pact_pipeline.failures import PactFailure
from pact_pipeline.settings import Settings, restricted_folder

REFUSED = "__refused"


@dataclass(frozen=True)
class LakeFiles:
    """The four files one table of one judging can have."""

    open: Path
    restricted: Path
    open_refused: Path
    restricted_refused: Path

    @classmethod
    def of(cls, settings: Settings, collection: str, table: str, lake_name: str) -> "LakeFiles":
        for part in (collection, table, lake_name):
            _one_folder_name(part)
        name = f"{lake_name}.parquet"
        return cls(
            open=settings.lake_open / collection / table / name,
            restricted=settings.lake_restricted / collection / table / name,
            open_refused=settings.lake_open / collection / f"{table}{REFUSED}" / name,
            restricted_refused=settings.lake_restricted / collection / f"{table}{REFUSED}" / name,
        )

    def all(self) -> tuple[Path, ...]:
        return (self.open, self.restricted, self.open_refused, self.restricted_refused)


def below_home(settings: Settings, path: Path) -> str:
    """A file's path as the ledger has it: below the home, which may be moved."""
    return path.relative_to(settings.home).as_posix()


def prepare_lake(settings: Settings) -> None:
    """Make the two trees; the restricted one is closed to everybody else before anything is written to it."""
    # Open to the pipeline, not to the machine: rows of children stand here too, though under pseudonyms.
    restricted_folder(settings.lake_open.parent)
    settings.lake_open.mkdir(parents=True, exist_ok=True)
    restricted_folder(settings.lake_restricted)


def restricted_subfolder(settings: Settings, folder: Path) -> Path:
    """Make `folder` inside the restricted tree, each level mode 0700."""
    level = settings.lake_restricted
    restricted_folder(level)
    for part in folder.relative_to(settings.lake_restricted).parts:
        level = restricted_folder(level / part)
    return level


def _one_folder_name(part: str) -> None:
    if not part or part.startswith(".") or "/" in part or "\\" in part or "\0" in part:
        raise PactFailure("LAKE-001", "a table or submission has a name that can't be a file name", where=repr(part))
