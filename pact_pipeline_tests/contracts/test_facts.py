"""Every confirmed fact of law and practice that the councils' six tables can show has its rule, tied to its source.

A fact loses its rule when a rule is taken out or put on another kind of check: then the fact's line here fails. Limits
that no source confirms (28 days and 12 weeks to a petition, 13 weeks with the adopters, three months to the Register,
the yearly review of approvals) have no rule on purpose.
"""

import re
from datetime import date

import pytest

from pact_pipeline.contracts.model import Rule
from pact_pipeline_tests.contracts.example_rows import contracts

# The fact, the rules that hold it, the kinds of check they use, and what their source must name.
FACTS = [
    # Who is looked after, and which spells
    ("birth comes before being looked after", "CH-010", "not_before", "partial order"),
    ("a stay of not over 24 hours is not being looked after", "CH-023", "differs", "CLAS notes"),
    ("spells of one child don't overlap", "CH-016", "no_overlap", "Grain"),
    ("it is a child who is looked after", "CH-017", "age_between", "1995 s.17"),
    ("nobody is looked after from 18 on", "CH-019", "age_at_period_end", "s.80"),
    ("an ended spell has a destination", "CH-012", "both_or_neither", "Promise"),
    ("the return covers the last twelve months", "CH-035 CH-036 CH-038", "former_open_rows_kept", "12 months"),
    ("a date of birth is one child's", "CH-018 CH-026", "same_within same_as_former", "Grain"),
    ("a candidate number is one child's", "CH-024 CH-028", "same_within same_as_former", "Grain"),
    ("last month's history is sent again", "CH-037 MI-061 PL-035 MA-035 SP-022", "history_kept", "full history"),
    ("what was sent stays as it was", "CH-030 CH-034 MI-059 MI-060 PL-032 CA-035 MA-032", "same_as_former", "full history"),
    ("adoption from care comes from away from home", "CH-043", "required_when", "away from home"),
    # Reviews: SSI 2009/210
    ("first review within six weeks", "MI-035", "in_time_in_spell", "SSI 2009/210 reg 45(2)(a)"),
    ("a child away over six weeks has had a review", "MI-055", "people_have_rows", "SSI 2009/210 reg 45(2)(a)"),
    ("second review within three months", "MI-036", "in_time_in_spell", "SSI 2009/210 reg 45(2)(b)"),
    ("later reviews within six months", "MI-037", "in_time_in_spell", "SSI 2009/210 reg 45(2)(c)"),
    ("a review before a petition for a permanence order", "MI-038", "has_step_before", "SSI 2009/210 reg 45(4)(b)"),
    # The pathway, a partial order
    ("a referral may come before birth, no other step may", "MI-012", "not_before_in_table", "at or before birth"),
    ("a referral before birth is of this child", "MI-057", "not_before_in_table", "at or before birth"),
    ("looked after, then the steps", "MI-020", "not_before_in_table", "partial order"),
    ("recommendation, then panel", "MI-021 MI-045", "not_before_step has_step_before", "partial order"),
    ("panel, then decision", "MI-022 MI-046", "not_before_step has_step_before", "SSI 2009/154 reg 13(1)"),
    ("decision within 14 days of the panel", "MI-034", "soon_after_step", "SSI 2009/154 reg 13(1)"),
    ("match approved within 14 days of the panel", "MA-023", "at_most_days", "SSI 2009/154 reg 13(1)"),
    ("not approved has something before it", "MI-047", "has_step_before", "partial order"),
    ("decision, then reversal", "MI-023 MI-048", "not_before_step has_step_before", "partial order"),
    ("a reopened decision needs a new approval", "MI-051", "last_step_stands", "partial order"),
    ("the consent certificate follows the decision", "MI-050", "has_step_before", "SSI 2009/154 regs 19 and 20"),
    ("referral to the Reporter, then advice", "MI-049", "has_step_before", "Practice Direction 25"),
    ("decision, then petition for a permanence order", "MI-039", "has_step_before", "partial order"),
    ("petition, then outcome", "MI-024 MI-025 MI-026 MI-040 MI-041 MI-042", "not_before_step has_step_before", "petition"),
    ("outcomes of a court", "MI-019", "codes_when", "Promise"),
    ("a dated outcome", "MI-013", "required_when", "Promise"),
    ("order granted, then ended", "MI-027 MI-043 MI-044", "not_before_step has_step_before", "granted, then ended"),
    ("the plan follows from the steps", "MI-056", "plan_agrees", "follows from the steps"),
    # Orders
    ("no permanence order before 28 September 2009", "MI-029", "not_before_day", "28 September 2009"),
    ("an order is sought for a child", "MI-028", "age_between", "s.80"),
    ("a grant after 16 is contested", "MI-030", "age_between", "CSIH 3"),
    ("residence until 16, guidance until 18", "MI-058", "age_between", "s.80"),
    ("adoption ends being looked after", "MI-052 MI-053", "has_row_in_table people_have_rows", "101|paragraph 25"),
    ("a kinship care order is a section 11 order", "MI-054", "people_have_rows", "2014 s.72"),
    # Where children live
    ("placements lie within the spells", "PL-014 PL-019 PL-020 PL-021", "within_a_spell has_row_in_table people_have_rows",
     "spells"),
    ("secure and crisis care are no permanent family", "PL-018", "codes_when", "Plan paragraph 13"),
    ("one permanent family at a time", "PL-030 MA-021", "no_overlap", "Plan paragraph"),
    ("at home is with the parents", "PL-024", "empty_when", "1995 s.17"),
    ("kinship carers are assessed before the placement", "PL-027", "not_before_in_table", "SSI 2009/210 reg 11"),
    ("concurrent carers are approved to foster and to adopt", "PL-029", "has_row_if_flagged", "Plan paragraph 28"),
    ("a concurrent placement is away from home", "CH-021", "required_when", "Plan paragraph 28"),
    ("foster carers are approved", "PL-025 PL-026", "has_row_in_table not_before_in_table", "SSI 2009/210 reg 22"),
    ("the number of children is a term of the approval", "PL-028 CA-022 CA-026",
     "not_more_than_places empty_when required_when", "SSI 2009/210 reg 22(5)"),
    # Carers
    ("foster carers: decision within 14 days", "CA-023", "at_most_days", "SSI 2009/210 reg 22(3)"),
    ("foster carers: panel, then decision", "CA-014 CA-025", "not_before required_when", "SSI 2009/210 reg 22"),
    ("carers are assessed before approval", "CA-020 CA-027", "not_before required_when", "SSI 2009/210 reg 22 and Schedule 3"),
    ("adopters: information within seven days", "CA-024", "at_most_days", "standard 19"),
    ("an assessment takes some 64 hours, and has no negative ones", "CA-033", "at_most", "Plan paragraph 30"),
    # Matches and support
    ("the plan is approved before the match", "MA-019 MA-024", "not_before_in_table has_row_in_table", "before the match"),
    ("the household is approved before the match", "MA-025", "not_before_in_table", "Plan paragraph 29"),
    ("a match approved before placing, but for concurrency", "MA-026", "has_row_in_table", "concurrent"),
    ("living with the adopters before the order", "MA-027", "not_after_in_table", "2007 s.15|Act 2007 s.15"),
    ("adopters are approved to adopt", "MA-029", "has_row_in_table", "SSI 2009/154 Part III"),
    ("a support plan is for the child's own family", "SP-018", "pair_in_tables", "s.45"),
]  # fmt: skip

