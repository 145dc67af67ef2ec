"""What is expected of a build before anybody sees it: each expectation declared once, as data.

Here: names, severities, sentences and what Great Expectations is to be asked. Not here: how they are judged
(`expectations`), what is expected of a supplier's rows (contracts), what a column may hold by itself (contracts again).
In a query `{batch}` is the expectation's own table and `[core.journey]` another one, both of the build that is judged.
Queries return no column of the data: only how many rows they find leaves the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["ERROR", "WARN"]

NEAR_FORMER = "near former build"
"""The kind of an expectation on the number of rows beside the former build's; `share` is the change it allows."""


@dataclass(frozen=True)
class Expectation:
    """One expectation. ERROR refuses the build, WARN tells. `kind` is a class of Great Expectations.

    Over no rows it fails, as it would prove nothing, unless the table `may_be_empty`.
    """

    name: str
    table: str
    severity: Severity
    sentence: str
    kind: str
    arguments: Mapping[str, Any]
    may_be_empty: bool = False


def _no_rows(
    name: str, table: str, sentence: str, query: str, severity: Severity = "ERROR", **more: Any
) -> Expectation:
    """An expectation that `query` finds nothing."""
    arguments = {"unexpected_rows_query": query}
    return Expectation(name, table, severity, sentence, "UnexpectedRowsExpectation", arguments, **more)


_AWAITING = ("awaiting_decision", "awaiting_match", "awaiting_placement", "awaiting_court", "awaiting_lodging")
_STAGES = ("not_awaiting", "secured", *_AWAITING)
_FAMILY_STEPS = ("needs_match", "needs_placement", "with_family")
_LEGAL_STEPS = ("needs_application", "before_the_court", "order_in_force", "none_needed")
_OUTCOMES = ("granted", "refused", "withdrawn", "dismissed", "dropped", "other")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


