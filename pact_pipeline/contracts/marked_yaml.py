"""YAML in which every value knows its file and line, read strictly.

Contracts and supplier mappings are read through `Marked`: a key nobody asked for, a key given twice, a missing key or
a value of another type is a `ContractBroken` that names file and line. What the keys mean belongs to `load.py` and
`suppliers`.

Plain scalars follow YAML 1.2: only `true` and `false` are booleans, so that the codes `yes` and `no` stay words, and
dates stay text. Keys are always text, so that a supplier's code word `01` stays `01`.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from pact_pipeline.contracts.faults import Faults
from pact_pipeline.failures import ContractBroken

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?\d+")
_NUMBER = re.compile(r"[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?")

Scalar = str | int | float | bool | None


class Marked:
    """A value of a YAML file with the file (as people know it) and the line it stands on."""

    __slots__ = ("file", "line", "value")

    def __init__(self, value: "dict[str, Marked] | list[Marked] | Scalar", file: str, line: int) -> None:
        self.value, self.file, self.line = value, file, line

    def broken(self, what: str, mend: str = "", code: str = "CON-02") -> ContractBroken:
        """The failure to raise for this value: it names the file and the line."""
        return ContractBroken(code, what, where=f"{self.file}, line {self.line}", mend=mend)

    def plain(self) -> Any:
        """The value without marks, as a JSON reader would give it."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value

    def mapping(self, allowed: Collection[str] | None = None, required: Iterable[str] = ()) -> "dict[str, Marked]":
        """The keys and values. Keys outside `allowed` (None allows any) and missing `required` ones are a ContractBroken."""
        if not isinstance(self.value, dict):
            raise self.broken("keys and values are expected here", "write 'key: value' lines, indented alike")
        faults = Faults()
        unknown = [key for key in self.value if allowed is not None and key not in allowed]
        for key in unknown:
            faults.add(self.value[key].broken(f"unknown key '{key}'", nearest(key, allowed or ()), code="CON-03"))
        for key in required:
            # A key misspelt is told once, as unknown.
            if key not in self.value and not (near := get_close_matches(key, unknown, 1)):
                near = get_close_matches(key, self.value, 1)
                faults.add(
                    self.broken(f"the key '{key}' is missing", f"is '{near[0]}' meant for it?" if near else "add it")
                )
        faults.raise_found()
        return self.value

    def sequence(self) -> "list[Marked]":
        if not isinstance(self.value, list):
            raise self.broken("a list is expected here", "start each item with '- '")
        return self.value

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.broken("a text is expected here", "put quotation marks around it")
        return self.value

    def words(self) -> str:
        """A text that isn't empty, its line breaks made spaces."""
        words = " ".join(self.text().split())
        if not words:
            raise self.broken("this must not be empty", "write it in plain words")
        return words

    def choice(self, allowed: Collection[str]) -> str:
        """One of the allowed words."""
        word = self.text()
        if word not in allowed:
            raise self.broken(f"'{word}' isn't allowed here", nearest(word, allowed))
        return word

    def integer(self) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.broken("a whole number is expected here")
        return self.value

    def number(self) -> float:
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            raise self.broken("a number is expected here")
        return float(self.value)

    def boolean(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.broken("true or false is expected here")
        return self.value


def nearest(word: str, allowed: Collection[str]) -> str:
    """How to mend a misspelt word: the nearest right one, else all that are allowed."""
    near = get_close_matches(word, allowed, 1, cutoff=0.6)
    return f"write '{near[0]}'" if near else "allowed are " + ", ".join(sorted(allowed))


def custom_properties(item: Marked, allowed: Iterable[str]) -> dict[str, Marked]:
    """customProperties as {property: value}; a property nobody reads is an error."""
    found: dict[str, Marked] = {}
    for marked in item.sequence():
        entry = marked.mapping(("property", "value", "description"), ("property", "value"))
        name = entry["property"].choice(tuple(allowed))
        if name in found:
            raise marked.broken(f"the property '{name}' is given twice", "take one out")
        found[name] = entry["value"]
    return found


def needed(item: Marked, entry: Mapping[str, Marked], key: str) -> Marked:
    if key not in entry:
        raise item.broken(f"'{key}' is missing", "add it")
    return entry[key]


def read_marked(path: Path, shown_as: str | None = None) -> Marked:
    """Read one YAML document. `shown_as` is how messages name the file (default: its last two parts).

    Raises ContractBroken when the file can't be read, isn't YAML, or gives a key twice.
    """
    shown = shown_as or "/".join(path.parts[-2:])
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContractBroken("CON-01", "the file can't be read", where=shown, mend=f"{type(error).__name__}") from None
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContractBroken("CON-01", f"this isn't YAML: {error.problem}", where=f"{shown}, line {line}") from None
    finally:
        loader.dispose()
    if node is None:
        raise ContractBroken("CON-01", "the file is empty", where=shown)
    return _marked(node, shown)


def merged(base: Marked, over: Marked) -> Marked:
    """`base` with `over` laid on it: mappings are merged key by key, anything else is replaced. Marks stay with their
    values.
    """
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    keys = dict.fromkeys([*base.value, *over.value])
    value = {
        key: merged(base.value[key], over.value[key])
        if key in base.value and key in over.value
        else over.value.get(key) or base.value[key]
        for key in keys
    }
    return Marked(value, base.file, base.line)


def _marked(node: yaml.Node, file: str) -> Marked:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        items: dict[str, Marked] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            item = _marked(value_node, file)
            # A block that starts below its key is told by the key's line: that is where people look.
            item.line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise item.broken("a key must be a single word or text")
            if key in items:
                raise item.broken(f"the key '{key}' is given twice", f"it stands on line {items[key].line} already")
            items[key] = item
        return Marked(items, file, line)
    if isinstance(node, yaml.SequenceNode):
        return Marked([_marked(item, file) for item in node.value], file, line)
    return Marked(_scalar(node), file, line)


def _scalar(node: Any) -> Scalar:
    text: str = node.value
    if node.style:  # quoted or block text is text
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
