"""The rooms of the house: what a layer may import stands in one list, and data flow one way."""

import ast
import graphlib
import re
from collections.abc import Iterator
from pathlib import Path

import pact_pipeline

PACKAGE = Path(pact_pipeline.__file__).parent
FOUNDATION = {"failures", "settings", "periods", "disk", "clock", "submission_state", "pathway", "fingerprints"}
"""What every room may import: failures people see, where things lie, periods, errors of the disk, the clocks, what becomes of
a submission, the words of the pathway, what a fingerprint counts."""
MAY_IMPORT = {
    "failures": set(),
    "settings": {"failures"},
    "periods": set(),
    "submission_state": set(),
    "pathway": set(),
    "fingerprints": set(),
    "disk": {"failures"},
    "clock": {
        "failures",
        "settings",
        "periods",
        "disk",
        "contracts",
    },  # a home of before it had a clock: when it was due
    # Beside the flow: what is promised and who sends it, whose a home is.
    "contracts": {"failures", "periods"},
    "suppliers": {*FOUNDATION, "contracts"},
    "reference": FOUNDATION,
    "home": FOUNDATION,
    "engines": FOUNDATION,
    # The flow. The database that holds the ledger is the warehouse's.
    "warehouse": {*FOUNDATION, "contracts", "home"},
    "ledger": {*FOUNDATION, "warehouse"},
    "arrival": {*FOUNDATION, "contracts", "suppliers", "ledger"},
    "lake": {*FOUNDATION, "contracts", "ledger"},
    "intake": {*FOUNDATION, "contracts", "suppliers", "reference", "ledger", "arrival", "lake"},
    "linkage": {*FOUNDATION, "ledger", "lake"},
    "core": {*FOUNDATION, "contracts", "engines", "lake"},
    "measures": {*FOUNDATION, "reference", "engines", "core"},
    "release": FOUNDATION,
    "reports": {*FOUNDATION, "reference", "release"},
    # What people use beside it.
    "desk": {*FOUNDATION, "contracts", "suppliers", "ledger", "arrival", "intake"},
    "onboarding": {*FOUNDATION, "contracts", "suppliers", "ledger", "intake"},
    "generator": {*FOUNDATION, "contracts", "suppliers", "reference", "arrival"},
    "arrivals_calendar": {*FOUNDATION, "contracts", "suppliers", "ledger", "arrival", "reports"},
}
MAY_IMPORT["flows"] = set(MAY_IMPORT) - {"desk", "onboarding", "generator"}
MAY_IMPORT["orchestration"] = {*MAY_IMPORT["flows"], "flows"}
MAY_IMPORT["cli"] = set(MAY_IMPORT)
INTAKE = ("reading", "mapping", "judging", "feedback", "runs")
"""The floors of intake; each imports those before it alone."""


def modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    del found[""]
    return found


def imports(path: Path) -> Iterator[str]:
    """What a module imports of ours and of others, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name


def graph() -> dict[str, set[str]]:
    """By module of ours: the modules of ours that it imports."""
    known = modules()
    found: dict[str, set[str]] = {}
    for name, path in known.items():
        targets = set()
        for imported in imports(path):
            ours = imported.removeprefix("pact_pipeline.")
            if ours != imported:
                targets.add(ours if ours in known else ours.rpartition(".")[0])
        found[name] = targets - {name, ""}
    return found


def room(module: str) -> str:
    first = module.partition(".")[0]
    return "orchestration" if first == "definitions" else first  # where Dagster looks for it


def test_every_room_is_in_the_list_and_nothing_else() -> None:
    assert {room(module) for module in modules()} == set(MAY_IMPORT)


def test_a_room_imports_only_what_it_may() -> None:
    wrong = [
        f"{module} imports {target}"
        for module, targets in graph().items()
        for target in targets
        if room(target) != room(module) and room(target) not in MAY_IMPORT[room(module)]
    ]
    assert wrong == []


def test_the_list_itself_leads_one_way() -> None:
    list(graphlib.TopologicalSorter(MAY_IMPORT).static_order())


def test_no_module_imports_itself_by_way_of_others() -> None:
    list(graphlib.TopologicalSorter(graph()).static_order())


def test_intake_flows_from_reading_to_runs() -> None:
    wrong = []
    for module, targets in graph().items():
        floors = [name.split(".")[1] for name in (module, *targets) if name.startswith("intake.")]
        if module.startswith("intake."):
            wrong += [f"{module} imports {one}" for one in floors if INTAKE.index(one) > INTAKE.index(floors[0])]
    assert wrong == []


def test_dagster_is_known_to_orchestration_alone() -> None:
    knows = {
        module
        for module, path in modules().items()
        if any(name.partition(".")[0].startswith("dagster") for name in imports(path))
    }
    assert {room(module) for module in knows} == {"orchestration"}


def test_every_module_that_a_text_names_exists() -> None:
    names = {path.name for path in PACKAGE.rglob("*.py")}
    named = {
        (path.name, name) for path in PACKAGE.rglob("*.py") for name in re.findall(r"`(\w+\.py)`", path.read_text())
    }
    assert {(where, name) for where, name in named if name not in names} == set()
