"""The verdicts of a demo home beside those that were planted: `python -m benchmarks.verdicts`, with PACT_HOME.

Prints a line for each delivery whose verdict is another than planted, then `VERDICTS planted N found N unplanned N`. Ends with
1 where there is any. What the generator did not write (the published figures) isn't looked at.
"""

import sys
from collections.abc import Iterator

import pandas as pd

from pact_pipeline.clock import home_clock
from pact_pipeline.home import open_home
from pact_pipeline.ledger import Ledger
from pact_pipeline.settings import Settings
from pact_pipeline.warehouse.connect import warehouse_engine

PUBLISHED = ("annual_counts",)  # real figures that are shipped to a made-up home
DELIVERY = ["supplier", "collection", "period", "sequence"]


def compared(settings: Settings, ledger: Ledger) -> tuple[int, list[str]]:
    """How many deliveries were planted that have come by the home's day, and a line for each whose verdict differs."""
    planted = pd.read_parquet(settings.truth / "deliveries.parquet")
    come = planted[planted["arrives_on"] <= home_clock(settings).day]
    found, tables = ledger.submissions(), ledger.tables()
    sent = tables[~tables["carried_over"] & ~tables["table_name"].isin(PUBLISHED)]
    found = found[found["submission_id"].isin(sent["submission_id"])]
    both = come.merge(found[[*DELIVERY, "state", "reason"]], on=DELIVERY, how="outer", suffixes=("_planted", ""))
    return len(come), list(_differences(both))


def _differences(both: pd.DataFrame) -> Iterator[str]:
    for one in both.itertuples():
        if one.state != one.state_planted:
            name = f"{one.supplier} {one.collection} {one.period} ({one.sequence})"
            planted = (
                f"planted {one.state_planted} ({one.because})" if isinstance(one.state_planted, str) else "not planted"
            )
            found = f"found {one.state}: {one.reason or 'no reason'}" if isinstance(one.state, str) else "not judged"
            yield f"{name}: {planted}; {found}"


def main() -> None:
    settings = Settings.from_environment()
    open_home(settings)
    planted, lines = compared(settings, Ledger(warehouse_engine(settings)))
    for line in lines:
        print(line)
    print(f"VERDICTS planted {planted} found {planted - len(lines)} unplanned {len(lines)}")
    sys.exit(1 if lines else 0)


if __name__ == "__main__":
    main()
