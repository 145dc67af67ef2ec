"""Who waits, where and for how long (measure AW): the released figures of a page and the sections made of them."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from pact_pipeline.pathway import AWAITING_STAGES, FAMILY_STEPS, LEGAL_STEPS
from pact_pipeline.periods import day_in_words, month_in_words
from pact_pipeline.reference import councils
from pact_pipeline.release import NOT_AVAILABLE, Released, Sum, protect_counts, protect_statistic, without_figure
from pact_pipeline.reports.charts import Point, months_line, sparkline, stage_bars
from pact_pipeline.reports.inputs import SCOTLAND, PartnerInputs, as_days, real, records, whole
from pact_pipeline.reports.model import Figure, Paragraph, ReportColumn, Row, Section, Svg, Table, Unit
from pact_pipeline.reports.words import DAYS_A_MONTH, code_in_words, say

Key = tuple[str, ...]
ALL: Final = "all_awaiting"
STOCK: Final = ("looked_after", "not_awaiting", "secured", ALL, *AWAITING_STAGES)
MONTHS_SHOWN: Final = 12


@dataclass(frozen=True)
class Waiting:
    """Released figures of one area: children, share of all who wait and median months by stage; steps; twelve "
    "months."""

    children: dict[str, Released]
    share: dict[str, Released]
    months_waited: dict[str, Released]
    steps: dict[tuple[str, str], Released]
    by_month: tuple[tuple[pd.Timestamp, Released], ...]

    @property
    def few_shown(self) -> bool:
        """True if so much is hidden that the page must say why before anything else."""
        return self.children[ALL].hidden or sum(self.children[s].hidden for s in AWAITING_STAGES) >= 3


def released_waiting(inputs: PartnerInputs, area: str) -> Waiting:
    """The figures of AW for an area, protected together: the stages, the steps and the twelve months share cells."""
    rows = {r["stage"]: r for r in records(inputs.at_month("awaiting", area))}
    stock: dict[str, int | None] = {s: whole(rows[s]["children"]) if s in rows else None for s in STOCK}
    steps = _steps(inputs, area)
    months = _months(inputs, area)

    counts: dict[Key, int | None] = {("stage", s): n for s, n in stock.items()}
    sums = [
        Sum[Key](("stage", "looked_after"), (("stage", "not_awaiting"), ("stage", "secured"), ("stage", ALL))),
        Sum[Key](("stage", ALL), tuple(("stage", s) for s in AWAITING_STAGES)),
    ]
    counts |= {("step", *step): n for step, n in steps.items()}
    linked, unseen = _links(stock, steps)
    counts |= unseen
    counts |= {("month", str(day.date())): n for day, n in months[:-1]}  # the last is the stage table's own cell
    released = protect_counts(counts, [*sums, *linked], unseen=list(unseen))

    children = {s: released["stage", s] for s in STOCK}
    total = stock[ALL]
    return Waiting(
        children=children,
        share={
            s: protect_statistic(
                (stock[s] or 0) / total if total else None,
                total,
                hidden=children[s].hidden or children[ALL].hidden,
            )
            for s in AWAITING_STAGES
        },
        months_waited={
            s: protect_statistic(
                None if (days := real(rows[s]["median_days_waited"])) is None else days / DAYS_A_MONTH,
                stock[s],
                hidden=children[s].hidden,
            )
            if s in rows
            else without_figure(NOT_AVAILABLE)
            for s in STOCK
        },
        steps={step: released["step", *step] for step in steps},
        by_month=(
            *((day, released["month", str(day.date())]) for day, _ in months[:-1]),
            (months[-1][0], children[ALL]),
        ),
    )


def _steps(inputs: PartnerInputs, area: str) -> dict[tuple[str, str], int | None]:
    """Children by family step and legal step; every pair is there, so that the table's shape tells nothing."""
    rows = {
        (str(r["family_step"]), str(r["legal_step"])): whole(r["children"])
        for r in records(inputs.at_month("awaiting_step", area))
    }
    return {(f, legal): rows.get((f, legal), 0) for f in FAMILY_STEPS for legal in LEGAL_STEPS} if rows else {}


