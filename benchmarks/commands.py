"""Whether the commands that the documents show can be run: `python -m benchmarks.commands`, with PACT_HOME of a demo.

Each line of a block that begins with three backticks and `sh run` is run by itself, in a folder of its own. Ends with 1 where one
does not end with 0, and prints what it said.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from pact_pipeline.settings import CHECKOUT

BLOCK = re.compile(r"^```sh run\n(.*?)^```", re.DOTALL | re.MULTILINE)
LONGEST = 120.0


def documents() -> list[Path]:
    return [*sorted(CHECKOUT.glob("*.md")), *sorted((CHECKOUT / "docs").rglob("*.md"))]


def commands(document: Path) -> list[str]:
    """The lines to run, without their comments."""
    text = document.read_text(encoding="utf-8")
    lines = [line.partition("#")[0].strip() for block in BLOCK.findall(text) for line in block.splitlines()]
    return [line for line in lines if line]


def main() -> int:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    failed = run = 0
    with tempfile.TemporaryDirectory() as folder:
        for document in documents():
            for command in commands(document):
                run += 1
                done = subprocess.run(
                    ["bash", "-c", command],
                    cwd=folder,
                    env=environment,
                    capture_output=True,
                    text=True,
                    timeout=LONGEST,
                )
                if done.returncode:
                    failed += 1
                    print(f"{document.name}: `{command}` ended with {done.returncode}\n{done.stdout}{done.stderr}")
    print(f"{run} commands of the documents run, {failed} failed")
    return 1 if failed or not run else 0


if __name__ == "__main__":
    sys.exit(main())
