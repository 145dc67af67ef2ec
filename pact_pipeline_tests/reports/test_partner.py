"""A partner's report: nothing hidden gets out, and what is left reads well and is accessible."""

import re
import time
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import chain, pairwise

import pandas as pd
import pytest

from pact_pipeline.failures import PactFailure
from pact_pipeline.reports import partner_report, waiting_sparkline
from pact_pipeline_tests.reports.samples import GLASGOW, ORKNEY, SCOTLAND, Area, inputs

EMPTY_ELEMENTS = {"meta", "br", "link", "line", "path", "circle", "rect"}


class Page(HTMLParser):
    """The page's elements with their attributes and text; a mismatched tag fails."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.open_tags, self.elements = (
            html,
            list[int](),
            list[tuple[str, dict[str, str | None], list[str]]](),
        )
        self.feed(html)
        assert not self.open_tags, "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))
        if tag not in EMPTY_ELEMENTS:
            self.open_tags.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY_ELEMENTS:
            assert self.elements[self.open_tags.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for i in self.open_tags:
            self.elements[i][2].append(data)

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attrs, " ".join("".join(text).split())) for t, attrs, text in self.elements if t == tag]

    def table(self, caption: str) -> dict[str, list[str]]:
        """A table's cells by row heading."""
        start = self.html.index(caption, self.html.index("<caption"))
        rows = re.findall(
            r'<th scope="row">(.*?)</th>(.*?)</tr>', self.html[start : self.html.index("</table>", start)]
        )
        return {header: re.findall(r"<td[^>]*>(.*?)</td>", cells) for header, cells in rows}


def page(key: str = "GLG", name: str = "Glasgow City", area: Area | None = GLASGOW) -> Page:
    return Page(partner_report(inputs(key, name, area)))


@pytest.fixture(scope="module", params=["large", "small", "empty"])
def any_page(request: pytest.FixtureRequest) -> Page:
    sample = {
        "large": ("GLG", "Glasgow City", GLASGOW),
        "small": ("ORK", "Orkney Islands", ORKNEY),
        "empty": ("SHE", "Shetland Islands", None),
    }
    return page(*sample[request.param])


def test_the_page_has_language_title_one_heading_and_a_skip_link(any_page: Page) -> None:
    assert any_page.all("html")[0][0]["lang"] == "en-GB"
    assert len(any_page.all("h1")) == len(any_page.all("main")) == 1
    assert "July 2013" in any_page.all("title")[0][1]
    assert any_page.all("a")[0][0]["href"] == "#main"
    headings = [tag for tag, _, _ in any_page.elements if tag in ("h1", "h2", "h3", "h4")]
    assert all(int(b[1]) <= int(a[1]) + 1 for a, b in pairwise(headings))


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(any_page: Page) -> None:
    assert len(any_page.all("table")) == len(any_page.all("caption")) >= 2
    assert all(text for _, text in any_page.all("caption"))
    assert {attrs.get("scope") for attrs, _ in any_page.all("th")} <= {"col", "row", "colgroup"}
    assert all(text for _, text in any_page.all("th") + any_page.all("td"))


def test_every_picture_has_role_title_and_description(any_page: Page) -> None:
    ids = {attrs["id"] for _, attrs, _ in any_page.elements if "id" in attrs}
    for attrs, _ in any_page.all("svg"):
        assert attrs["role"] == "img"
        assert set((attrs["aria-labelledby"] or "").split()) <= ids
    assert len(any_page.all("desc")) == len(any_page.all("svg"))


