"""A process that runs intake and can end it at any step: run by `test_crash.py`, a JSON request a line on its input.

It imports everything once and forks for every run, so that a run costs no start. The functions with effects outside of
the process are wrapped here, in the child, by a counter; nothing in the pipeline knows of it. At the chosen step the
child kills itself with SIGKILL (`kill`), or the call fails as on a full disk (`full`).
"""

import errno
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
import xlsxwriter

from pact_pipeline.arrival import discover
from pact_pipeline.contracts import Contracts, load_contracts
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.runs import IntakeContext, take_many
from pact_pipeline.intake.runs.rejudge import decide, judge_again
from pact_pipeline.ledger import Ledger
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers import Supplier
from pact_pipeline.warehouse.connect import engine_for
from pact_pipeline_tests.intake import country

Request = dict[str, Any]


class Steps:
    """Counts the steps of a run and ends it at one of them."""

    def __init__(self, request: Request) -> None:
        self.stop_at, self.how = request.get("stop_at", 0), request.get("how", "kill")
        self.names: list[str] = []

    def step(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self.stop_at and self.how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)

    def wrap(self, owner: Any, name: str, wanted: Callable[..., bool] = lambda *_, **__: True) -> None:
        """Steps before and after a call; on a full disk the call itself fails."""
        real = getattr(owner, name)

        def called(*arguments: Any, **named: Any) -> Any:
            if not wanted(*arguments, **named):
                return real(*arguments, **named)
            self.step(f"before {name}")
            if len(self.names) == self.stop_at and self.how == "full":
                raise OSError(errno.ENOSPC, "No space left on device")
            result = real(*arguments, **named)
            self.step(f"after {name}")
            return result

        setattr(owner, name, called)


def wrap_all(steps: Steps) -> None:
    steps.wrap(os, "open", lambda _, flags, *more, **named: bool(flags & os.O_CREAT))
    for name in ("replace", "fsync", "link"):
        steps.wrap(os, name)
    steps.wrap(pq, "write_table")
    steps.wrap(xlsxwriter.Workbook, "close")
    steps.wrap(Path, "write_text")
    if steps.how == "kill":
        steps.wrap(os, "unlink", lambda path, *more, **named: Path(path).exists())
        sa.event.listen(sa.Engine, "after_cursor_execute", lambda *told: _after_statement(steps, told[2]))
        sa.event.listen(sa.Engine, "commit", lambda _: steps.step("before commit"))
        steps.wrap(Ledger, "register")
        steps.wrap(Ledger, "record")


def _after_statement(steps: Steps, statement: str) -> None:
    words = statement.split()
    if words[:2] == ["INSERT", "INTO"]:
        steps.step(f"after INSERT INTO {words[2]}")


def suppliers_of(contracts: Contracts, request: Request) -> dict[str, Supplier]:
    layout = country.plain_layout(contracts)
    if request.get("mended"):
        children = replace(layout.tables["children"], codes={"sex": {"F": "female"}})
        layout = replace(layout, tables={**layout.tables, "children": children})
    return {key: country.council(key, layout) for key in request.get("suppliers", ["GLG"])}


def run(contracts: Contracts, request: Request) -> dict[str, Any]:
    """One run, in the child."""
    pa.set_cpu_count(1)
    settings = Settings(Path(request["home"]), Path(request["contracts"]))
    suppliers = suppliers_of(contracts, request)
    steps = Steps(request)
    wrap_all(steps)
    told: list[str] = []
    failed = ""
    try:
        ledger = Ledger(engine_for(sa.make_url(request["url"])))
        intake_context = IntakeContext.open(settings, contracts, suppliers)
        if request["action"] == "intake":
            found = discover(settings, contracts, suppliers, ledger)
            ours = [submission for submission in found.submissions if submission.supplier in suppliers]
            take_many(intake_context, ledger, ours, workers=1, tell=told.append)
        elif request["action"] == "again":
            judge_again(intake_context, ledger, [request["submission"]], workers=1, tell=told.append)
        else:
            decide(intake_context, ledger, request["submission"], request["action"], who="a.person", because="a reason")
    except PactFailure as failure:
        failed = str(failure)
    return {"steps": steps.names, "told": told, "failed": failed}


def fork(contracts: Contracts, request: Request) -> tuple[int, int]:
    """Start a run in a child; its process id, and where its answer can be read."""
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        return child, read
    answer: dict[str, Any] = {}
    try:
        answer = run(contracts, request)
    except BaseException:
        answer = {"steps": [], "told": [], "failed": f"UNFORESEEN {traceback.format_exc()}"}
    with os.fdopen(write, "w") as told:
        json.dump(answer, told)
    os._exit(0)


def main() -> None:
    contracts = load_contracts(Path(sys.argv[1]))
    print("ready", flush=True)
    for line in sys.stdin:
        children = [fork(contracts, request) for request in json.loads(line)]
        answers = []
        for child, read in children:
            with os.fdopen(read) as told:
                text = told.read()
            _, status = os.waitpid(child, 0)
            answer = json.loads(text) if text else {"steps": [], "told": [], "failed": ""}
            answers.append({**answer, "killed": os.WIFSIGNALED(status)})
        print(json.dumps(answers), flush=True)


if __name__ == "__main__":
    main()
