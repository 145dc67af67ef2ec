"""Whether the tests see what is changed in the code: `python -m benchmarks.mutants [--number 320] [--seed 1] [--only core]`.

Each mutant is the code with one thing changed (an operator below), in a copy of the checkout; it is killed when one of its
area's tests fails, and survives when all pass. Prints a line for each survivor, what was killed by area, and a BAR. A survivor
is a test that is missing, or a change that changes nothing. By hand, as it takes about half an hour.
"""

import argparse
import ast
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import duckdb

from benchmarks.bars import Bar
from pact_pipeline.settings import CHECKOUT

SHARE_KILLED = 0.9
LONGEST = 300.0
"""Seconds: a mutant that runs for ever is killed."""


@dataclass(frozen=True)
class Area:
    """Files whose mutants the tests of some folders should kill; `weight` is its share of the mutants tried."""

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]
    weight: int


AREAS = (
    Area("core", ("core/sql/**/*.sql",), ("core", "measures/test_stock_and_flow.py", "measures/test_steps.py"), 90),
    Area("measures", ("measures/sql/*.sql", "measures/survival.py", "measures/waits.py", "measures/estimates.py"),
         ("measures",), 70),
    Area("ledger", ("ledger/*.py",), ("ledger", "intake/runs/test_history.py", "intake/runs/test_rejudge.py"), 50),
    Area("release", ("release/*.py",), ("release",), 30),
    Area("mapping", ("intake/mapping/headings.py", "intake/mapping/map.py", "intake/mapping/words.py"),
         ("intake/mapping", "intake/runs"), 30),
    Area("dates", ("intake/mapping/dates.py", "periods.py", "contracts/due.py"),
         ("intake/reading/test_dates.py", "intake/mapping", "suppliers/test_load.py", "orchestration/test_next_month.py"), 25),
    Area("publish", ("warehouse/publish.py",), ("warehouse/test_publish.py",), 12),
    Area("linkage", ("linkage/identity.py",), ("linkage",), 8),
    Area("verdict", ("intake/judging/verdict.py",), ("intake/runs",), 10),
)  # fmt: skip

SQL_SWAPS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "=", "+": "-", "-": "+", "and": "or", "or": "and",
    "min": "max", "max": "min", "least": "greatest", "greatest": "least", "desc": "asc", "asc": "desc", "first": "last",
    "last": "first", "true": "false", "false": "true", "left": "inner", "not": "", "min_by": "max_by", "max_by": "min_by",
    "lag": "lead", "lead": "lag", "any": "all",
}  # fmt: skip
COMPARES: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==", ast.Is: "is not", ast.IsNot: "is",
    ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
NAMES = {
    "min": "max", "max": "min", "any": "all", "all": "any", "rollback": "commit", "minimum": "maximum", "maximum": "minimum",
    "first_day": "last_day", "last_day": "first_day", "True": "False", "False": "True",
}  # fmt: skip
"""Operators: in SQL a comparison, sign, connective, order, aggregate or join exchanged, a `not` left out, a number one higher,
a text another; in Python the same, and a condition turned round."""


@dataclass(frozen=True)
class Mutant:
    """A file of the package with the characters from `start` to `end` replaced."""

    area: Area
    path: str
    start: int
    end: int
    new: str

    def applied(self, text: str) -> str:
        return text[: self.start] + self.new + text[self.end :]

    def told(self, text: str) -> str:
        line = text.count("\n", 0, self.start) + 1
        at = text.splitlines()[line - 1].strip()
        return f"{self.path}:{line}: {text[self.start : self.end]!r} -> {self.new!r} in: {at[:110]}"


def mutants_of(area: Area, package: Path) -> list[Mutant]:
    """Every mutant that the operators make of an area's files."""
    found = []
    for pattern in area.files:
        for path in sorted(package.glob(pattern)):
            text = path.read_text(encoding="utf-8")
            made = _of_sql(text) if path.suffix == ".sql" else _of_python(text)
            name = path.relative_to(package).as_posix()
            found += [Mutant(area, name, start, end, new) for start, end, new in dict.fromkeys(made)]
    return found


def _of_sql(text: str) -> Iterator[tuple[int, int, str]]:
    tokens = duckdb.tokenize(text)
    ends = [start for start, _ in tokens[1:]] + [len(text)]
    for (start, kind), limit in zip(tokens, ends, strict=True):
        if kind == duckdb.token_type.comment:
            continue
        # DuckDB's tokens run on to the next one: spaces and comments are no part of them.
        token = re.split(r"\s|--", text[start:limit], maxsplit=1)[0]
        if kind == duckdb.token_type.string_const and len(token) > 2 and token.endswith("'"):
            yield start + 1, start + 2, "~"
        elif kind == duckdb.token_type.numeric_const and token.isdigit():
            yield start, start + len(token), str(int(token) + 1)
        elif kind == duckdb.token_type.operator:
            for sign in re.finditer(r"<=|>=|<>|[<>=+\-]", token):
                yield start + sign.start(), start + sign.end(), SQL_SWAPS[sign[0]]
        elif token.lower() in SQL_SWAPS:
            yield start, start + len(token), SQL_SWAPS[token.lower()]


