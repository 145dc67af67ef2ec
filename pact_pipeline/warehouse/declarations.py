"""What is expected of a build before anybody sees it: each expectation declared once, as data.

Here: names, severities, sentences and what Great Expectations is to be asked. Not here: how they are judged
(`expectations`), what is expected of a supplier's rows (contracts), what a column may hold by itself (contracts again).
In a query `[core.journey]` is a table of the build that is judged, and `<awaiting>` a list of words. Queries return no
column of the data: only how many rows they find leaves the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pact_pipeline import pathway

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


WORDS = {
    "awaiting": tuple(pathway.AWAITING_STAGES),
    "beside": pathway.OTHER_STAGES,
    "family_steps": tuple(pathway.FAMILY_STEPS),
    "legal_steps": tuple(pathway.LEGAL_STEPS),
    "outcomes": pathway.COURT_OUTCOMES,
}
"""The words of the definitions (definitions#stages) that queries name as `<awaiting>`."""


def _no_rows(
    name: str, table: str, sentence: str, query: str, severity: Severity = "ERROR", may_be_empty: bool = False
) -> Expectation:
    """An expectation that `query` finds nothing."""
    for key, words in WORDS.items():
        query = query.replace(f"<{key}>", ", ".join(f"'{word}'" for word in words))
    arguments = {"unexpected_rows_query": query}
    return Expectation(name, table, severity, sentence, "UnexpectedRowsExpectation", arguments, may_be_empty)


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
        """SELECT 1 AS found FROM [core.journey] j WHERE NOT EXISTS (
             SELECT 1 FROM [core.looked_after_spell] s
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
        """SELECT 1 AS found FROM [core.stage_wait] WHERE stage IS NULL OR stage NOT IN (<beside>, <awaiting>)
              OR family_step NOT IN (<family_steps>) OR legal_step NOT IN (<legal_steps>)""",
    ),
    _no_rows(
        "wait_has_its_journey",
        "core.stage_wait",
        "Every stay in a stage belongs to a journey.",
        """SELECT 1 AS found FROM [core.stage_wait] w WHERE NOT EXISTS (
             SELECT 1 FROM [core.journey] j
             WHERE j.council = w.council AND j.child_key = w.child_key AND j.spell_no = w.spell_no)""",
    ),
    _no_rows(
        "child_is_in_one_stage_a_day",
        "core.stage_wait",
        "No child is in two stages on one day.",
        """SELECT 1 AS found FROM (
             SELECT entered_on, lag(entered_on) OVER stays AS former_entered, lag(left_on) OVER stays AS former_left
             FROM [core.stage_wait]
             WINDOW stays AS (PARTITION BY council, child_key ORDER BY entered_on, left_on NULLS LAST)
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
        "A council's children in a stage at month end are the stays open on that day.",
        """SELECT 1 AS found FROM (
             SELECT children, sum(change) OVER (PARTITION BY area, stage ORDER BY day) AS open_stays FROM (
               SELECT council AS area, stage, entered_on AS day, 1 AS change, CAST(NULL AS bigint) AS children
               FROM [core.stage_wait]
               UNION ALL
               SELECT council, stage, left_on, -1, NULL FROM [core.stage_wait] WHERE left_on IS NOT NULL
               UNION ALL
               SELECT area, stage, month_end, 0, children FROM [measures.awaiting]
               WHERE area <> 'SCO' AND stage IN (<beside>, <awaiting>)) c
           ) d WHERE children <> open_stays""",
    ),
    _no_rows(
        "awaiting_stages_add_up",
        "measures.awaiting",
        "The stages of awaiting add up to all_awaiting, and all stages to looked_after.",
        """SELECT 1 AS found FROM (
              SELECT sum(children) FILTER (WHERE stage IN (<awaiting>)) AS stages_awaiting,
                     sum(children) FILTER (WHERE stage IN (<beside>, <awaiting>)) AS stages,
                     max(children) FILTER (WHERE stage = 'all_awaiting') AS all_awaiting,
                     max(children) FILTER (WHERE stage = 'looked_after') AS looked_after
              FROM [measures.awaiting] GROUP BY month_end, area) a
            WHERE (stages_awaiting = all_awaiting) IS NOT TRUE OR (stages = looked_after) IS NOT TRUE""",
    ),
    _no_rows(
        "councils_add_up_to_scotland",
        "measures.awaiting",
        "In each month and stage the councils' children add up to Scotland's.",
        """SELECT 1 AS found FROM [measures.awaiting] GROUP BY month_end, stage
           HAVING (sum(children) FILTER (WHERE area = 'SCO')
                   = coalesce(sum(children) FILTER (WHERE area <> 'SCO'), 0)) IS NOT TRUE""",
    ),
    _no_rows(
        "steps_add_up_to_awaiting",
        "measures.awaiting_step",
        "In each month and area the pairs of family and legal step add up to all children awaiting permanence.",
        """SELECT 1 AS found
           FROM (SELECT month_end, area, sum(children) AS children FROM [measures.awaiting_step] GROUP BY 1, 2) s
           JOIN [measures.awaiting] a
             ON a.month_end = s.month_end AND a.area = s.area AND a.stage = 'all_awaiting'
           WHERE a.children <> s.children""",
    ),
    _no_rows(
        "stock_and_flow_balance",
        "measures.flow",
        "Opening and started less ended is closing, and closing is the children looked after on that day.",
        """SELECT 1 AS found FROM [measures.flow] f
           LEFT JOIN [measures.awaiting] a
             ON a.month_end = f.month_end AND a.area = f.area AND a.stage = 'looked_after'
           WHERE (f.opening + f.started - f.ended = f.closing) IS NOT TRUE OR (f.closing = a.children) IS NOT TRUE""",
    ),
    _no_rows(
        "area_is_a_council_or_scotland",
        "measures.awaiting",
        "Every area is a council that reference.council lists, or Scotland.",
        """SELECT 1 AS found FROM [measures.awaiting] a WHERE a.area <> 'SCO'
             AND NOT EXISTS (SELECT 1 FROM [reference.council] c WHERE c.council = a.area)""",
    ),
    _no_rows(
        "estimate_is_a_share",
        "measures.estimate",
        "A cumulative incidence and a share lie between 0 and 1, within their interval.",
        """SELECT 1 AS found FROM [measures.estimate]
           WHERE statistic IN ('cumulative_incidence', 'share_in_band')
             AND (estimate NOT BETWEEN 0 AND 1 OR lower > estimate + 1e-9 OR upper < estimate - 1e-9)""",
    ),
    _no_rows(
        "estimate_has_its_measure",
        "measures.estimate",
        "Every estimate names a measure that reference.measure defines.",
        """SELECT 1 AS found FROM [measures.estimate] e
           WHERE NOT EXISTS (SELECT 1 FROM [reference.measure] m WHERE m.code = e.measure)""",
    ),
    Expectation(
        "curve_is_a_share",
        "measures.curve",
        "ERROR",
        "Every point of a curve lies between 0 and 1.",
        "ExpectColumnValuesToBeBetween",
        {"column": "estimate", "min_value": 0, "max_value": 1},
        may_be_empty=True,
    ),
    _no_rows(
        "application_outcome_is_known_and_dated",
        "core.court_application",
        "A court application is pending, or has a known outcome and its date.",
        """SELECT 1 AS found FROM [core.court_application]
           WHERE outcome IS NULL OR outcome NOT IN ('pending', <outcomes>)
              OR (outcome = 'pending') <> (outcome_on IS NULL)""",
        may_be_empty=True,
    ),
    _no_rows(
        "application_is_decided_after_it_is_lodged",
        "core.court_application",
        "No court application has an outcome before the day it was lodged.",
        "SELECT 1 AS found FROM [core.court_application] WHERE outcome_on < lodged_on",
        severity="WARN",
        may_be_empty=True,
    ),
    _no_rows(
        "rows_read_are_taken_or_refused",
        "measures.data_quality",
        "Every row that was read was taken or refused.",
        "SELECT 1 AS found FROM [measures.data_quality] WHERE rows_read <> rows_taken + rows_refused",
    ),
    _no_rows(
        "published_councils_add_up_to_scotland",
        "core.published_count",
        "In each CLAS publication that gives all 32 councils, they add up to its Scotland row.",
        """SELECT 1 AS found FROM [core.published_count] WHERE series = 'clas'
           GROUP BY period, measure, category, publication
           HAVING count(value) FILTER (WHERE area <> 'SCO') = 32
              AND max(value) FILTER (WHERE area = 'SCO') <> sum(value) FILTER (WHERE area <> 'SCO')""",
        may_be_empty=True,  # before the first CLAS publication has arrived
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
