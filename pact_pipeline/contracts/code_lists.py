"""Code lists: what a column of codes may hold. One that several columns share stands once, in `code_lists.yaml`."""

from collections.abc import Mapping
from pathlib import Path

from pact_pipeline.contracts.dated import DATES, span_of
from pact_pipeline.contracts.marked_yaml import Marked, custom_properties, nearest, read_marked
from pact_pipeline.contracts.model import Code

FILE_NAME = "code_lists.yaml"

CodeLists = Mapping[str, tuple[Code, ...]]


def load_code_lists(folder: Path) -> CodeLists:
    """The shared lists of `data_contracts` by name; none where the file isn't there. Raises ContractBroken."""
    path = folder / FILE_NAME
    if not path.exists():
        return {}
    document = read_marked(path)
    names = document.value if isinstance(document.value, dict) else {}
    return {name: codes_of(item) for name, item in document.mapping(tuple(names)).items()}


def codes_of(item: Marked) -> tuple[Code, ...]:
    """Codes in their order. Raises ContractBroken for one given twice."""
    codes: dict[str, Code] = {}
    for marked in item.sequence():
        entry = marked.mapping(("value", "label", "description", "customProperties"), ("value", "label"))
        word = entry["value"].text()
        custom = custom_properties(entry["customProperties"], DATES) if "customProperties" in entry else {}
        if word in codes:
            raise marked.broken(f"the code '{word}' is given twice", "take one out")
        codes[word] = Code(word, entry["label"].words(), span_of(custom))
    return tuple(codes.values())


def codes_of_column(entry: Mapping[str, Marked], shared: Marked | None, lists: CodeLists) -> tuple[Code, ...]:
    """A column's own codes (`enum`), and those of the shared list it refers to (`codeList`)."""
    own = codes_of(entry["enum"]) if "enum" in entry else ()
    if shared is None:
        return own
    if shared.text() not in lists:
        mend = nearest(shared.text(), lists) if lists else f"put {FILE_NAME} beside the collections' folders"
        raise shared.broken(f"there is no code list '{shared.text()}'", mend)
    codes = (*own, *lists[shared.text()])
    if len({code.code for code in codes}) < len(codes):
        raise entry["enum"].broken("a code stands here and in the shared list too", "take it out here")
    return codes
