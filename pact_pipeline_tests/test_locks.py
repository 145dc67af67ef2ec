"""The locks say what pyproject.toml asks for: runtime alone in one, with what developers need in the other, all with hashes."""

import re
import tomllib
from importlib.metadata import requires, version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pact_pipeline.settings import CHECKOUT

PYPROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
PIN = re.compile(
    r"^(?P<pin>[A-Za-z0-9][^\\\n]*?==[^\\\n]+?) *\\\n(?P<hashes>(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)


def asked_for(group: str) -> list[Requirement]:
    """What the project asks for itself: its dependencies, and those of a group with the groups it includes."""
    asked = [Requirement(one) for one in PYPROJECT["project"]["dependencies"]]
    waiting = [group]
    while waiting:
        for one in PYPROJECT["dependency-groups"][waiting.pop()]:
            if isinstance(one, dict):
                waiting.append(one["include-group"])
            else:
                asked.append(Requirement(one))
    return asked


def pinned(lock: str) -> dict[str, Requirement]:
    """The pins of a lock that hold on this machine's Python, by name."""
    text = (CHECKOUT / lock).read_text(encoding="utf-8")
    pins = [Requirement(found["pin"]) for found in PIN.finditer(text)]
    assert len(pins) == len(re.findall("^[A-Za-z0-9]", text, re.M)), "each pin has its hashes"
    return {canonicalize_name(pin.name): pin for pin in pins if pin.marker is None or pin.marker.evaluate()}


def version_of(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    return specifier.version


def needed(asked: list[Requirement]) -> dict[str, list[Requirement]]:
    """Every package that these need, and theirs, by name with each demand on it; as the installed packages say."""
    found: dict[str, list[Requirement]] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(one, "") for one in asked]
    while waiting:
        one, extra = waiting.pop()
        if one.marker is not None and not one.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(one.name)
        found.setdefault(name, []).append(one)
        for wanted in ("", *one.extras):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                waiting += [(Requirement(text), wanted) for text in requires(name) or ()]
    return found


@pytest.mark.parametrize(("lock", "group"), [(RUNTIME, "build"), (DEVELOPMENT, "dev")])
def test_a_lock_pins_what_is_needed_and_nothing_else(lock: str, group: str) -> None:
    pins, demands = pinned(lock), needed(asked_for(group))
    assert sorted(pins) == sorted(demands)
    for name, pin in pins.items():
        for demand in demands[name]:
            assert demand.specifier.contains(version_of(pin), prereleases=True), f"{pin} is not {demand}"


def test_what_is_installed_is_what_is_locked() -> None:
    assert {name: version(name) for name in pinned(DEVELOPMENT)} == {
        name: version_of(pin) for name, pin in pinned(DEVELOPMENT).items()
    }


def test_development_adds_to_runtime_and_changes_nothing_of_it() -> None:
    runtime, development = pinned(RUNTIME), pinned(DEVELOPMENT)
    assert {name: str(development[name]) for name in runtime} == {name: str(pin) for name, pin in runtime.items()}
    assert "pytest" in development
    assert "pytest" not in runtime


def test_every_dependency_has_a_cap() -> None:
    uncapped = [
        one
        for one in PYPROJECT["project"]["dependencies"]
        if not any(specifier.operator in ("<", "<=", "==") for specifier in Requirement(one).specifier)
    ]
    assert uncapped == []


def test_no_lock_names_an_index_or_a_place() -> None:
    for lock in (RUNTIME, DEVELOPMENT):
        text = (CHECKOUT / lock).read_text(encoding="utf-8")
        assert not re.search(r"https?://|file:|--index|--find-links|--extra", text), lock
