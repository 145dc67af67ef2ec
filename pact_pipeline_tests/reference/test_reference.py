"""Reference data: councils by date, courts, published figures, and the real extracts."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pact_pipeline.contracts.load import load_contracts
from pact_pipeline.reference import (
    councils,
    key_of_council,
    looked_after_by_council,
    published_figures,
    published_value,
    sheriff_courts,
    ship_published,
    sources,
    vintages,
)
from pact_pipeline.reference.published import TABLES
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.suppliers import load_suppliers


def test_there_are_32_councils_and_49_courts_of_which_ten_close() -> None:
    assert len(councils()) == 32
    courts = sheriff_courts()
    assert len(courts) == courts["court"].nunique() == 49
    closing = courts[courts["closed_on"] != ""]
    assert len(closing) == 10
    assert set(closing["moved_to"]) <= set(courts["court"])


def test_a_code_means_a_council_only_on_its_days() -> None:
    assert councils()["FIF"].code_on(date(2012, 7, 31)) == "S12000015"
    assert councils()["FIF"].code_on(date(2020, 7, 31)) == "S12000047"
    assert key_of_council("S12000015", date(2012, 7, 31)) == "FIF"
    assert key_of_council("S12000015", date(2020, 7, 31)) is None
    assert key_of_council("S12000049") == "GLG"


def test_names_in_any_spelling_mean_the_one_council() -> None:
    for word in ("Western Isles", "na h-eileanan siar", "ELS", " Comhairle nan Eilean Siar "):
        assert key_of_council(word) == "ELS"
    assert key_of_council("Scotland") == "SCO"
    assert key_of_council("Atlantis") is None


@pytest.mark.parametrize("year", range(2011, 2021))
@pytest.mark.parametrize("category", ["total", "residential", "community"])
def test_the_32_councils_add_up_to_scotland(year: int, category: str) -> None:
    table = "lac_by_council_setting_2011_2020"
    scotland = published_value(table, area="SCO", year=str(year), category=category)
    assert looked_after_by_council(year, category).sum() == scotland


@pytest.mark.parametrize("table", TABLES)
def test_every_figure_names_a_source_that_is_listed(table: str) -> None:
    assert set(published_figures(table)["source"]) <= set(sources()["source"])


def test_a_figure_that_is_not_alone_is_not_given() -> None:
    with pytest.raises(LookupError, match="figures of"):
        published_value("lac_national_series", year="2012")
    with pytest.raises(KeyError, match="no table"):
        published_figures("nothing")


def test_extracts_arrive_where_a_delivery_expects_them(tmp_path: Path) -> None:
    contracts = load_contracts(CHECKOUT / "data_contracts")
    suppliers = load_suppliers(CHECKOUT / "data_contracts" / "suppliers", contracts)
    assert len(ship_published(tmp_path)) == len(vintages())
    for vintage in vintages():
        supplier = suppliers[vintage.supplier]
        [delivery] = [one for one in supplier.deliveries if one.url == f"arrivals/{vintage.folder}"]
        [(_, layout)] = delivery.layouts
        period = layout.period_of(supplier, "annual_counts", vintage.file)
        assert period is not None
        assert period.key == vintage.period
        text = (tmp_path / vintage.folder / vintage.file).read_text(encoding="utf-8")
        heading = text.splitlines()[0].split(",")
        mapping = layout.tables["annual_counts"]
        assert set(mapping.columns.values()) | set(mapping.ignored) == set(heading)


def test_shipping_again_changes_nothing(tmp_path: Path) -> None:
    [first, *_] = ship_published(tmp_path)
    before = first.stat().st_mtime_ns
    ship_published(tmp_path)
    assert first.stat().st_mtime_ns == before


def test_years_with_conflicting_figures_come_in_two_vintages_the_earlier_first() -> None:
    for period, first_figure, later_figure in (
        ("CLAS2014", "15580", 15600),
        ("CLAS2018", "14738", 14554),
        ("CLAS2019", "14015", 14262),
    ):
        early, late = [vintage for vintage in vintages() if vintage.period == period]
        assert early.published_on < late.published_on
        assert early.folder < late.folder
        text = (CHECKOUT / "pact_pipeline" / "reference" / "extracts" / early.file).read_text(encoding="utf-8")
        assert f",{first_figure}," in text
        frame = pd.read_csv(CHECKOUT / "pact_pipeline" / "reference" / "extracts" / late.file)
        scotland = frame[(frame["Council Code"] == "S92000003") & (frame["Setting"] == "Total")]
        assert scotland["No. Of Children"].item() == later_figure