EXPECTATIONS: tuple[Expectation, ...] = (
    Expectation(
        "journey_key_is_unique",
        "core.journey",
        "ERROR",
        "Each looked-after spell of a child has one journey.",
        "ExpectCompoundColumnsToBeUnique",
        {"column_list": ["council", "child_key", "spell_no"]},
    ),
    _no_rows(
        "journey_has_its_spell",
        "core.journey",
        "Every journey belongs to a looked-after spell.",
        """SELECT 1 AS found FROM {batch} j WHERE NOT EXISTS (
             SELECT FROM [core.looked_after_spell] s
             WHERE s.council = j.council AND s.child_key = j.child_key AND s.spell_no = j.spell_no)""",
    ),
    Expectation(
        "journey_does_not_end_before_it_starts",
        "core.journey",
        "ERROR",
        "No journey ends before it starts.",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {
            "column_A": "ended_on",
            "column_B": "started_on",
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
    ),
    Expectation(
        "wait_lasts_at_least_a_day",
        "core.stage_wait",
        "ERROR",
        "A stay in a stage ends after it began, or has not ended.",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": "left_on", "column_B": "entered_on", "ignore_row_if": "either_value_is_missing"},
    ),
    _no_rows(
        "stages_and_steps_are_known",
        "core.stage_wait",
        "Every stay is in a known stage; family and legal step are known or empty.",
        f"""SELECT 1 AS found FROM {{batch}} WHERE stage IS NULL OR stage NOT IN ({_listed(_STAGES)})
              OR family_step NOT IN ({_listed(_FAMILY_STEPS)}) OR legal_step NOT IN ({_listed(_LEGAL_STEPS)})""",
    ),
    _no_rows(
        "wait_has_its_journey",
        "core.stage_wait",
        "Every stay in a stage belongs to a journey.",
        """SELECT 1 AS found FROM {batch} w WHERE NOT EXISTS (
             SELECT FROM [core.journey] j
             WHERE j.council = w.council AND j.child_key = w.child_key AND j.spell_no = w.spell_no)""",
    ),
    _no_rows(
        "child_is_in_one_stage_a_day",
        "core.stage_wait",
        "No child is in two stages on one day.",
        """SELECT 1 AS found FROM (
             SELECT entered_on, lag(entered_on) OVER stays AS former_entered, lag(left_on) OVER stays AS former_left
             FROM {batch} WINDOW stays AS (PARTITION BY council, child_key ORDER BY entered_on, left_on NULLS LAST)
           ) s WHERE former_entered IS NOT NULL AND (former_left IS NULL OR former_left > entered_on)""",
    ),
    Expectation(
        "awaiting_is_counted",
        "measures.awaiting",
        "ERROR",
        "Every count of children awaiting permanence is there.",
        "ExpectColumnValuesToNotBeNull",
        {"column": "children"},
    ),
    Expectation(
        "awaiting_is_not_negative",
        "measures.awaiting",
        "ERROR",
        "No count of children awaiting permanence is below zero.",
        "ExpectColumnValuesToBeBetween",
        {"column": "children", "min_value": 0},
    ),
    _no_rows(
        "awaiting_counts_the_stays",
        "measures.awaiting",
        "A council's children in a stage at month end are the stays open on that day, each child once.",
        f"""WITH counted AS (
              SELECT m.month_end, w.council, w.stage, count(DISTINCT w.child_key) AS children
              FROM (SELECT DISTINCT month_end FROM {{batch}}) m
              JOIN [core.stage_wait] w
                ON w.entered_on <= m.month_end AND (w.left_on IS NULL OR w.left_on > m.month_end)
              GROUP BY m.month_end, w.council, w.stage)
            SELECT 1 AS found FROM {{batch}} a
            LEFT JOIN counted c ON c.month_end = a.month_end AND c.council = a.area AND c.stage = a.stage
            WHERE a.area <> 'SCO' AND a.stage IN ({_listed(_STAGES)}) AND a.children <> coalesce(c.children, 0)""",
    ),
    _no_rows(
        "awaiting_stages_add_up",
        "measures.awaiting",
        "The stages of awaiting add up to all_awaiting, and all stages to looked_after.",
        f"""SELECT 1 AS found FROM (
              SELECT sum(children) FILTER (WHERE stage IN ({_listed(_AWAITING)})) AS stages_awaiting,
                     sum(children) FILTER (WHERE stage IN ({_listed(_STAGES)})) AS stages,
                     max(children) FILTER (WHERE stage = 'all_awaiting') AS all_awaiting,
                     max(children) FILTER (WHERE stage = 'looked_after') AS looked_after
              FROM {{batch}} GROUP BY month_end, area) a
            WHERE (stages_awaiting = all_awaiting) IS NOT TRUE OR (stages = looked_after) IS NOT TRUE""",
    ),
    _no_rows(
        "councils_add_up_to_scotland",
        "measures.awaiting",
        "In each month and stage the councils' children add up to Scotland's.",
        """SELECT 1 AS found FROM {batch} GROUP BY month_end, stage
           HAVING (sum(children) FILTER (WHERE area = 'SCO')
                   = coalesce(sum(children) FILTER (WHERE area <> 'SCO'), 0)) IS NOT TRUE""",
    ),
    _no_rows(
        "estimate_is_a_share",
        "measures.estimate",
        "A cumulative incidence and a share lie between 0 and 1, within their interval.",
        """SELECT 1 AS found FROM {batch}
           WHERE statistic IN ('cumulative_incidence', 'share_in_band')
             AND (estimate NOT BETWEEN 0 AND 1 OR lower > estimate OR upper < estimate)""",
    ),
    _no_rows(
        "estimate_has_its_measure",
        "measures.estimate",
        "Every estimate names a measure that reference.measure defines.",
        """SELECT 1 AS found FROM {batch} e
           WHERE NOT EXISTS (SELECT FROM [reference.measure] m WHERE m.code = e.measure)""",
    ),
    _no_rows(
        "application_outcome_is_known_and_dated",
        "core.court_application",
        "A court application is pending, or has a known outcome and its date.",
        f"""SELECT 1 AS found FROM {{batch}}
            WHERE outcome NOT IN ({_listed(_OUTCOMES)}) OR (outcome IS NULL) <> (outcome_on IS NULL)
               OR outcome_on < lodged_on""",
        may_be_empty=True,
    ),
    _no_rows(
        "rows_read_are_taken_or_refused",
        "measures.data_quality",
        "Every row that was read was taken or refused.",
        "SELECT 1 AS found FROM {batch} WHERE rows_read <> rows_taken + rows_refused",
    ),
    _no_rows(
        "published_councils_add_up_to_scotland",
        "core.published_count",
        "In each publication that gives all 32 councils, their looked-after children add up to its Scotland row.",
        """SELECT 1 AS found FROM {batch} WHERE measure LIKE 'looked_after' GROUP BY year, measure, category, publication
           HAVING count("count") FILTER (WHERE area <> 'SCO') = 32
              AND max("count") FILTER (WHERE area = 'SCO') <> sum("count") FILTER (WHERE area <> 'SCO')""",
        severity="WARN",
    ),
    Expectation(
        "journeys_are_near_the_former_build",
        "core.journey",
        "WARN",
        "The number of journeys is within a fifth of the former build's.",
        NEAR_FORMER,
        {"share": 0.2},
    ),
    Expectation(
        "waits_are_near_the_former_build",
        "core.stage_wait",
        "WARN",
        "The number of stays is within a fifth of the former build's.",
        NEAR_FORMER,
        {"share": 0.2},
    ),
)
