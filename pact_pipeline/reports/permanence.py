"""Time to permanence (measure TP): shares by kind of end, curves, and the children secured in the year."""

from itertools import pairwise
from typing import Any, Final

import pandas as pd

from pact_pipeline.release import NOT_AVAILABLE, Released, Sum, protect_counts, protect_statistic, without_figure
from pact_pipeline.reports.charts import CurvePoint, kinds_curves
from pact_pipeline.reports.court import added
from pact_pipeline.reports.durations import (
    EVERYONE,
    STATUS_WORDS,
    TOO_FEW,
    TOO_SOON,
    duration_tables,
    estimate,
    estimates,
)
from pact_pipeline.reports.inputs import SCOTLAND, PartnerInputs, as_days, real, records, whole
from pact_pipeline.reports.model import NOTHING, Block, Figure, Paragraph, ReportColumn, Row, Section, Table, Unit
from pact_pipeline.reports.words import DAYS_A_MONTH, KINDS, code_in_words, say

HORIZONS: Final = (12, 24, 36)

Shares = dict[tuple[str, int], Released]


def permanence_section(inputs: PartnerInputs) -> Section:
    """Shares by kind of end, the curve, recommendation to secured, and the children secured in the year."""
    blocks: list[Block] = []
    everyone = {area: _shares(inputs, area, "all_entrants") for area in (inputs.council, SCOTLAND)}
    cohort = {area: _shares(inputs, area, "entry_cohort") for area in (inputs.council, SCOTLAND)}
    if any(everyone.values()):
        blocks.append(
            Paragraph(
                "Of children who begin to be looked after away from home, this is the share who have come to each end "
                "by one, two and three years, counting those who still wait for as long as they have been followed. "
                f'"{TOO_FEW}": it would rest on a handful of children followed from early on.'
            )
        )
        blocks.append(_shares_table(inputs, "How children leave, by months since leaving home", everyone))
        if figure := _curves(inputs, everyone[inputs.council]):
            blocks.append(figure)
    if any(cohort.values()):
        blocks.append(
            Paragraph(
                "The table below has only the latest year's children of whom each has been followed for so long. "
                "Where it "
                f'says "{TOO_SOON}", no year of children has yet been followed long enough; leaving out those who '
                "still "
                "wait would make the time look shorter than it is."
            )
        )
        blocks.append(_shares_table(inputs, "How the latest fully followed year of children left", cohort))
    blocks += duration_tables(
        inputs, "TP", "From recommendation to permanence", explained=True, skip=("secured_in_year",)
    )
    blocks += _secured_in_year(inputs)
    return Section("permanence", "Time to permanence", tuple(blocks) or (NOTHING,))


