"""What may be shown: a first, simple disclosure rule for the audience *partners* (every council reads every page).

Here belong thresholds and the decision what to hide. Sources: definitions#what-leaves; domain#disclosure ("numbers under five are
suppressed" is the Scottish Government's published practice) and 6.2.

The rule:

1. A count from 1 to 4 is shown as `[c]`; 0 is shown.
2. Where counts on a page add up to another count on it (`Sum`), no hidden count may be worked out. The rule plays the
   reader who subtracts: from all that is shown it narrows every hidden count down, and as long as one can be pinned, or
   known to be below 5, it hides the next smallest count that isn't 0 (then zeros, then the total). The order is fixed
   by value and place, so the same page always hides the same cells.
3. Where a total itself is 1 to 4, all its parts are hidden, zeros too: which part is empty would say where the few
are. 4. No percentage, median, mean, interval, curve step, chart mark or sentence on fewer than 10. A share is hidden
with the count
   it is made of, since share times base gives the count back.
5. A count nobody sees can be protected too (the rest that a table leaves open, the difference of two cumulative
counts).

Not yet done here, and to come with the release ledger: differences between months, editions and audiences; other
councils' pages (Scotland less 31 councils); breakdowns linked across measures other than by a declared `Sum`; an exact
attack by linear programming (the reader played here narrows each sum by itself, again and again, which can miss what
several two-way sums tell together).
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan
from typing import Generic, TypeVar

from pact_pipeline.failures import PactFailure
from pact_pipeline.release.released import CONFIDENTIAL, NOT_AVAILABLE, SEAL, Released

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class DisclosureRule:
    """Thresholds for one audience: counts below `smallest_count` (0 apart), bases below `smallest_base` are hidden."""

    audience: str
    smallest_count: int
    smallest_base: int


# The one place where thresholds stand.
PARTNERS = DisclosureRule(audience="partners", smallest_count=5, smallest_base=10)


class ReleaseRefused(PactFailure):
    """Figures that can't be released safely. Names the cells, never their values."""


@dataclass(frozen=True)
class Sum(Generic[K]):
    """`parts` add up to `total`, all keys of the counts given. One part alone says that two cells are one count."""

    total: K
    parts: tuple[K, ...]


def protect_counts(
    counts: Mapping[K, int | None],
    sums: Sequence[Sum[K]] = (),
    *,
    unseen: Collection[K] = (),
    rule: DisclosureRule = PARTNERS,
) -> dict[K, Released]:
    """The counts of one page, each as a number or `[c]`; None becomes `[x]`.

    `sums` are the additions a reader of the page can make. `unseen` counts are not shown, but must not be worked out
    if they are small; they are left out of the result. Raises ReleaseRefused if a sum doesn't add up (the figures
    contradict each other) or a count is negative.
    """
    _check(counts, sums)
    small = {k for k, n in counts.items() if n is not None and 0 < n < rule.smallest_count}
    concealed = {k for k, n in counts.items() if n is None or k in small or k in unseen}
    guarded = set(small)
    twins = _twins(sums)
    for s in _from_the_top(sums):
        if s.total in small:
            concealed.update(s.parts)
            guarded.update(p for p in s.parts if counts[p] is not None and p not in unseen)
    while exposed := _exposed(counts, sums, concealed, guarded, unseen, rule):
        extra = _next_to_hide(counts, sums, concealed, exposed)
        if not extra:
            cells = ", ".join(sorted(str(k) for k in exposed))
            raise ReleaseRefused("RL-002", "small counts can be worked out whatever is hidden", where=cells)
        extra |= {t for k in extra for t in twins.get(k, ())}
        concealed |= extra
        guarded |= extra - set(unseen)
    return {k: _count(n, k in concealed, rule) for k, n in counts.items() if k not in unseen}


def protect_statistic(
    value: float | None,
    base: int | None,
    *,
    hidden: bool = False,
    words: str | None = None,
    rule: DisclosureRule = PARTNERS,
) -> Released:
    """A percentage, median, mean or limit that rests on `base` children.

    `[c]` where the base is below 10 or `hidden` says that a count it is made of is; else `words` in its place if given
    (such as "not reached"); `[x]` where there is no value.
    """
    if base is None or (base == 0 and not hidden):
        return without_figure(NOT_AVAILABLE)
    if hidden or base < rule.smallest_base:
        return without_figure(CONFIDENTIAL)
    if words is not None:
        return without_figure(words)
    if value is None or isnan(value):
        return without_figure(NOT_AVAILABLE)
    return Released(float(value), None, True, seal=SEAL)


def quality_figure(value: float | None) -> Released:
    """A figure about submissions or days late, never about children, carers or their rows: shown as it is."""
    if value is None or isnan(value):
        return without_figure(NOT_AVAILABLE)
    return Released(float(value), None, True, seal=SEAL)


