"""Dictionary and catalogue: everything is on them, every anchor is one, every link leads somewhere."""

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pact_pipeline.contracts import Contracts
from pact_pipeline.desk.catalogue import RULES_FILE, catalogue, law_of, looks_back, rules_page, told_rule
from pact_pipeline.desk.dictionary import DICTIONARY_FILE, dictionary_page
from pact_pipeline.desk.pages import write_page
from pact_pipeline.desk.words import pattern_in_words
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.judging.file_rules import FILE_RULES

VOID = {"meta", "br", "wbr", "link", "img", "hr", "input"}


class Page(HTMLParser):
    """Ids, links, headings and text of a page; fails where an element isn't closed as it was opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()
        self.labels: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        self.tags[tag] += 1
        if tag not in VOID:
            self._open.append(tag)
        if named.get("id"):
            self.ids.append(str(named["id"]))
        if tag == "a":
            self.links.append(str(named["href"]))
        if named.get("aria-labelledby"):
            self.labels.append(str(named["aria-labelledby"]))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def rules(contracts: Contracts) -> Page:
    return Page(rules_page(contracts))


@pytest.fixture(scope="module")
def dictionary(contracts: Contracts) -> Page:
    return Page(dictionary_page(contracts))


def test_every_declared_rule_and_every_file_rule_has_its_anchor(contracts: Contracts, rules: Page) -> None:
    declared = {rule.code for contract in contracts.values() for rule in contract.rules}
    assert declared | set(FILE_RULES) <= set(rules.ids)
    assert len(declared) > 100


def test_every_rule_shows_title_message_mend_source_and_all_its_cases(contracts: Contracts, rules: Page) -> None:
    for table in catalogue(contracts):
        for entry in table.declared:
            rule = entry.rule
            for words in (rule.title, rule.message, rule.mend, rule.source):
                assert words in rules.text
            assert [case.finds for case in entry.cases] == [True] * len(rule.fails) + [False] * len(rule.passes)
            for case, rows in zip(entry.cases, (*rule.fails, *rule.passes), strict=True):
                assert len(case.rows) == len(rows)


def test_the_cells_that_differ_from_the_example_row_are_marked_and_no_others(contracts: Contracts) -> None:
    (entry,) = [entry for table in catalogue(contracts) for entry in table.declared if entry.rule.code == "CH-010"]
    first = dict(zip(entry.columns, entry.cases[0].rows[0], strict=True))
    assert [name for name, cell in first.items() if cell.changed] == ["date_of_birth"]
    assert first["date_of_birth"].text == "2011-05-11"
    assert '<mark><span class="unseen">changed: </span>2011-05-11</mark>' in rules_page(contracts)


def test_rules_of_every_table_say_the_columns_they_look_at(contracts: Contracts) -> None:
    (children,) = [table for table in catalogue(contracts) if table.contract.key == "councils.children"]
    general = {one.words.code: one.columns for one in children.general}
    assert general["CH-004"] == "child_ref, looked_after_from"
    assert general["CH-006"] == "the whole row"


def test_rules_that_look_back_show_the_delivery_before(contracts: Contracts) -> None:
    entries = [entry for table in catalogue(contracts) for entry in table.declared if looks_back(entry.rule)]
    assert entries
    with_rows = [entry for entry in entries if any("in the delivery of" in one.caption for one in entry.beside)]
    assert [entry.rule.code for entry in entries if entry not in with_rows] == []


@pytest.mark.parametrize("name", ["rules", "dictionary"])
def test_anchors_are_one_each_and_links_lead_somewhere(
    request: pytest.FixtureRequest, rules: Page, dictionary: Page, name: str
) -> None:
    page: Page = request.getfixturevalue(name)
    assert [one for one, times in Counter(page.ids).items() if times > 1] == []
    here = {RULES_FILE: rules, DICTIONARY_FILE: dictionary}
    for link in page.links:
        file, _, anchor = link.partition("#")
        target = here[file] if file else page
        assert not anchor or anchor in target.ids, link
    assert set(page.labels) <= set(page.ids)
    assert page.tags["h1"] == page.tags["main"] == page.tags["nav"] == 1
    assert page.tags["script"] == page.tags["img"] == 0


def test_the_dictionary_holds_every_table_column_and_word(contracts: Contracts, dictionary: Page) -> None:
    for contract in contracts.values():
        assert contract.key in dictionary.ids
        for column in contract.columns:
            assert f"{contract.key}.{column.name}" in dictionary.ids
            assert column.description in dictionary.text
            for code in column.codes:
                assert code.code in dictionary.text
                assert code.meaning in dictionary.text


def test_the_same_contracts_give_the_same_pages(contracts: Contracts) -> None:
    assert rules_page(contracts) == rules_page(contracts)


def test_laws_are_told_apart_from_the_places_in_them() -> None:
    assert law_of("SSI 2009/210 reg 45(2)(a)") == "Looked After Children (Scotland) Regulations 2009 (SSI 2009/210)"
    assert law_of("2007 Act s.84(1)") == "Adoption and Children (Scotland) Act 2007"
    assert law_of("Plan paragraph 25") == "The programme's plan"
    assert law_of("Promise of the table: a day of birth") == law_of("") == "Promise of the table"


def test_patterns_are_told_in_words() -> None:
    assert pattern_in_words(r"\d{9}") == "9 digits"
    assert pattern_in_words(r"FY\d{4}-\d{2}") == "written like FY0000-00, a digit for each 0"
    assert pattern_in_words(r"[A-Z]+") == "of an agreed form: see the example"


def test_one_rule_is_told_in_a_few_lines(contracts: Contracts) -> None:
    lines = told_rule(contracts, "ch-010")
    assert lines[0] == "CH-010  Looked after before birth  (councils.children: looked_after_from, date_of_birth)"
    assert lines[2:4] == (
        "To mend: Check the date of birth and the first day of the spell.",
        "Row refused: The row isn't taken; the others are.",
    )
    with pytest.raises(PactFailure) as unknown:
        told_rule(contracts, "XX-999")
    assert str(unknown.value) == (
        "DESK-021: there is no rule XX-999. To mend: `pact dictionary` writes a page of all of them."
    )


def test_a_page_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(PactFailure) as failure:
        write_page(tmp_path / "taken" / RULES_FILE, "<p>")
    assert failure.value.code == "DESK-003"
    assert failure.value.__context__ is None