def _months(inputs: PartnerInputs, area: str) -> list[tuple[pd.Timestamp, int | None]]:
    """Children awaiting at the last twelve month ends, oldest first; None for a month without figures."""
    frame = inputs.awaiting[(inputs.awaiting["area"] == area) & (inputs.awaiting["stage"] == ALL)]
    known = dict(zip(as_days(frame["month_end"]), frame["children"], strict=True))
    last = pd.Timestamp(inputs.month_end)
    ends = [last - pd.offsets.MonthEnd(n) if n else last for n in reversed(range(MONTHS_SHOWN))]
    return [(day, whole(known.get(day))) for day in ends]


def _links(
    stock: dict[str, int | None], steps: dict[tuple[str, str], int | None]
) -> tuple[list[Sum[Key]], dict[Key, int | None]]:
    """How the table of steps hangs together with the stages, and the unseen counts needed to say so.

    Its cells add up to those who wait (or to those and the secured, if the table counts them too); and who is with the
    family and before the court is who awaits the court (definitions#family-and-legal-step), so the two cells are one count.
    """
    known = [n for n in steps.values() if n is not None]
    if not known or len(known) < len(steps):
        return [], {}
    cells: tuple[Key, ...] = tuple(("step", *step) for step in steps)
    total: Key = ("steps", "total")
    sums, unseen = [Sum(total, cells)], {total: sum(known)}
    if sum(known) == stock[ALL]:
        sums.append(Sum(("stage", ALL), (total,)))
    elif stock[ALL] is not None and stock["secured"] is not None and sum(known) == stock[ALL] + stock["secured"]:
        sums.append(Sum(total, (("stage", ALL), ("stage", "secured"))))
    court = ("with_family", "before_the_court")
    if court in steps and steps[court] == stock["awaiting_court"]:
        sums.append(Sum(("stage", "awaiting_court"), (("step", *court),)))
    return sums, dict(unseen)


def stages_section(inputs: PartnerInputs, here: Waiting, scotland: Waiting) -> Section:
    """What children wait for: the stages with the bars, then the steps."""
    table = Table(
        caption=f"Children awaiting permanence by what they wait for, {inputs.council_name}, "
        f"{day_in_words(inputs.month_end)}",
        corner="Waiting for",
        columns=(
            ReportColumn("Children", group=inputs.council_name),
            ReportColumn("Share of all waiting", Unit.SHARE, inputs.council_name),
            ReportColumn("Median months waited", Unit.MONTHS, inputs.council_name),
            ReportColumn("Share of all waiting", Unit.SHARE, "Scotland"),
            ReportColumn("Median months waited", Unit.MONTHS, "Scotland"),
        ),
        rows=(
            *(
                Row(
                    label,
                    (
                        here.children[s],
                        here.share[s],
                        here.months_waited[s],
                        scotland.share[s],
                        scotland.months_waited[s],
                    ),
                )
                for s, label in AWAITING_STAGES.items()
            ),
            Row(
                "All who wait",
                (
                    here.children[ALL],
                    _whole_share(here.children[ALL]),
                    here.months_waited[ALL],
                    _whole_share(scotland.children[ALL]),
                    scotland.months_waited[ALL],
                ),
                total=True,
            ),
        ),
        code="AW",
        note="Each child stands in one line, the first step still to come. Months waited are counted up to the "
        "month's end, so they are not the time the step will take.",
    )
    chart = stage_bars(
        f"Children awaiting permanence by what they wait for, {inputs.council_name}",
        "A bar for each step with ten children or more. The numbers stand in the table above.",
        [Point(label, here.children[s]) for s, label in AWAITING_STAGES.items()],
        "Children",
    )
    blocks: list[Paragraph | Table | Figure] = [table]
    if chart is not None:
        blocks.append(
            Figure(
                f"What children wait for, {inputs.council_name}, {month_in_words(inputs.month_end)}",
                "A bar for each step with ten children or more. The numbers stand in the table above.",
                chart,
                code="AW",
                note="Steps with fewer than ten children have no bar. The numbers stand in the table above.",
            )
        )
    if here.steps:
        blocks.append(_steps_table(inputs, here))
    return Section("stages", "What children wait for", tuple(blocks))