def without_figure(words: str) -> Released:
    """Words in the place of a figure: shorthand, or "not reached". A digit in them is refused: it could be a figure."""
    if any(c.isdigit() for c in words):
        raise ReleaseRefused("RL-003", "words in the place of a figure may hold no digit")
    return Released(None, words, False, seal=SEAL)


def _count(n: int | None, concealed: bool, rule: DisclosureRule) -> Released:
    if n is None:
        return without_figure(NOT_AVAILABLE)
    if concealed:
        return without_figure(CONFIDENTIAL)
    return Released(float(n), None, n >= rule.smallest_base, seal=SEAL)


def _check(counts: Mapping[K, int | None], sums: Iterable[Sum[K]]) -> None:
    if any(n is not None and n < 0 for n in counts.values()):
        raise ReleaseRefused("RL-004", "a count is negative")
    for s in sums:
        parts = [counts[p] for p in s.parts]
        known = [n for n in parts if n is not None]
        total = counts[s.total]
        if total is not None and len(known) == len(parts) and sum(known) != total:
            raise ReleaseRefused("RL-001", "the parts don't add up to the total", where=str(s.total))


def _twins(sums: Sequence[Sum[K]]) -> dict[K, set[K]]:
    """The cells that are the same count as a cell, by sums of one part: they are hidden together."""
    twins: dict[K, set[K]] = {}
    for s in sums:
        if len(s.parts) == 1:
            group = {s.total, *s.parts, *twins.get(s.total, ()), *twins.get(s.parts[0], ())}
            twins |= dict.fromkeys(group, group)
    return twins


def _from_the_top(sums: Sequence[Sum[K]]) -> list[Sum[K]]:
    """Sums so ordered that a total comes before the sums its parts are totals of."""
    totals = {p: s for s in sums for p in s.parts}

    def depth(s: Sum[K]) -> int:
        level = 0
        while (above := totals.get(s.total)) is not None and level <= len(sums):
            s, level = above, level + 1
        return level

    return sorted(sums, key=depth)


def _exposed(
    counts: Mapping[K, int | None],
    sums: Sequence[Sum[K]],
    concealed: set[K],
    guarded: set[K],
    unseen: Collection[K],
    rule: DisclosureRule,
) -> list[K]:
    """The guarded cells that a reader can pin, or know to be below the threshold, from what is shown."""
    low, high = _what_a_reader_knows(counts, sums, concealed, unseen)
    return [k for k in counts if k in guarded and (high[k] < rule.smallest_count or low[k] == high[k])]


def _what_a_reader_knows(
    counts: Mapping[K, int | None], sums: Sequence[Sum[K]], concealed: set[K], unseen: Collection[K]
) -> tuple[dict[K, float], dict[K, float]]:
    """The least and the most each cell can be, by adding and subtracting what is shown until nothing more follows.

    The reader knows that zeros are shown, so that a `[c]` is 1 or more, unless the page has had to hide a zero.
    """
    zeros_hidden = any(counts[k] == 0 for k in concealed if k not in unseen)
    maybe_zero = {k for k, n in counts.items() if zeros_hidden or n is None or k in unseen}
    low: dict[K, float] = {}
    high: dict[K, float] = {}
    for k, n in counts.items():
        known = n if n is not None and k not in concealed else None
        low[k] = float(known) if known is not None else (0.0 if k in maybe_zero else 1.0)
        high[k] = float(known) if known is not None else inf
    for _ in range(100):  # each round narrows something; a page settles in a few
        before = (dict(low), dict(high))
        for s in sums:
            least, most = sum(low[p] for p in s.parts), sum(high[p] for p in s.parts)
            low[s.total], high[s.total] = max(low[s.total], least), min(high[s.total], most)
            for p in s.parts:
                high[p] = min(high[p], high[s.total] - (least - low[p]))
                others_most = sum(high[q] for q in s.parts if q != p)
                if isfinite(others_most):
                    low[p] = max(low[p], low[s.total] - others_most)
        if (low, high) == before:
            break
    return low, high


def _next_to_hide(
    counts: Mapping[K, int | None], sums: Sequence[Sum[K]], concealed: set[K], exposed: Sequence[K]
) -> set[K]:
    """The next cell (or the zeros of a sum) to hide so that the first exposed cell is less so; empty if none is left.

    Looks at the sums the exposed cell stands in, then at those they are linked with.
    """
    place = {k: i for i, k in enumerate(counts)}
    reach, seen = {exposed[0]}, set[K]()
    while reach != seen:
        seen = set(reach)
        near = [s for s in sums if seen & {s.total, *s.parts}]
        parts = {p for s in near for p in s.parts if p not in concealed}
        if filled := sorted((p for p in parts if counts[p]), key=lambda p: (counts[p] or 0, place[p])):
            return {filled[0]}
        if parts:
            return parts
        if totals := sorted((s.total for s in near if s.total not in concealed), key=lambda k: place[k]):
            return {totals[0]}
        reach |= {k for s in near for k in (s.total, *s.parts)}
    return set()