def _shares(inputs: PartnerInputs, area: str, series: str) -> Shares:
    """The share who have left by each kind of end, by horizon, protected through the counts of ends it is made of.

    At each horizon the kinds and those who still wait add up to the children; over horizons of the same children the
    ends add up, so that the few between two horizons must not show. An entry cohort differs by horizon; "all entrants"
    doesn't.
    """
    frame = estimates(inputs, area, "TP")
    frame = frame[(frame["series"] == series) & (frame["statistic"] == "cumulative_incidence")]
    cells = {
        (str(r["category"]), int(r["horizon_months"])): r
        for r in records(frame)
        if whole(r["horizon_months"]) in HORIZONS
    }
    counts: dict[tuple[str, ...], int | None] = {}
    sums: list[Sum[tuple[str, ...]]] = []
    unseen: list[tuple[str, ...]] = []
    kinds = sorted({k for k, _ in cells if k not in EVERYONE})
    for h in HORIZONS:
        here = [k for k in kinds if (k, h) in cells and _followed(cells[k, h])]
        for k in [*here, *(e for e in EVERYONE if (e, h) in cells and _followed(cells[e, h]))]:
            counts[k, str(h)] = whole(cells[k, h]["events"])
        if not here:
            continue
        ends, children = added(counts[k, str(h)] for k in here), whole(cells[here[0], h]["children"])
        if ends is not None and children is not None and children >= ends:
            # The number of children counts as known, though the page doesn't give it: it can be guessed well enough.
            counts |= {("children", str(h)): children, ("waiting", str(h)): children - ends}
            unseen.append(("waiting", str(h)))
            sums.append(Sum(("children", str(h)), (*((k, str(h)) for k in here), ("waiting", str(h)))))
        sums += [
            Sum((e, str(h)), tuple((k, str(h)) for k in here))
            for e in EVERYONE
            if (e, str(h)) in counts and counts[e, str(h)] == ends
        ]
    if series == "all_entrants":
        for k in [*kinds, *EVERYONE]:
            for a, b in pairwise(HORIZONS):
                early, late = counts.get((k, str(a))), counts.get((k, str(b)))
                if early is not None and late is not None and late >= early:
                    between = (k, str(a), str(b))
                    counts[between] = late - early
                    unseen.append(between)
                    sums.append(Sum((k, str(b)), ((k, str(a)), between)))
    released = protect_counts(counts, sums, unseen=unseen)
    shares: Shares = {}
    for (k, h), r in cells.items():
        base = whole(r["children"])
        if series == "all_entrants" and _followed(r) and base is not None:
            base = min(base, whole(r["at_risk"]) or 0)
        count = released.get((k, str(h)))
        shares[k, h] = estimate(real(r["estimate"]), base, r, hidden=count is not None and count.number is None)
    return shares


def _followed(record: dict[str, Any]) -> bool:
    return record["status"] not in STATUS_WORDS


def _shares_table(inputs: PartnerInputs, caption: str, shares: dict[str, Shares]) -> Table:
    found = {k for by_area in shares.values() for k, _ in by_area}
    if len(found) > 1 and not any(
        figure.number is not None for s in shares.values() for (k, _), figure in s.items() if k == "all"
    ):
        found.discard("all")  # a line that only says "too soon" for a whole horizon
    kinds = [k for k in KINDS if k in found] + sorted(found - set(KINDS))
    areas = {inputs.council: inputs.council_name, SCOTLAND: "Scotland"}
    missing = without_figure(NOT_AVAILABLE)
    return Table(
        caption=f"{caption}, {inputs.council_name} and Scotland",
        corner="Kind of end",
        columns=tuple(ReportColumn(f"By {h} months", Unit.SHARE, name) for name in areas.values() for h in HORIZONS),
        rows=tuple(
            Row(
                code_in_words(k, KINDS),
                tuple(
                    shares[area].get((k, h), shares[area].get(("all", h), missing)) for area in areas for h in HORIZONS
                ),
                total=k in EVERYONE,
            )
            for k in kinds
        ),
        code="TP",
    )