def _whole_share(count: Released) -> Released:
    """100% for the line of all, where the line has a number at all."""
    return protect_statistic(1.0, int(count.number or 0), hidden=count.hidden)


def _steps_table(inputs: PartnerInputs, here: Waiting) -> Table:
    return Table(
        caption=f"Family and court side by side, {inputs.council_name}, {day_in_words(inputs.month_end)}",
        corner="The family",
        columns=tuple(ReportColumn(code_in_words(legal, LEGAL_STEPS), group="The court") for legal in LEGAL_STEPS),
        rows=tuple(
            Row(label, tuple(here.steps[f, legal] for legal in LEGAL_STEPS)) for f, label in FAMILY_STEPS.items()
        ),
        code="AW",
        note="Finding a family and going to court can run side by side, so a child can be before the court before a "
        "family is found.",
    )


def months_section(inputs: PartnerInputs, here: Waiting, scotland: Waiting) -> Section:
    """The twelve months as a line, with the numbers of the council and of Scotland."""
    title = f"Children awaiting permanence at each month's end, {inputs.council_name}"
    first, last = here.by_month[0], here.by_month[-1]
    description = say(
        f"A line over twelve months, from {{a}} children in {month_in_words(first[0])} to {{b}} in "
        f"{month_in_words(last[0])}. The numbers stand in the table below.",
        "A line over the months with ten children or more. The numbers stand in the table below.",
        a=(first[1], Unit.COUNT),
        b=(last[1], Unit.COUNT),
    )
    points = [Point(f"{month_in_words(day)[:3]} {day.year}", n) for day, n in here.by_month]
    chart = months_line(title, description, points, "Children")
    table = Table(
        caption=f"Children awaiting permanence at each month's end, {inputs.council_name} and Scotland",
        corner="Month",
        columns=(ReportColumn(inputs.council_name), ReportColumn("Scotland")),
        rows=tuple(
            Row(month_in_words(day), (n, scotland_n))
            for (day, n), (_, scotland_n) in zip(here.by_month, scotland.by_month, strict=True)
        ),
        code="AW",
        note=_who_is_in_scotland(inputs),
    )
    if chart is None:
        few = Paragraph(
            "There is no chart: in most of these months fewer than ten children waited, or no figure may be shown."
        )
        return Section("months", "The last twelve months", (few, table))
    note = "The line has a gap where fewer than ten children waited or the number isn't shown."
    return Section(
        "months", "The last twelve months", (Figure(title, description, chart, table=table, code="AW", note=note),)
    )


def _who_is_in_scotland(inputs: PartnerInputs) -> str:
    """Of which councils Scotland's figures are, and in which months returns of some were not in force."""
    told = inputs.awaiting[inputs.awaiting["area"] == SCOTLAND].groupby("month_end")["councils"].max()
    whole_country = len(councils())
    missing = [
        f"{int(number)} in {month_in_words(pd.Timestamp(str(day)).date())}"
        for day, number in told.items()
        if number < whole_country
    ]
    if not missing:
        return f"Scotland is the sum of all {whole_country} councils."
    return (
        f"Scotland is the sum of the councils whose return is in force: {whole_country}, but {', '.join(missing)}. A month with"
        " fewer councils can't be compared with the others."
    )


def what_changed(here: Waiting) -> str:
    """One sentence on the twelve months and one on the last; none with a figure on fewer than ten."""
    (_, before), (last_day, now) = here.by_month[-2], here.by_month[-1]
    otherwise = "The months can't be compared here: one of the numbers is below ten or not shown."
    if all(n.shorthand == NOT_AVAILABLE for _, n in here.by_month[:-1]):
        return "There is no earlier month to compare with."
    known = [(day, n) for day, n in here.by_month[:-1] if n.shorthand is None]
    if not known:
        return otherwise
    first_day, first = known[0]
    year = say(
        f"{{now}} children awaited permanence at {day_in_words(last_day)}, {_compared(first, now)} "
        f"{day_in_words(first_day)}",
        otherwise,
        now=(now, Unit.COUNT),
        first=(first, Unit.COUNT),
    )
    if year == otherwise:
        return year
    if first_day == here.by_month[-2][0]:
        return f"{year}."
    compared = _compared(before, now).removesuffix(" at")
    month = say(f" and {compared} a month before", first=(before, Unit.COUNT))
    return f"{year}{month}."


