"""What README prints, beside what a demo home says: `python -m benchmarks.readme [--write]`, with PACT_HOME.

Each block of SQL is run as analyst, and each block that begins with `$ pact demo` holds lines that the demo prints at its end.
Prints what differs, or (`--write`) puts it into README. Ends with 1 where something differed.
"""

import io
import re
import subprocess
import sys
from collections.abc import Callable

from rich.console import Console

from pact_pipeline.cli.demo import tell_outcome
from pact_pipeline.clock import home_clock
from pact_pipeline.home import open_home
from pact_pipeline.ledger import Ledger
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.warehouse.connect import proven_url, psql_command, warehouse_engine

README = CHECKOUT / "README.md"
SQL = re.compile(r"```sql\n(.*?)```\n\n```\n(.*?)```", re.DOTALL)
DEMO = re.compile(r"```\n\$ make demo\n…\n(.*?)```", re.DOTALL)


def answers(settings: Settings, text: str) -> str:
    """README as it should be: every printed answer as the home gives it."""
    command, environment = psql_command(proven_url(settings, "analyst"))

    def asked(found: re.Match[str]) -> str:
        done = subprocess.run(
            [*command, "-X", "-v", "ON_ERROR_STOP=1", "-c", found[1]],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        said = "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines())
        return f"```sql\n{found[1]}```\n\n```\n{said}\n```"

    told = _told_by_the_demo(settings)

    def printed(found: re.Match[str]) -> str:
        first = found[1].splitlines()[0].partition(":")[0]
        lines = [line for line in told if line.startswith(first)]
        return "```\n$ make demo\n…\n" + "\n".join(lines) + "\n```"

    for pattern, answer in ((SQL, asked), (DEMO, printed)):
        text = _each(pattern, answer, text)
    return text


def _each(pattern: re.Pattern[str], answer: Callable[[re.Match[str]], str], text: str) -> str:
    changed, count = pattern.subn(answer, text)
    assert count, f"README has no block like {pattern.pattern}"
    return changed


def _told_by_the_demo(settings: Settings) -> list[str]:
    out = io.StringIO()
    engine = warehouse_engine(settings)
    month = home_clock(settings).last_month_over.key
    tell_outcome(settings, engine, Ledger(engine), Console(file=out, width=200, no_color=True, soft_wrap=True), month)
    return out.getvalue().splitlines()


def main() -> None:
    settings = Settings.from_environment()
    open_home(settings)
    before = README.read_text(encoding="utf-8")
    after = answers(settings, before)
    if "--write" in sys.argv[1:]:
        README.write_text(after, encoding="utf-8")
    for old, new in zip(before.splitlines(), after.splitlines(), strict=False):
        if old != new:
            print(f"- {old}\n+ {new}")
    print("README as printed" if before == after else "README differs")
    sys.exit(0 if before == after else 1)


if __name__ == "__main__":
    main()
