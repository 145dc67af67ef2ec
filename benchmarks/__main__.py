"""`make bench`: every bar of the project, one line each."""

import shutil
import tempfile
from pathlib import Path

from benchmarks import core, demo, intake, late_return, memory, readers, returns
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.warehouse.connect import destroy_embedded


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="pact-bench-"))
    folder.chmod(0o711)  # the server runs as another user and must reach its folder
    settings = Settings(home=folder / "home", contracts=CHECKOUT / "data_contracts")
    try:
        bars = [
            *demo.measure(settings.home),
            *late_return.measure(settings),
            *core.measure(settings),
            *readers.measure(settings),
            *intake.measure(),
            *memory.measure(),
            *returns.measure(),
        ]
        for bar in bars:
            print(bar)
    finally:
        destroy_embedded(settings)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