# Ways that practice takes and the law allows: none of the rules named may refuse them.
LEGITIMATE = [
    ("a direct petition for adoption", "MI-039", [{"milestone": "petition_lodged", "outcome": "ADOPTION"}]),
    ("a residence order that relatives seek", "MI-039", [{"milestone": "petition_lodged", "outcome": "RESIDENCE"}]),
    (
        "authority to adopt added to a permanence order",
        "MI-040",
        [{"outcome": "PO_granted"}, {"outcome": "POA_granted"}],
    ),
    ("a decision opened again", "MI-039", [{"outcome": "reversed"}, {"outcome": "permanence_order"}]),
    ("a decision against the panel's view", "MI-046", [{"milestone": "panel", "outcome": "not_recommended"}]),
    ("a recommendation on one day with the panel", "MI-021", [{"milestone": "panel", "outcome": "recommended"}]),
    ("a placement before the match, as concurrent ones are", "MA-026", [{"decision_on": None}]),
    ("living with the carers before they are linked", "MA-020", [{"placed_on": "2011-05-10"}]),
    ("a referral before birth", "MI-012", [{"milestone": "referral", "on_date": "2009-12-01"}]),
    ("an adoption granted soon after the spell's end", "MI-032", [{"outcome": "ADOPTION_granted"}]),
    ("kin without a carer reference", "PL-016", [{"carer_ref": None, "placement_type": "kinship"}]),
]


def rules() -> dict[str, Rule]:
    return {rule.code: rule for contract in contracts().collection("councils") for rule in contract.rules}


@pytest.mark.parametrize(("fact", "codes", "checks", "source"), FACTS, ids=[fact[0] for fact in FACTS])
def test_the_fact_has_its_rules(fact: str, codes: str, checks: str, source: str) -> None:
    held = [rules()[code] for code in codes.split()]
    assert {rule.check for rule in held} == set(checks.split()), fact
    for rule in held:
        assert rule.fails, rule.code
        assert rule.passes, rule.code
    assert any(re.search(re.escape(source).replace(r"\|", "|"), rule.source) for rule in held), [r.source for r in held]


def test_no_line_of_facts_is_given_twice() -> None:
    assert len({fact[0] for fact in FACTS}) == len(FACTS)


@pytest.mark.parametrize(("way", "code", "cells"), LEGITIMATE, ids=[way[0] for way in LEGITIMATE])
def test_what_the_law_allows_stands_as_a_passing_case(way: str, code: str, cells: list[dict[str, object]]) -> None:
    def shows(case: object) -> bool:
        return all(any(cell.items() <= plain(row).items() for row in case) for cell in cells)  # type: ignore[attr-defined]

    assert any(shows(case) for case in rules()[code].passes), way


def plain(row: "dict[str, object]") -> dict[str, object]:
    return {name: cell.isoformat() if isinstance(cell, date) else cell for name, cell in row.items()}


def test_every_rule_of_the_councils_tables_names_its_source() -> None:
    for rule in rules().values():
        assert re.search(
            r"^(SSI \d|\[\d{4}\] CSIH|Plan paragraph \d|Promise of the table|Grain of the table|Pathway of the programme|"
            r"SCRA |CLAS notes|National Care Standards|.*\(Scotland\) Act \d{4} s\.)", rule.source
        ), (rule.code, rule.source)  # fmt: skip


def test_limits_that_no_source_confirms_are_not_judged() -> None:
    """The 28 days and 12 weeks to a petition, 13 weeks with the adopters: a rule with such a limit would be invented."""
    limits = {rule.code: rule.arguments.get("days") for rule in rules().values()}
    petitions = [rule for rule in rules().values() if "petition_lodged" in str(rule.arguments.get("later", ""))]
    assert not petitions
    assert not {code for code, days in limits.items() if days in (84, 91, 28)}


def test_more_than_a_hundred_rules_stand_on_the_councils_tables() -> None:
    assert len(rules()) > 150
