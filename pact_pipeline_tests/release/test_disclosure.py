"""The first disclosure rule, on tables small enough to check by eye, and as a property of any table."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_pipeline.release import PARTNERS, Released, Sum, protect_counts, protect_statistic, quality_figure
from pact_pipeline.release.disclosure import ReleaseRefused, _what_a_reader_knows, without_figure

STAGES = ("decision", "match", "placement", "court", "lodging")


def shown(
    counts: dict[str, int | None], *sums: Sum[str], unseen: tuple[str, ...] = ()
) -> dict[str, float | str | None]:
    released = protect_counts(counts, sums, unseen=unseen)
    return {k: r.number if r.shorthand is None else r.shorthand for k, r in released.items()}


def stages(*numbers: int) -> dict[str, int | None]:
    return dict(zip(STAGES, numbers, strict=True)) | {"all": sum(numbers)}


def test_one_to_four_are_hidden_and_nought_and_five_are_shown() -> None:
    assert shown({"a": 0, "b": 1, "c": 4, "d": 5, "e": None}) == {"a": 0, "b": "[c]", "c": "[c]", "d": 5, "e": "[x]"}


def test_the_next_smallest_is_hidden_with_a_single_small_count() -> None:
    assert shown(stages(40, 3, 12, 9, 0), Sum("all", STAGES)) == {
        "decision": 40, "match": "[c]", "placement": 12, "court": "[c]", "lodging": 0, "all": 64,
    }  # fmt: skip


def test_of_equal_counts_the_first_is_hidden() -> None:
    assert shown(stages(9, 3, 9, 40, 9), Sum("all", STAGES))["decision"] == "[c]"


def test_two_small_counts_that_add_up_to_too_little_take_a_third_with_them() -> None:
    # 1 + 2 = 3 would be known of the two: each would be known to be 1 or 2.
    assert shown(stages(1, 2, 20, 30, 0), Sum("all", STAGES)) == {
        "decision": "[c]", "match": "[c]", "placement": "[c]", "court": 30, "lodging": 0, "all": 53,
    }  # fmt: skip


def test_when_no_count_above_nought_is_left_the_noughts_are_hidden() -> None:
    # Two numbers above nought that add up to 5 are 1 to 4 each; of five numbers that may be nought any may be 5.
    assert shown(stages(1, 4, 0, 0, 0), Sum("all", STAGES)) == {**dict.fromkeys(STAGES, "[c]"), "all": 5}


def test_all_parts_of_a_small_total_are_hidden() -> None:
    assert shown(stages(0, 3, 0, 0, 0), Sum("all", STAGES)) == dict.fromkeys([*STAGES, "all"], "[c]")


def test_a_small_total_is_protected_in_the_table_above_it() -> None:
    counts = {"not_awaiting": 25, "secured": 8, **stages(0, 3, 0, 0, 0), "looked_after": 36}
    seen = shown(counts, Sum("looked_after", ("not_awaiting", "secured", "all")), Sum("all", STAGES))
    assert (seen["all"], seen["secured"], seen["not_awaiting"], seen["looked_after"]) == ("[c]", "[c]", 25, 36)


def test_all_noughts_are_shown() -> None:
    assert shown(stages(0, 0, 0, 0, 0), Sum("all", STAGES)) == dict.fromkeys([*STAGES, "all"], 0)


def test_the_same_count_in_two_tables_is_hidden_in_both() -> None:
    counts = {**stages(40, 3, 12, 9, 0), "court again": 9}
    seen = shown(counts, Sum("all", STAGES), Sum("court", ("court again",)))
    assert seen["court"] == seen["court again"] == "[c]"


def test_a_count_nobody_sees_is_not_given_away_by_a_difference() -> None:
    # 10 by a year, 12 by two years: two children between them.
    seen = shown({"12": 10, "24": 12, "between": 2}, Sum("24", ("12", "between")), unseen=("between",))
    assert seen == {"12": "[c]", "24": 12}


def test_an_unseen_count_of_five_needs_no_protection() -> None:
    assert shown({"12": 10, "24": 15, "between": 5}, Sum("24", ("12", "between")), unseen=("between",)) == {
        "12": 10,
        "24": 15,
    }


def test_figures_that_contradict_each_other_are_not_released() -> None:
    with pytest.raises(ReleaseRefused, match="add up") as refused:
        protect_counts({"a": 31, "b": 17, "all": 59}, [Sum("all", ("a", "b"))])
    assert not any(figure in str(refused.value) for figure in ("31", "17", "59"))


def test_the_same_table_hides_the_same_cells_every_time() -> None:
    once, twice = (shown(stages(7, 3, 7, 7, 1), Sum("all", STAGES)) for _ in range(2))
    assert once == twice


@pytest.mark.parametrize(("base", "expected"), [(9, "[c]"), (4, "[c]"), (10, 7.5), (None, "[x]"), (0, "[x]")], ids=str)
def test_no_statistic_on_fewer_than_ten(base: int | None, expected: float | str) -> None:
    released = protect_statistic(7.5, base)
    assert (released.number or released.shorthand) == expected


def test_words_are_hidden_like_the_figure_they_stand_for() -> None:
    assert protect_statistic(None, 9, words="not reached").hidden
    assert protect_statistic(None, 10, words="not reached").shorthand == "not reached"
    assert protect_statistic(0.4, 200, hidden=True).hidden
    assert protect_statistic(math.nan, 200).shorthand == "[x]"


def test_a_count_below_ten_is_shown_but_has_no_mark_and_no_sentence() -> None:
    released = protect_counts({"a": 9, "b": 10})
    assert (released["a"].number, released["a"].sayable, released["b"].sayable) == (9, False, True)


def test_a_released_figure_cannot_be_made_elsewhere() -> None:
    with pytest.raises(TypeError, match="disclosure alone"):
        Released(3.0, None, True, seal=object())


def test_words_in_the_place_of_a_figure_hold_no_digit() -> None:
    with pytest.raises(ReleaseRefused, match="digit"):
        without_figure("about 3")


def test_figures_about_submissions_are_shown_as_they_are() -> None:
    assert quality_figure(3).number == 3
    assert quality_figure(None).shorthand == "[x]"


TABLES = st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=1, max_size=5)


@given(TABLES)
def test_no_hidden_count_can_be_worked_out_of_a_table_with_all_its_margins(table: list[list[int]]) -> None:
    rows, columns = range(len(table)), range(3)
    counts: dict[tuple[object, object], int | None] = {(r, c): table[r][c] for r in rows for c in columns}
    counts |= {(r, "all"): sum(table[r]) for r in rows} | {("all", c): sum(table[r][c] for r in rows) for c in columns}
    counts["all", "all"] = sum(map(sum, table))
    sums = [Sum((r, "all"), tuple((r, c) for c in columns)) for r in rows]
    sums += [Sum(("all", c), tuple((r, c) for r in rows)) for c in columns]
    sums += [Sum(("all", "all"), tuple(("all", c) for c in columns))]
    sums += [Sum(("all", "all"), tuple((r, "all") for r in rows))]
    released = protect_counts(counts, sums)
    hidden = {k for k, r in released.items() if r.hidden}
    assert {k for k, n in counts.items() if n and n < PARTNERS.smallest_count} <= hidden
    assert all(released[k].number == counts[k] for k in counts if k not in hidden)
    low, high = _what_a_reader_knows(counts, sums, hidden, ())
    assert all(high[k] >= PARTNERS.smallest_count and low[k] < high[k] for k in hidden)
    assert all(low[k] <= (counts[k] or 0) <= high[k] for k in counts)
