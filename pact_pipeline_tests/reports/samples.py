"""Two councils' measures, made up: one large as Glasgow, one small as Orkney, each beside the same Scotland."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from pact_pipeline.reports import PartnerInputs
from pact_pipeline.reports.inputs import COLUMNS

MONTH_END = date(2013, 7, 31)
MONTHS = [d.date() for d in pd.date_range("2012-08-31", "2013-07-31", freq="ME")]
STAGES = ("awaiting_decision", "awaiting_match", "awaiting_placement", "awaiting_lodging", "awaiting_court")
KINDS = ("permanence_order", "adoption", "residence_or_kinship_order", "home", "other")


@dataclass
class Area:
    """One area's figures in the order of STAGES and KINDS; `by_month` all who wait at the earlier month ends."""

    stages: tuple[int, ...]
    not_awaiting: int
    secured: int
    by_month: tuple[int, ...]
    steps: dict[tuple[str, str], int]
    children: int = 0
    ends: dict[int, tuple[int, ...]] = field(default_factory=dict)
    waits: tuple[float, ...] = (120.0, 210.0, 60.0, 95.0, 150.0)
    durations: dict[tuple[str, str], tuple[float | None, int, int, int]] = field(default_factory=dict)
    court: dict[str, tuple[int, ...]] = field(default_factory=dict)
    bands: tuple[int, ...] = ()


SCOTLAND = Area(
    stages=(612, 455, 71, 388, 274),
    not_awaiting=11_980,
    secured=2_114,
    by_month=(1650, 1661, 1672, 1668, 1690, 1702, 1711, 1725, 1739, 1752, 1777),
    steps={
        ("needs_match", "needs_application"): 866,
        ("needs_match", "before_the_court"): 121,
        ("needs_placement", "needs_application"): 71,
        ("with_family", "needs_application"): 388,
        ("with_family", "before_the_court"): 274,
        ("with_family", "order_in_force"): 80,
    },
    children=21_400,
    ends={12: (310, 205, 640, 7020, 350), 24: (1120, 905, 1201, 9410, 780), 36: (1650, 1390, 1480, 10_120, 1105)},
    durations={
        ("TP", "recommended_to_secured"): (610, 3200, 1700, 0),
        ("TS", "recommended_to_approved"): (84, 3200, 2800, 44),
        ("TS", "approved_to_matched"): (203, 2700, 1900, 310),
        ("TS", "matched_to_placed"): (31, 1800, 1750, 92),
        ("TS", "placed_to_lodged"): (122, 1700, 1100, 205),
        ("TS", "lodged_to_secured"): (188, 1400, 1050, 0),
        ("CR", "enquiry_to_approval"): (263, 1900, 1210, 0),
        ("CR", "assessment_weeks"): (22, 1400, 1260, 0),
        ("CR", "assessment_hours"): (64, 1260, 1260, 0),
        ("MA", "linked_to_matched"): (58, 900, 760, 0),
    },
    court={"PO": (341, 270, 5, 6, 1, 9, 2, 160), "POA": (290, 214, 6, 4, 0, 8, 3, 171),
        "ADOPTION": (489, 466, 2, 7, 1, 4, 0, 155)},
    bands=(110, 402, 388, 214),
)  # fmt: skip
GLASGOW = Area(
    stages=(118, 86, 3, 61, 44),
    not_awaiting=2_790,
    secured=402,
    by_month=(270, 274, 281, 285, 283, 290, 296, 301, 299, 304, 309),
    steps={
        ("needs_match", "needs_application"): 170,
        ("needs_match", "before_the_court"): 26,
        ("needs_placement", "needs_application"): 3,
        ("with_family", "needs_application"): 61,
        ("with_family", "before_the_court"): 44,
        ("with_family", "order_in_force"): 8,
    },
    children=4_610,
    ends={12: (52, 31, 160, 1390, 71), 24: (205, 149, 288, 1902, 160), 36: (320, 236, 351, 2040, 214)},
    waits=(148.0, 281.0, 60.0, 88.0, 161.0),
    durations={
        ("TP", "recommended_to_secured"): (655, 601, 310, 0),
        ("TS", "recommended_to_approved"): (92, 601, 520, 7),
        ("TS", "approved_to_matched"): (261, 510, 330, 52),
        ("TS", "matched_to_placed"): (29, 320, 311, 2),
        ("TS", "placed_to_lodged"): (118, 300, 190, 38),
        ("TS", "lodged_to_secured"): (None, 240, 104, 0),
        ("CR", "enquiry_to_approval"): (244, 310, 190, 0),
        ("CR", "assessment_weeks"): (24, 230, 205, 0),
        ("CR", "assessment_hours"): (70, 205, 205, 0),
        ("MA", "linked_to_matched"): (49, 160, 131, 0),
    },
    court={"PO": (61, 48, 1, 2, 0, 1, 0, 31), "POA": (55, 40, 2, 0, 0, 3, 0, 29),
        "ADOPTION": (74, 70, 0, 3, 0, 1, 0, 22)},
    bands=(16, 71, 66, 38),
)  # fmt: skip
ORKNEY = Area(
    stages=(2, 1, 0, 1, 0),
    not_awaiting=24,
    secured=5,
    by_month=(3, 3, 4, 4, 4, 3, 3, 3, 2, 3, 4),
    steps={("needs_match", "needs_application"): 3, ("with_family", "needs_application"): 1},
    children=41,
    ends={12: (0, 1, 2, 13, 0), 24: (1, 2, 3, 17, 1), 36: (2, 3, 3, 18, 1)},
    durations={
        ("TP", "recommended_to_secured"): (700, 7, 3, 0),
        ("TS", "recommended_to_approved"): (77, 7, 6, 1),
        ("CR", "enquiry_to_approval"): (210, 6, 3, 0),
    },
    court={"PO": (1, 1, 0, 0, 0, 0, 0, 1), "ADOPTION": (2, 0, 0, 0, 0, 0, 0, 2)},
    bands=(0, 1, 1, 0),
)
BANDS = ("under 1 year", "1 to 2 years", "2 to 3 years", "3 years or more")

