"""All 32 councils by key, name, other names and every generation of codes, on the days they mean something."""

from datetime import date, timedelta

import pytest

from pact_pipeline.periods import Period
from pact_pipeline.reference.councils import (
    SCOTLAND,
    CodeOfAnotherTime,
    Council,
    CouncilWords,
    council_words,
    councils,
    key_of_council,
    plain_name,
)

COUNCILS = list(councils().values())
PLAN_ERA, TODAY = Period.parse("CLAS2013"), Period.parse("CLAS2020")


def in_period(period: Period) -> CouncilWords:
    return council_words(period.first_day, period.last_day)


@pytest.mark.parametrize("council", COUNCILS, ids=lambda council: council.key)
@pytest.mark.parametrize("period", [PLAN_ERA, TODAY], ids=str)
def test_key_name_and_every_other_name_are_the_council_at_any_time(council: Council, period: Period) -> None:
    words = in_period(period)
    for word in (council.key, council.name, *council.aliases):
        for spelled in (
            word,
            word.upper(),
            f"  {word.lower()} ",
            f"{council.name} Council",
            word.replace(" and ", " & "),
        ):
            assert words.of(spelled) == council.key, spelled


@pytest.mark.parametrize("council", COUNCILS, ids=lambda council: council.key)
def test_every_generation_of_codes_counts_in_its_own_time_and_is_told_in_others(council: Council) -> None:
    for code, start, end in council.codes:
        inside = start or (end - timedelta(days=1) if end else TODAY.last_day)
        assert council_words(inside, inside).of(code) == council.key
        assert council_words(inside, inside).of(f" {code.lower()}") == council.key
        if end is not None:
            told = council_words(end, end).of(code)
            assert isinstance(told, CodeOfAnotherTime)
            assert told.in_use == council.code_on(end)
        if start is not None and code not in council.assumed_starts:
            assert isinstance(
                council_words(start - timedelta(days=1), start - timedelta(days=1)).of(code), CodeOfAnotherTime
            )


@pytest.mark.parametrize(
    ("key", "plan_era", "newest"),
    [
        ("FIF", "S12000015", "S12000047"),
        ("PKN", "S12000024", "S12000048"),
        ("GLG", "S12000046", "S12000049"),
        ("NLK", "S12000044", "S12000050"),
    ],
)
def test_the_four_recoded_councils(key: str, plan_era: str, newest: str) -> None:
    assert in_period(PLAN_ERA).of(plan_era) == in_period(TODAY).of(newest) == key
    assert isinstance(in_period(TODAY).of(plan_era), CodeOfAnotherTime)
    assert isinstance(in_period(PLAN_ERA).of(newest), CodeOfAnotherTime)


def test_a_code_out_of_time_is_told_in_words() -> None:
    assert str(in_period(TODAY).of("S12000015")) == (
        "S12000015 is the code of Fife until 31 March 2018; in this period it is S12000047"
    )
    assert str(in_period(PLAN_ERA).of("S12000049")) == (
        "S12000049 is the code of Glasgow City from 1 April 2019 on; in this period it is S12000046"
    )


def test_a_code_whose_beginning_is_assumed_is_not_refused_for_it() -> None:
    assert in_period(Period.parse("CLAS2009")).of("S12000046") == "GLG"


def test_no_word_stands_for_two_councils() -> None:
    words: dict[str, str] = {}
    for council in COUNCILS:
        for word in (council.key, council.name, *council.aliases, *(code for code, _, _ in council.codes)):
            assert words.setdefault(plain_name(word), council.key) == council.key


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("Comhairle nan Eilean Siar", "ELS"), ("Eilean Siar", "ELS"), ("Western Isles", "ELS"),
        ("Na h-Eileanan an Iar", "ELS"), ("Edinburgh, City of", "EDH"), ("City of Edinburgh Council", "EDH"),
        ("The Scottish Borders", "SCB"), ("The Highland Council", "HLD"), ("The Moray Council", "MRY"),
        ("Dumfries & Galloway", "DGY"), ("City of Dundee", "DND"), ("City of Glasgow", "GLG"),
        ("Argyll & Bute Council", "AGB"), ("S92000003", SCOTLAND), ("scotland", SCOTLAND), ("Renfrewshire", "RFW"),
        ("Atlantis", None), ("", None), ("The", None), ("Council", None), ("S12000099", None),
    ],
)  # fmt: skip
def test_the_names_of_the_official_lists(word: str, key: str | None) -> None:
    assert key_of_council(word) == key
    assert in_period(PLAN_ERA).of(word) == key


def test_one_day_or_any_day() -> None:
    assert key_of_council("S12000015", date(2018, 3, 31)) == "FIF"
    assert key_of_council("S12000015", date(2018, 4, 1)) is None
    assert key_of_council("S12000015") == "FIF"
