"""What the UI shows beside an asset: column schemas, counts and links. Never a row of data, as it stays for ever."""

import base64
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq

from pact_pipeline.arrival import Discovery
from pact_pipeline.contracts import Contract
from pact_pipeline.intake.feedback import FeedbackPaths
from pact_pipeline.ledger import FindingCount, Submission, Verdict
from pact_pipeline.reports import waiting_sparkline

MOST_FINDINGS_SHOWN = 25
FINDINGS = dg.TableSchema(
    columns=[
        dg.TableColumn(name, "int" if name.startswith("rows") else "string")
        for name in ("table", "rule", "column", "severity", "rows", "rows_examined")
    ]
)


def column_schema(contracts: Iterable[Contract], *, with_table: bool = False) -> dg.TableSchema:
    """Columns of one contract, or of several with the table's name before the column's."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=f"{contract.table}.{column.name}" if with_table else column.name,
                type=column.type,
                description=" ".join(
                    filter(None, (column.description, "(restricted)" if column.identifying else "", str(column.span)))
                ),
                constraints=dg.TableColumnConstraints(
                    nullable=not column.required,
                    unique=contract.primary_key == (column.name,),
                    other=[", ".join(column.code_words)] if column.codes else [],
                ),
            )
            for contract in contracts
            for column in contract.columns
        ]
    )


def finding_metadata(findings: Sequence[FindingCount]) -> dict[str, dg.MetadataValue]:
    """`findings`: rows found by rule, of how many looked at; counts only. Says so (`findings_shown`) where it is cut."""
    most_first = sorted(findings, key=lambda finding: -finding.rows)[:MOST_FINDINGS_SHOWN]
    table = dg.MetadataValue.table(
        [
            dg.TableRecord(
                {
                    "table": f.table,
                    "rule": f.rule,
                    "column": f.column,
                    "severity": f.severity,
                    "rows": f.rows,
                    "rows_examined": f.examined,
                }
            )
            for f in most_first
        ],
        schema=FINDINGS,
    )
    if len(findings) <= MOST_FINDINGS_SHOWN:
        return {"findings": table}
    cut = f"the {MOST_FINDINGS_SHOWN} with most rows, of {len(findings)}; all stand in the feedback"
    return {"findings": table, "findings_shown": dg.MetadataValue.text(cut)}


def verdict_metadata(submission: Submission, verdict: Verdict, feedback: FeedbackPaths) -> dict[str, dg.MetadataValue]:
    """The ledger's figures of one submission, and where its feedback lies: the page is safe to open, the workbook is
    the supplier's."""
    found: dict[str, dg.MetadataValue] = {
        "submission": dg.MetadataValue.text(submission.submission_id),
        "state": dg.MetadataValue.text(verdict.state.value),
        "received_at": dg.MetadataValue.timestamp(submission.received_at.timestamp()),
        "rows_read": dg.MetadataValue.int(verdict.rows_read),
        "rows_taken": dg.MetadataValue.int(verdict.rows_taken),
        "rows_refused": dg.MetadataValue.int(verdict.rows_refused),
        "rows_warned": dg.MetadataValue.int(verdict.rows_warned),
        "dagster/partition_row_count": dg.MetadataValue.int(verdict.rows_taken),
    }
    if verdict.seconds:  # a verdict read from the ledger again has none
        found["seconds"] = dg.MetadataValue.float(round(verdict.seconds, 3))
    if verdict.reason:
        found["reason"] = dg.MetadataValue.text(verdict.reason)
    if verdict.findings:
        found |= finding_metadata(verdict.findings)
    if feedback.page.exists():
        found["feedback_page"] = dg.MetadataValue.url(feedback.page.as_uri())
    if feedback.workbook.exists():
        found["feedback"] = dg.MetadataValue.path(str(feedback.workbook))
    return found


def check_results(verdict: Verdict) -> list[tuple[str, bool, dg.AssetCheckSeverity, dict[str, dg.MetadataValue]]]:
    """The three verdicts on what landed: the file, its rows, and that no row was lost.

    None passes while the submission is held or refused, as nothing of it is in force; and none that looks at rows passes
    where no row was read.
    """
    examined = dg.MetadataValue.int(verdict.rows_read)
    taken = verdict.state.in_force
    of_whole = [finding for finding in verdict.findings if finding.severity in ("file", "hold")]
    of_rows = [finding for finding in verdict.findings if finding.severity in ("refuse", "hold")]
    refused = verdict.rows_refused > 0 or any(finding.severity == "refuse" for finding in of_rows)
    accounted = all(t.rows_read == t.rows_taken + t.rows_refused for t in verdict.tables)
    return [
        (
            "file",
            taken and not of_whole,  # what held it stands there though a person has accepted it
            dg.AssetCheckSeverity.WARN if taken else dg.AssetCheckSeverity.ERROR,
            {"rows_examined": examined, **finding_metadata(of_whole)},
        ),
        (
            "rows",
            taken and verdict.rows_read > 0 and not refused,
            dg.AssetCheckSeverity.WARN if taken else dg.AssetCheckSeverity.ERROR,
            {
                "rows_examined": examined,
                "rows_refused": dg.MetadataValue.int(verdict.rows_refused),
                **finding_metadata(of_rows),
            },
        ),
        (
            "conservation",
            taken and verdict.rows_read > 0 and accounted,
            dg.AssetCheckSeverity.WARN if taken and accounted else dg.AssetCheckSeverity.ERROR,
            {
                "rows_examined": examined,
                "rows_taken": dg.MetadataValue.int(verdict.rows_taken),
                "rows_refused": dg.MetadataValue.int(verdict.rows_refused),
            },
        ),
    ]


def unknown_names(found: Discovery) -> str:
    """Which suppliers sent files with names nobody knows. Not the names: somebody's may stand in one, and Dagster keeps logs."""
    by_supplier = Counter(supplier for supplier, _ in found.unmatched)
    told = ", ".join(f"{supplier} ({number})" for supplier, number in sorted(by_supplier.items()))
    return f"{len(found.unmatched)} files with no name we know: {told}; 'pact arrivals' names them"


def waiting_chart(build_folder: Path) -> dg.MarkdownMetadataValue:
    """Scotland's children awaiting permanence by month, as a small picture."""
    awaiting = pq.read_table(build_folder / "measures" / "awaiting.parquet").to_pandas()
    picture = base64.b64encode(waiting_sparkline(awaiting).encode()).decode()
    return dg.MetadataValue.md(f"![children awaiting permanence, Scotland](data:image/svg+xml;base64,{picture})")