def _compared(before: Released, now: Released) -> str:
    """How the number moved, in words that end before a day; the sentence fills in the figure."""
    if before.number is None or now.number is None or before.number == now.number:
        return "the same as the {first} at"
    return "up from {first} at" if now.number > before.number else "down from {first} at"


def what_waits(here: Waiting) -> str:
    """The number waiting of all looked after, half of their waits, and the step where most wait."""
    parts = [
        say(
            "{waiting} of {all} looked-after children wait for permanence",
            "Fewer than ten children wait for permanence; the table below has the number"
            if here.children[ALL].number is not None
            else "How many children wait can't be said here without the risk that one of them is recognised",
            waiting=(here.children[ALL], Unit.COUNT),
            all=(here.children["looked_after"], Unit.COUNT),
        ),
        say("; half of them have waited longer than {m} months", m=(here.months_waited[ALL], Unit.MONTHS)),
        ".",
    ]
    shown = [s for s in AWAITING_STAGES if here.children[s].sayable]
    if shown:
        most = max(shown, key=lambda s: here.children[s].number or 0.0)
        if not any(here.children[s].hidden and s != most for s in AWAITING_STAGES):
            parts.append(
                say(f" Most, {{n}}, wait for: {AWAITING_STAGES[most].lower()}.", n=(here.children[most], Unit.COUNT)),
            )
    return "".join(parts)


def what_to_look_at(here: Waiting, scotland: Waiting) -> str:
    """The step where the council's median wait is furthest above Scotland's, or that there is none."""
    pairs = {
        s: (here.months_waited[s].number, scotland.months_waited[s].number)
        for s in AWAITING_STAGES
        if here.months_waited[s].sayable and scotland.months_waited[s].sayable
    }
    longer = {s: a - b for s, (a, b) in pairs.items() if a is not None and b is not None and a - b >= 0.5}
    if not pairs:
        return "Too few children wait at any one step to compare the council with Scotland."
    if not longer:
        return (
            "At no step with ten children or more have children here waited clearly longer than in Scotland as a whole."
        )
    worst = max(longer, key=lambda s: longer[s])
    return say(
        f"Waiting for {_lower(AWAITING_STAGES[worst])}: half of the {{n}} children have waited longer than {{a}} months; in "
        "Scotland as a whole, {b}.",
        n=(here.children[worst], Unit.COUNT),
        a=(here.months_waited[worst], Unit.MONTHS),
        b=(scotland.months_waited[worst], Unit.MONTHS),
    )


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def waiting_sparkline(awaiting: pd.DataFrame, area: str = SCOTLAND) -> Svg:
    """A small line of children awaiting permanence by month for an area (default Scotland), to show beside a run.

    `awaiting`: columns month_end, area, stage, children. Small counts leave gaps; with fewer than two points to draw, a
    picture that says so.
    """
    frame = awaiting[(awaiting["area"] == area) & (awaiting["stage"] == ALL)]
    frame = frame.assign(month_end=as_days(frame["month_end"])).sort_values("month_end")
    released = protect_counts(
        {str(day): whole(n) for day, n in zip(frame["month_end"], frame["children"], strict=True)}
    )
    svg = sparkline("Children awaiting permanence", "A line over the months, the latest last.", list(released.values()))
    return svg or Svg(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="220" height="48" viewBox="0 0 220 48">'
        "<title>Children awaiting permanence</title>"
        '<text x="4" y="28" font-family="sans-serif" font-size="13" fill="#333a40">Too few figures to draw</text></svg>'
    )
