"""Text that is safe to write: nothing a spreadsheet would run, nothing it can't hold, no word of a file on the page.

`neutral` is the one guard against formulas; everything written into a workbook or CSV passes it. `masked` is for what may
quote a file and is shown to whoever opens the page.
"""

import re
import unicodedata
from collections.abc import Collection
from pathlib import Path

MOST_SIGNS = 8_000

_STARTS = frozenset("=+-@")
_BREAKS = ("\t", "\r", "\n")
# Control signs, lone halves of a pair, what Unicode says is no sign, and what turns the reading direction around.
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\\t\r\n]")
_OPENED = re.compile(r"""(?<![^\W_])['"`‘“]""")
_CLOSED = re.compile(r"""['"`’”](?![^\W_])""")
_PLACE = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?[/\\](?:[^/\\'\"\s]+[/\\])+(?=[^/\\\s])")


def neutral(value: str, most: int = MOST_SIGNS) -> str:
    """Text that no spreadsheet runs or chokes on: an apostrophe before what would start a formula, even behind blanks
    or written full-width; control signs and lone surrogates removed; cut, with a mark, at `most` signs."""
    if value[:1].isalnum() and value.isascii() and value.isprintable() and len(value) <= most:
        return value  # nearly all cells, and the rest costs ten times as much
    clean = _DROPPED.sub("", value)
    if len(clean) > most:
        clean = f"{clean[:most]}… (cut; {len(clean):,} signs)"
    return f"'{clean}" if _starts_a_formula(clean) else clean


def _starts_a_formula(clean: str) -> bool:
    for sign in clean:
        if sign in _BREAKS:
            return True
        if not sign.isspace() and unicodedata.category(sign) != "Cf":
            return unicodedata.normalize("NFKC", sign)[:1] in _STARTS
    return False


def sheet_name(words: str, taken: Collection[str] = ()) -> str:
    """A name a worksheet can have: at most 31 signs, none of those Excel forbids, and unlike those already taken."""
    clean = neutral(_NOT_IN_A_SHEET_NAME.sub(" ", words)).strip("' ") or "Sheet"
    used = {name.casefold() for name in taken}
    name, number = clean[:31].rstrip("' "), 1
    while name.casefold() in used:
        number += 1
        name = f"{clean[: 28 - len(str(number))].rstrip()} ({number})"
    return name


HIDDEN = "[quoted in the workbook]"


def masked(text: str, known: Collection[str] = (), foreign: Collection[str] = ()) -> str:
    """The text without what it quotes, unless the quoted word is `known` (a table, an agreed heading, a code). Words known
    to be `foreign` are hidden one by one.

    Where it isn't clear what a quotation mark belongs to, more is hidden rather than less: all from the first opening
    mark to the last closing one.
    """
    clean = without_places(text)
    for word in sorted(foreign, key=len, reverse=True):
        for mark in "'`\"":
            clean = clean.replace(f"{mark}{word}{mark}", HIDDEN)
    kept: list[str] = []
    pattern = "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True) if word)
    if pattern:

        def keep(match: re.Match[str]) -> str:
            kept.append(match[0])
            return f"\x00{len(kept) - 1}\x00"

        clean = re.sub(rf"(['`\"])(?:{pattern})\1(?![^\W_])", keep, clean.replace("\x00", ""))
    opened = _OPENED.search(clean)
    closed = [match.end() for match in _CLOSED.finditer(clean, opened.end())] if opened else []
    if opened:
        end = closed[-1] if closed else len(clean)
        number = len(_OPENED.findall(clean[opened.start() : end]))
        hidden = f"[{number} quoted in the workbook]" if number > 1 else HIDDEN
        clean = f"{clean[: opened.start()]}{hidden}{clean[end:]}"
    return re.sub("\x00(\\d+)\x00", lambda match: kept[int(match[1])], clean)


def without_places(text: str) -> str:
    """The text with every path of a machine cut down to the last name in it."""
    return _PLACE.sub("", text)


def file_name(name: str) -> str:
    """The name of a file without its folders."""
    return Path(name.replace("\\", "/")).name


def listed(words: Collection[str], most: int = 12) -> str:
    """`a, b and 3 more`."""
    shown = list(words)[:most]
    rest = len(words) - len(shown)
    return ", ".join(shown) + (f" and {rest:,} more" if rest else "")


def counted(number: int, one: str, many: str = "") -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