MEASURES = pd.DataFrame(
    [
        ("AW", "Children awaiting permanence", "Children with a plan for permanence not yet secured.", "children"),
        (
            "TP",
            "Time to permanence",
            "The share who have come to each kind of end, by time since leaving home.",
            "share",
        ),
        ("TS", "Time in each step", "The time from one milestone to the next.", "days"),
        ("CR", "Recruiting carers", "The time from a household's enquiry to its approval.", "days"),
        ("MA", "Matching", "The time from a link with a household to the match's approval.", "days"),
        ("CT", "Applications to court", "Applications lodged, decided and pending.", "applications"),
        ("DQ", "Quality of the data", "Submissions on time and rows refused.", "rows"),
    ],
    columns=["code", "title", "definition", "unit"],
).assign(better="shorter", source="plan 23")
REFUSALS = pd.DataFrame(
    [
        ("MI-012", "The date of the decision is before the date of the panel.", 19),
        ("PL-003", "The placement type is not in the list.", 11),
        ("CH-001", "The date of birth is missing.", 2),
    ],
    columns=["rule", "message", "rows"],
)


def inputs(key: str = "GLG", name: str = "Glasgow City", area: Area | None = GLASGOW, **changes: Any) -> PartnerInputs:
    """The inputs of a report; `area=None` for a council that has sent nothing."""
    areas = {"SCO": SCOTLAND} | ({key: area} if area else {})
    frames: dict[str, Any] = {
        "awaiting": _frame("awaiting", [r for k, a in areas.items() for r in _awaiting(k, a)]),
        "awaiting_step": _frame(
            "awaiting_step", [(MONTH_END, k, *s, n) for k, a in areas.items() for s, n in a.steps.items()]
        ),
        "estimate": _frame("estimate", [r for k, a in areas.items() for r in _estimates(k, a)]),
        "curve": _frame("curve", _curve(SCOTLAND)),
        "court": _frame("court", [(MONTH_END, k, t, *n, 170.0) for k, a in areas.items() for t, n in a.court.items()]),
        "data_quality": _frame("data_quality", _quality(key) if area else []),
        "top_refusals": REFUSALS if area else REFUSALS.head(0),
        "measure": MEASURES,
    }
    values: dict[str, Any] = {
        "council": key,
        "council_name": name,
        "month_end": MONTH_END,
        "build_id": "2013-08-14-7f3a",
        "as_at": datetime(2013, 8, 14, 9, 30, tzinfo=UTC),
    }
    return PartnerInputs(**(values | frames | changes))


