"""A pandera schema from a contract: every promise about rows is a named, vectorised pandera check.

A check carries the code of its finding (`MI-012`) as name and error and hangs on one column, so that a lazy
validation gives one failure case for each row that fails it. The checks read their rows from `context.judging`, where
the tables already judged and the unreadable cells are known too. Rules on a table as a whole are no checks of rows:
`validate.py` runs them beside.
"""

from functools import cache

import pandas as pd
import pandera.pandas as pa

from pact_pipeline.contracts.context import CheckSubject, current_subject
from pact_pipeline.contracts.model import Contract
from pact_pipeline.contracts.row_checks import RowCheck, row_checks


@cache
def pandera_schema(contract: Contract) -> pa.DataFrameSchema:
    """The schema of a contract's typed frame: exactly its columns, each with the checks that mark it first.

    Validate lazily and within `context.judging(frame, context)`. Column types are proven by `validate.py`, once a frame:
    pandera's own type check takes 0.4 ms a column and doesn't tell the unit of dates.
    """
    by_column: dict[str, list[pa.Check]] = {column.name: [] for column in contract.columns}
    for row_check in row_checks(contract):
        by_column[row_check.columns[0]].append(_pandera_check(row_check))
    return pa.DataFrameSchema(
        {
            column.name: pa.Column(nullable=True, checks=by_column[column.name], description=column.description)
            for column in contract.columns
        },
        name=contract.key,
        title=contract.title,
        description=contract.description,
        strict=True,
    )


def _pandera_check(row_check: RowCheck) -> pa.Check:
    def passes(series: "pd.Series[bool]") -> "pd.Series[bool]":
        judged: CheckSubject = current_subject()
        return pd.Series(row_check.run(judged.rows, judged.context).passes, index=series.index)

    return pa.Check(
        passes,
        name=row_check.code,
        error=row_check.code,
        title=row_check.title or None,
        description=row_check.message or None,
        ignore_na=False,
    )