def _curves(inputs: PartnerInputs, council: Shares) -> Figure | None:
    """Scotland's curve by kind with the council's released shares as dots; thinned to a step a month."""
    curve = inputs.curve
    curve = curve[(curve["area"] == SCOTLAND) & (curve["measure"] == "TP") & (curve["series"] == "all_entrants")]
    curve = curve[as_days(curve["month_end"]) == pd.Timestamp(inputs.month_end)]
    curve = curve[(curve["days"] <= 36 * DAYS_A_MONTH + 1) & ~curve["category"].isin(EVERYONE)]
    curve = curve.assign(month=(curve["days"] // DAYS_A_MONTH).astype(int)).sort_values("days")
    curve = curve.drop_duplicates(["category", "month"], keep="last")
    points = [
        CurvePoint(
            code_in_words(str(r["category"]), KINDS),
            "Scotland",
            min(36.0, round(float(r["days"]) / DAYS_A_MONTH, 1)),
            protect_statistic(real(r["estimate"]), whole(r["at_risk"])),
        )
        for r in records(curve)
    ]
    points += [
        CurvePoint(code_in_words(k, KINDS), inputs.council_name, float(h), share)
        for (k, h), share in council.items()
        if k not in EVERYONE
    ]
    found = {p.kind for p in points if p.share.sayable}
    kinds = [label for label in dict.fromkeys(KINDS.values()) if label in found]
    title = f"How children leave care away from home: {inputs.council_name} beside Scotland"
    description = (
        f"For each kind of end, a grey line of the share of Scotland's children who have left by it, by months since "
        f"leaving home, with dots for {inputs.council_name} at 12, 24 and 36 months. The shares stand in the table "
        "above."
    )
    svg = kinds_curves(title, description, points, kinds)
    if svg is None:
        return None
    dots = any(p.area != "Scotland" and p.share.sayable for p in points)
    note = (
        f"Grey line: Scotland. Blue dots: {inputs.council_name}, where there are enough children. A dot above the "
        "line means that more children here had come to that end by then. The scales are the same in all panels."
        if dots
        else "Grey line: Scotland. No share of this council may be shown."
    )
    return Figure(title, description, svg, code="TP", note=f"{note} The shares stand in the table above.")


def _secured_in_year(inputs: PartnerInputs) -> list[Block]:
    """Those who reached permanence in the year, looking back: mean, median and the bands of the SCRA study."""
    by_area = {area: _bands(inputs, area) for area in (inputs.council, SCOTLAND)}
    bands = list(dict.fromkeys(b for shares, _ in by_area.values() for b in shares))
    sentences = [
        say(
            f"In {name}, {{n}} children were secured in the year; looking back, half had taken less than {{median}} "
            "months, and the mean was {mean} months.",
            **spoken,
        )
        for name, (_, spoken) in zip((inputs.council_name, "Scotland"), by_area.values(), strict=True)
        if len(spoken) == 3
    ]
    caution = (
        "Children secured in the year are only those who got there. When long waits end at last, their mean goes up: "
        "it says nothing of those who still wait, so read it beside the tables above, not instead of them."
    )
    if not bands and not any(sentences):
        return []
    blocks: list[Block] = [Paragraph(" ".join([*filter(None, sentences), caution]))]
    if bands:
        missing = without_figure(NOT_AVAILABLE)
        blocks.append(
            Table(
                caption="Children secured in the year, by the time it had taken",
                corner="Time from leaving home",
                columns=(ReportColumn(inputs.council_name, Unit.SHARE), ReportColumn("Scotland", Unit.SHARE)),
                rows=tuple(
                    Row(code_in_words(b, {}), tuple(shares.get(b, missing) for shares, _ in by_area.values()))
                    for b in bands
                ),
                code="TP",
            )
        )
    return blocks


def _bands(inputs: PartnerInputs, area: str) -> tuple[dict[str, Released], dict[str, tuple[Released, Unit]]]:
    frame = estimates(inputs, area, "TP")
    rows = list(records(frame[frame["series"] == "secured_in_year"]))
    shares = {str(r["category"]): r for r in rows if r["statistic"] == "share_in_band"}
    counts: dict[str, int | None] = {f"band {b}": whole(r["events"]) for b, r in shares.items()}
    children = next((whole(r["children"]) for r in rows), None)
    counts["children"] = children
    bands = tuple(f"band {b}" for b in shares)
    sums = (
        [Sum("children", bands)]
        if bands and children is not None and added(counts[b] for b in bands) == children
        else []
    )
    released = protect_counts(counts, sums)
    spoken: dict[str, tuple[Released, Unit]] = {}
    for r in rows:
        if r["statistic"] in ("mean", "median"):
            days = real(r["estimate"])
            value = None if days is None else days / DAYS_A_MONTH
            spoken[str(r["statistic"])] = (
                protect_statistic(value, whole(r["children"]), hidden=released["children"].hidden),
                Unit.MONTHS,
            )
    if spoken:
        spoken["n"] = (released["children"], Unit.COUNT)
    return (
        {
            b: estimate(real(r["estimate"]), whole(r["children"]), r, hidden=released[f"band {b}"].number is None)
            for b, r in shares.items()
        },
        spoken,
    )