def _of_python(text: str) -> Iterator[tuple[int, int, str]]:
    lines = [0]
    for line in text.splitlines(keepends=True):
        lines.append(lines[-1] + len(line.encode()))
    data = text.encode()

    def at(line: int, column: int) -> int:
        return len(data[: lines[line - 1] + column].decode())

    def span(node: ast.expr | ast.keyword) -> tuple[int, int]:
        return at(node.lineno, node.col_offset), at(node.end_lineno or 0, node.end_col_offset or 0)

    for node in _deciding(ast.parse(text)):
        if isinstance(node, ast.Compare):
            left = node.left
            for operator, right in zip(node.ops, node.comparators, strict=True):
                if type(operator) in COMPARES:
                    yield (
                        span(left)[1],
                        span(right)[0],
                        _around(text, span(left)[1], span(right)[0], COMPARES[type(operator)]),
                    )
                left = right
        elif isinstance(node, ast.BoolOp):
            for one, other in zip(node.values, node.values[1:], strict=False):
                word = "or" if isinstance(node.op, ast.And) else "and"
                yield span(one)[1], span(other)[0], _around(text, span(one)[1], span(other)[0], word)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            sign = "-" if isinstance(node.op, ast.Add) else "+"
            yield span(node.left)[1], span(node.right)[0], _around(text, span(node.left)[1], span(node.right)[0], sign)
        elif isinstance(node, ast.Constant) and type(node.value) is int:
            yield *span(node), str(node.value + 1)
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield *span(node), str(not node.value)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield span(node)[0], span(node)[0] + len("not "), ""
        elif isinstance(node, ast.Name) and node.id in NAMES:
            yield *span(node), NAMES[node.id]
        elif isinstance(node, ast.Attribute) and node.attr in NAMES:
            end = span(node)[1]
            yield end - len(node.attr), end, NAMES[node.attr]
        elif isinstance(node, ast.If | ast.IfExp):
            start, end = span(node.test)
            yield start, end, f"not ({text[start:end]})"


def _deciding(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that decide anything: not annotations, decorators, messages of errors, or texts made of pieces."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list"):
                continue
            waiting += [
                child
                for child in (value if isinstance(value, list) else [value])
                if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr | ast.Raise | ast.Assert)
            ]


def _around(text: str, start: int, end: int, new: str) -> str:
    """The operator between two operands exchanged; brackets and line breaks around it stay."""
    between = text[start:end]
    found = re.search(r"not\s+in|is\s+not|<=|>=|==|!=|[<>+\-]|\b(?:and|or|in|is)\b", between)
    return between if found is None else between[: found.start()] + new + between[found.end() :]


def chosen(areas: Sequence[Area], number: int, seed: int, package: Path) -> list[Mutant]:
    """A sample of the mutants: each area's share, drawn by the seed."""
    rng, total = random.Random(seed), sum(area.weight for area in areas)
    picked = []
    for area in areas:
        there = mutants_of(area, package)
        picked += rng.sample(there, min(len(there), round(number * area.weight / total)))
    return picked


def survives(mutant: Mutant, copy: Path) -> bool:
    """Whether all tests of the area pass with it, in a copy of the checkout that is put right again."""
    path = copy / "pact_pipeline" / mutant.path
    text = path.read_text(encoding="utf-8")
    tests = [f"pact_pipeline_tests/{one}" for one in mutant.area.tests if (copy / "pact_pipeline_tests" / one).exists()]
    path.write_text(mutant.applied(text), encoding="utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_PROFILE": "default"}
        done = subprocess.run(
            command, cwd=copy, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=LONGEST
        )
        return done.returncode == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        path.write_text(text, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=320)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=[area.name for area in AREAS], action="append")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    areas = [area for area in AREAS if given.only is None or area.name in given.only]
    weight = sum(area.weight for area in areas) / sum(area.weight for area in AREAS)
    mutants = chosen(areas, round(given.number * weight), given.seed, CHECKOUT / "pact_pipeline")
    started, killed, tried = time.monotonic(), defaultdict[str, int](int), defaultdict[str, int](int)
    with tempfile.TemporaryDirectory() as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(given.workers):
            copy = Path(folder) / str(number)
            shutil.copytree(
                CHECKOUT, copy, ignore=shutil.ignore_patterns(".venv", "var", ".git", "*_cache", "__pycache__")
            )
            os.chmod(copy.parent, 0o755)  # noqa: PTH101 - the server's user goes through it
            copies.put(copy)

        def tried_out(mutant: Mutant) -> tuple[Mutant, bool]:
            copy = copies.get()
            try:
                return mutant, survives(mutant, copy)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(given.workers) as pool:
            for mutant, lives in pool.map(tried_out, mutants):
                tried[mutant.area.name] += 1
                killed[mutant.area.name] += not lives
                if lives:
                    text = (CHECKOUT / "pact_pipeline" / mutant.path).read_text(encoding="utf-8")
                    print(f"survived: {mutant.told(text)}", flush=True)
    for area in areas:
        print(f"{area.name}: {killed[area.name]} of {tried[area.name]} killed")
    bar = Bar("mutants-killed-share", sum(killed.values()) / max(1, len(mutants)), SHARE_KILLED, at_most=False)
    print(f"{len(mutants)} mutants in {time.monotonic() - started:.0f} s")
    print(bar)
    return 0


if __name__ == "__main__":
    sys.exit(main())
