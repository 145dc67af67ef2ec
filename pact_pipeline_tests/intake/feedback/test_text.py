"""The guard against formulas, and what the page hides: for any text whatever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_pipeline.intake.feedback import masked, neutral
from pact_pipeline.intake.feedback.summary import _noted
from pact_pipeline.intake.feedback.text import sheet_name, without_places

STARTS = "=+-@\t\r\n＝＋－＠﹢"


@given(st.text(alphabet=" \u00a0\u200b\ufeff\u3000", max_size=4), st.sampled_from(STARTS), st.text())
def test_whatever_starts_a_formula_behind_whatever_blanks_is_written_as_text(
    blanks: str, start: str, rest: str
) -> None:
    assert neutral(blanks + start + rest).startswith("'")


@given(st.text(alphabet=st.characters(codec=None)))
def test_neutral_text_can_be_written_and_being_neutral_twice_changes_nothing(text: str) -> None:
    once = neutral(text)
    once.encode("utf-8")
    assert neutral(once) == once
    assert not any(sign < " " and sign not in "\t\n\r" for sign in once)


def test_a_long_cell_is_cut_with_a_mark() -> None:
    assert neutral("x" * 9_000, 5) == "xxxxx… (cut; 9,000 signs)"


@given(st.text(), st.lists(st.text()))
def test_any_words_make_a_sheet_name_excel_takes(words: str, taken: list[str]) -> None:
    name = sheet_name(words, taken)
    assert 0 < len(name) <= 31
    assert not set(name) & set("[]:*?/\\")
    assert not name.startswith("'")
    assert not name.endswith("'")
    assert name.casefold() not in {other.casefold() for other in taken}


@given(st.text(min_size=1).map(lambda word: f"CANARY{word}CANARY"), st.sampled_from(["'", '"', "`"]))
def test_a_quoted_word_nobody_agreed_on_is_never_on_the_page(word: str, quote: str) -> None:
    shown = masked(f"a column is missing: 'Date'. Unknown: {quote}{word}{quote}; it can't be read.", {"Date"})
    assert "CANARY" not in shown
    assert shown.startswith("A column is missing: 'Date'." if shown[0] == "A" else "a column is missing: 'Date'.")


def test_what_is_hidden_is_counted_and_apostrophes_are_no_quotations() -> None:
    assert masked("not asked for, so not read: 'Child's name', 'CHI' and 3 more") == (
        "not asked for, so not read: [2 quoted in the workbook] and 3 more"
    )
    assert masked("a council's file can't be read") == "a council's file can't be read"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("could not open /srv/pact/var/archive/ab/x.csv today", "could not open x.csv today"),
        ("C:\\data\\fife\\x.csv", "x.csv"),
        ("write 31/08/2012 or dd/mm/yyyy", "write 31/08/2012 or dd/mm/yyyy"),
    ],
)
def test_no_path_of_a_machine_is_told(text: str, shown: str) -> None:
    assert without_places(text) == shown


def test_a_long_heading_is_cut_at_sixty_signs_and_prose_is_left() -> None:
    heading = "Name of child: " + "x" * 80
    assert _noted(f"not read: '{heading}', 'CHI'") == f"not read: '{heading[:60]}…', 'CHI'"
    prose = "120 of 340 rows of 'children' would be refused (35%; at most 25% is taken without a person's decision)."
    assert _noted(prose) == prose