def _frame(name: str, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS[name]))


def _awaiting(key: str, a: Area) -> list[tuple[Any, ...]]:
    total = sum(a.stages)
    rows: list[tuple[Any, ...]] = [(d, key, "all_awaiting", n, 150.0) for d, n in zip(MONTHS, a.by_month, strict=False)]
    rows += [(MONTH_END, key, s, n, w) for s, n, w in zip(STAGES, a.stages, a.waits, strict=True)]
    rows.append((MONTH_END, key, "all_awaiting", total, 172.0))
    rows += [(MONTH_END, key, s, n, None) for s, n in (("not_awaiting", a.not_awaiting), ("secured", a.secured))]
    rows.append((MONTH_END, key, "looked_after", total + a.not_awaiting + a.secured, None))
    councils = 32 if key == "SCO" else 1
    return [(*row, councils) for row in rows]


def _estimates(key: str, a: Area) -> list[tuple[Any, ...]]:
    def row(
        measure: str, series: str, category: str, statistic: str, horizon: int | None, *figures: Any
    ) -> tuple[Any, ...]:
        return (MONTH_END, key, measure, series, category, statistic, horizon, *figures)

    rows = []
    for h, ends in a.ends.items():
        for kind, n in zip((*KINDS, "all"), (*ends, sum(ends)), strict=True):
            share, at_risk = n / a.children, a.children - sum(ends)
            estimated = (share, share * 0.9, share * 1.1, a.children, n, at_risk, 0, "estimated")
            rows.append(row("TP", "all_entrants", kind, "cumulative_incidence", h, *estimated))
            some, base = n // 4, a.children // 4
            cohort: tuple[Any, ...] = (None, None, None, 0, 0, 0, 0, "not_followed_long_enough")
            if h == 12:
                cohort = (some / base, None, None, base, some, 0, 0, "estimated")
            rows.append(row("TP", "entry_cohort", kind, "cumulative_incidence", h, *cohort))
    for (measure, series), (median, children, events, before) in a.durations.items():
        limits = (None, None) if median is None else (median * 0.93, median * 1.08)
        status = "not_reached" if median is None else "estimated"
        rows.append(row(measure, series, "all", "median", None, median, *limits, children, events, 9, before, status))
    total = sum(a.bands)
    for band, n in zip(BANDS, a.bands, strict=False):
        share = n / total if total else None
        rows.append(
            row("TP", "secured_in_year", band, "share_in_band", None, share, None, None, total, n, 0, 0, "estimated")
        )
    for statistic, days in (("mean", 801.0), ("median", 744.0)):
        rows.append(
            row("TP", "secured_in_year", "all", statistic, None, days, None, None, total, total, 0, 0, "estimated")
        )
    return rows


def _curve(a: Area) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for i, kind in enumerate(KINDS):
        marks = [0, *(a.ends[h][i] / a.children for h in (12, 24, 36))]
        for day in range(0, 1100, 7):
            year, part = min(day // 365, 2), (day % 365) / 365 if day < 1095 else 1.0
            share = marks[year] + (marks[year + 1] - marks[year]) * part
            rows.append((MONTH_END, "SCO", "TP", "all_entrants", kind, day, share, a.children - 12 * day))
    return rows


def _quality(key: str) -> list[tuple[Any, ...]]:
    late = (0, -2, 0, 5, 0, 0, -1, 0, 0, 0, 0, 3)
    return [
        (
            d,
            key,
            "taken_with_refusals",
            d + pd.Timedelta(days=14 + n),
            n,
            34_120,
            34_088,
            32,
            210,
            6,
            "children.destination, children.twin_tracked, milestones.outcome",
        )
        for d, n in zip(MONTHS, late, strict=True)
    ]