def test_no_id_stands_twice_and_every_link_on_the_page_leads_somewhere(any_page: Page) -> None:
    ids = [attrs["id"] for _, attrs, _ in any_page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {(attrs["href"] or "")[1:] for attrs, _ in any_page.all("a")} <= set(ids)


def test_the_page_fetches_nothing(any_page: Page) -> None:
    addresses = set(re.findall(r"(?:https?:)?//[^\s\"'<>]+", any_page.html))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert not any_page.all("script")
    assert not any_page.all("link")


def test_the_page_says_what_it_is() -> None:
    text = page().html
    for words in ("Provisional", "PACT partners", "14 August 2013, 10:30 BST", "2013-08-14-7f3a", "measure </span>AW"):
        assert words in text


def test_a_page_of_a_made_up_home_says_so_at_its_top() -> None:
    note = "Made-up clock: this home is of 15 August 2013; children and dates are invented."
    made_up = Page(partner_report(inputs(clock_note=note)))
    assert note in made_up.html[: made_up.html.index("<main")]
    assert "Made-up clock" not in page().html


def test_numbers_are_written_for_people() -> None:
    large = page()
    assert "3,504" in large.html
    assert large.table("Children awaiting permanence at each month")["July 2013"] == ["312", "1,800"]
    assert "up from 270 at 31 August 2012 and up from 309 a month before" in large.html


def test_a_planted_small_count_and_its_complement_are_hidden() -> None:
    stages = page().table("Children awaiting permanence by what they wait for")
    assert stages["Moving in with the matched family"][:3] == ["[c]"] * 3
    assert stages["The court&#39;s decision"][:3] == ["[c]"] * 3
    steps = page().table("Family and court side by side")
    assert steps["Matched, not yet moved in"] == ["[c]", "0", "0", "0"]
    assert steps["With the family"] == ["61", "[c]", "8", "0"]  # the same children as await the court


def moved(area: Area, stages: tuple[int, ...], steps: dict[tuple[str, str], int]) -> Area:
    return replace(area, stages=stages, steps={**area.steps, **steps})


def test_what_is_hidden_leaves_no_trace_anywhere_in_the_large_page() -> None:
    """Move a child between the two hidden steps: the page must not change by a byte, pictures and all."""
    needs, court = ("needs_placement", "needs_application"), ("with_family", "before_the_court")
    other = moved(GLASGOW, (118, 86, 2, 61, 45), {needs: 2, court: 45})
    assert page(area=other).html == page().html


def test_what_is_hidden_leaves_no_trace_anywhere_in_the_small_page() -> None:
    other = replace(
        moved(
            ORKNEY, (0, 1, 1, 0, 1), {("needs_match", "needs_application"): 2, ("with_family", "before_the_court"): 1}
        ),
        secured=6,
        by_month=(4, 2, 1, 2, 1, 4, 4, 4, 4, 2, 1),
        bands=(1, 0, 0, 1),
        waits=(1.0, 2.0, 3.0, 4.0, 5.0),
        court={"PO": (2, 2, 0, 0, 0, 0, 0, 2), "ADOPTION": (1, 0, 0, 0, 0, 0, 0, 1)},
    )
    assert sum((*other.stages, other.secured, other.not_awaiting)) == sum((*ORKNEY.stages, 5, 24))
    before, after = page("ORK", "Orkney Islands", ORKNEY).html, page("ORK", "Orkney Islands", other).html
    assert after == before


def test_a_small_council_says_why_its_numbers_are_not_shown() -> None:
    small = page("ORK", "Orkney Islands", ORKNEY)
    assert "Why many numbers are not shown" in small.html
    assert "without the risk that one of them is recognised" in small.html
    assert not {"3", "4"} & set(chain(*small.table("Children awaiting permanence by what they wait for").values()))


def test_no_statistic_and_no_mark_rests_on_fewer_than_ten() -> None:
    area = replace(GLASGOW, stages=(118, 86, 9, 61, 44), waits=(148.0, 281.0, 7777.0, 88.0, 161.0), steps={})
    text = page(area=area)
    placement = text.table("Children awaiting permanence by what they wait for")["Moving in with the matched family"]
    assert placement[0] == "9"
    assert placement[2] == "[c]"
    bars = text.html[text.html.index("What children wait for, Glasgow City, July 2013") :].split("</svg>")[0]
    assert "Moving in" not in bars
    assert ">118<" in bars
    assert "255.5" not in text.html  # 7,777 days in months


def test_a_hidden_month_leaves_a_gap_in_the_line_and_not_a_zero() -> None:
    area = replace(GLASGOW, by_month=(270, 274, 281, 3, 283, 290, 296, 301, 299, 304, 309))
    other = replace(area, by_month=(270, 274, 281, 4, 283, 290, 296, 301, 299, 304, 309))
    html = page(area=area).html
    assert html == page(area=other).html
    picture = html[html.index("Children awaiting permanence at each month") :].split("</svg>")[0]
    line = max(re.findall(r'<path[^>]* d="(M[^"]*)"[^>]*stroke-width="2.5"', picture), key=len)
    assert line.count("M") == 2  # two pieces


def test_a_month_that_was_never_sent_is_not_available() -> None:
    short = inputs(awaiting=inputs().awaiting.query("month_end != @when", local_dict={"when": date(2012, 10, 31)}))
    assert (
        Page(partner_report(short)).table("Children awaiting permanence at each month")["October 2012"] == ["[x]"] * 2
    )


def test_an_end_that_few_came_to_has_no_share_and_no_dot() -> None:
    ends = {12: (52, 31, 160, 1390, 3), 24: (205, 149, 288, 1902, 160), 36: (320, 236, 351, 2040, 214)}
    shares = page(area=replace(GLASGOW, ends=ends)).table("How children leave, by months since leaving home")
    assert shares["Another end"][0] == "[c]"
    assert shares["Adoption"][0] == "[c]"  # the next smallest, or the rest would give the three away
    assert shares["Returned home"][0] == "30%"


def test_a_few_between_two_horizons_are_not_given_away_by_a_difference() -> None:
    ends = {12: (52, 31, 160, 1390, 71), 24: (205, 149, 288, 1902, 74), 36: (320, 236, 351, 2040, 214)}
    shares = page(area=replace(GLASGOW, ends=ends)).table("How children leave, by months since leaving home")
    assert "[c]" in shares["Another end"][:2]


def test_words_stand_where_no_figure_can() -> None:
    large = page()
    assert "too soon" in large.table("How the latest fully followed year of children left")["Adoption"]
    assert large.table("Time in each step, in months")["Application lodged to permanence secured"][2] == "not reached"


def test_a_council_without_a_return_still_has_a_page() -> None:
    empty = page("SHE", "Shetland Islands", None)
    assert "No figures for this council yet" in empty.html
    assert "No return for this month has been received." in empty.html
    assert empty.table("Children awaiting permanence at each month")["July 2013"] == ["[x]", "1,800"]


def test_reasons_for_refusals_are_told_in_words_and_small_counts_of_rows_are_hidden() -> None:
    reasons = page().table("The main reasons for which rows were refused")
    assert reasons["The date of birth is missing."] == ["CH-001", "[c]"]
    assert reasons["The date of the decision is before the date of the panel."] == ["MI-012", "19"]


def test_a_suppliers_words_cannot_become_markup() -> None:
    refusals = pd.DataFrame([("MI-1", "<script>alert('x')</script>", 40)], columns=["rule", "message", "rows"])
    assert "<script>" not in partner_report(inputs(top_refusals=refusals))


def test_a_frame_without_its_columns_is_refused_by_name() -> None:
    with pytest.raises(PactFailure, match=r"RP-001.*court: pending"):
        inputs(court=inputs().court.drop(columns="pending"))


def test_the_same_figures_give_the_same_page() -> None:
    assert page().html == page().html


def test_scotland_alone_draws_a_small_line() -> None:
    svg = waiting_sparkline(inputs().awaiting)
    assert svg.startswith("<svg")
    assert len(svg) < 30_000
    assert "Too few figures" in waiting_sparkline(inputs().awaiting.head(0))
    assert "Too few figures" in waiting_sparkline(inputs("ORK", "Orkney Islands", ORKNEY).awaiting, "ORK")


def test_a_report_costs_a_third_of_a_second() -> None:
    page()  # the first drawing starts the engine
    began = time.process_time()
    page(
        area=replace(
            GLASGOW, by_month=tuple(n + 7 for n in GLASGOW.by_month), secured=411, not_awaiting=SCOTLAND.secured
        )
    )
    assert time.process_time() - began < 1.0  # measured 0.2 s; the machine may be busy


def test_the_page_says_in_which_month_scotland_was_not_whole() -> None:
    given = inputs()
    awaiting = given.awaiting.copy()
    newest = (awaiting["area"] == "SCO") & (pd.to_datetime(awaiting["month_end"]) == pd.Timestamp(given.month_end))
    awaiting.loc[newest, "councils"] = 31
    page = partner_report(replace(given, awaiting=awaiting))
    assert "but 31 in July 2013" in page
    assert "sum of all 32 councils" in partner_report(given)


def test_where_the_courts_have_not_told_of_the_month_the_newest_figures_stand_with_their_day() -> None:
    given = inputs()
    court = given.court.copy()
    national = court["area"] == "SCO"
    court.loc[national, "month_end"] = pd.Timestamp("2013-06-30")
    page = partner_report(replace(given, court=court))
    assert "twelve months run to 30 June 2013" in page
    assert "twelve months run to" not in partner_report(given)
