"""`pact submission`: where is a return, why was it refused; judging it again; a person's decision on a held one.

Names, times, counts and rules only: no cell of a supplier's file is shown here.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pact_pipeline.clock import in_scotland
from pact_pipeline.failures import PactFailure
from pact_pipeline.settings import Settings
from pact_pipeline.submission_state import State

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Column

    from pact_pipeline.contracts import Contracts
    from pact_pipeline.intake.runs.rejudge import Again
    from pact_pipeline.ledger import Ledger


app = typer.Typer(no_args_is_help=True, help="What was sent, what became of it, and deciding on what is held.")

Supplier = Annotated[str, typer.Option(help="Only this supplier (key, as FIF)")]
PeriodOption = Annotated[str, typer.Option(help="Only this period, as 2012-08")]
Because = Annotated[str, typer.Option(help="The reason, for the ledger and the supplier. Name no child")]
Who = Annotated[str, typer.Option(help="Who decides; default the user logged in")]


@app.command(name="list")
def list_submissions(
    state: Annotated[str, typer.Option(help=f"One of {', '.join(State)}")] = "",
    supplier: Supplier = "",
    period: PeriodOption = "",
    stale: Annotated[
        bool, typer.Option("--stale", help="Judged by rules, a mapping or beside a month changed since")
    ] = False,
) -> None:
    """Every submission with its state; narrowed by the options."""
    from rich.table import Table

    from pact_pipeline.cli.opened import at_home, contracts_and_ledger, out

    settings = at_home()
    contracts, ledger = contracts_and_ledger(settings)
    if state and state not in list(State):
        raise PactFailure("CLI-006", f"there is no state {state}", mend=f"choose of {', '.join(State)}.")
    found = _narrowed(ledger.submissions(), supplier, period)
    if state:
        found = found[found["state"] == state]
    if stale:
        found = found[found["submission_id"].isin(_stale(settings, contracts, ledger))]
    superseded = _superseded(ledger)
    table = Table(_whole_id(), "received", "state", "judged", "read", "taken", "refused", "reason", box=None)
    for row in found.to_dict("records"):
        table.add_row(
            row["submission_id"],
            _moment(row["received_at"]),
            State(row["state"]).words + (", superseded" if row["submission_id"] in superseded else ""),
            "" if not row["judging"] else f"{row['judging']} ×" if row["judging"] > 1 else "once",
            _count(row["rows_read"]),
            _count(row["rows_taken"]),
            _count(row["rows_refused"]),
            _shortened(row["reason"]),
        )
    out.print(table)
    out.print(f"{len(found):,} {'submission' if len(found) == 1 else 'submissions'}")


@app.command()
def show(
    submission: Annotated[
        str, typer.Argument(help="A submission, as FIF-councils-2012-08-01, or a supplier: its newest")
    ],
) -> None:
    """Where a return is and why: files, times, state, counts by table and rule, judgings, decisions, feedback."""
    from pact_pipeline.cli.opened import at_home, contracts_and_ledger, out

    settings = at_home()
    contracts, ledger = contracts_and_ledger(settings)
    found = ledger.submissions()
    matching = found[found["submission_id"].str.casefold() == submission.casefold()]
    if matching.empty:
        own = found[found["supplier"].str.casefold() == submission.casefold()]
        matching = own.sort_values(["received_at", "sequence"]).tail(1)
    if matching.empty:
        raise PactFailure(
            "LEDGER-003", "the ledger knows no such submission", where=submission, mend="see pact submission list."
        )
    row = matching.to_dict("records")[0]
    for table in _shown(settings, contracts, ledger, row):
        out.print(table)


@app.command()
def judge(
    submissions: Annotated[list[str] | None, typer.Argument(help="Submissions, as FIF-councils-2012-08-01")] = None,
    all_refused: Annotated[
        bool,
        typer.Option(
            "--all-refused", help="Every newest delivery, or one in force, that was refused or has refused rows"
        ),
    ] = False,
    held: Annotated[bool, typer.Option("--held", help="Every newest delivery that is held")] = False,
    stale: Annotated[
        bool, typer.Option("--stale", help="Judged by rules, a mapping or beside a month changed since")
    ] = False,
    rule: Annotated[str, typer.Option(help="Those in which this rule found something, as CH-012")] = "",
    supplier: Supplier = "",
    period: PeriodOption = "",
) -> None:
    """Judge again from the archive, with the present contracts and mappings. Nothing must be sent again."""
    from pact_pipeline.cli.opened import at_home, contracts_and_ledger, out
    from pact_pipeline.intake.runs import IntakeContext
    from pact_pipeline.intake.runs.rejudge import judge_again
    from pact_pipeline.suppliers import load_suppliers

    settings = at_home()
    contracts, ledger = contracts_and_ledger(settings)
    if not (submissions or all_refused or held or stale or rule or supplier):
        raise PactFailure(
            "CLI-007",
            "nothing was chosen",
            mend="name submissions, or --all-refused, --held, --stale, --rule, --supplier.",
        )

    def to_judge() -> list[str]:
        found = _narrowed(ledger.that_count(), supplier, period)
        found = found[found["judging"] > 0]
        if all_refused:
            found = found[(found["state"] == "refused") | (found["rows_refused"] > 0)]
        if held:
            found = found[found["state"] == "held"]
        if rule:
            findings = ledger.findings()
            found = found[found["submission_id"].isin(findings.loc[findings["rule"] == rule.upper(), "submission_id"])]
        if stale:
            found = found[found["submission_id"].isin(_stale(settings, contracts, ledger))]
        return [str(one) for one in found["submission_id"]]

    chosen = list(submissions or ()) or to_judge()
    if not chosen:
        out.print("There is nothing to judge again.")
        return
    suppliers = dict(load_suppliers(settings.contracts / "suppliers", contracts))
    context = IntakeContext.open(settings, contracts, suppliers)
    again: list[Again] = []
    while chosen:
        again += judge_again(context, ledger, chosen, tell=lambda words: out.print(words, markup=False))
        done = {one.submission.submission_id for one in again}
        # A month judged again can make the one after it stale.
        chosen = [one for one in to_judge() if one not in done] if stale and not submissions else []
    _print_again(again)


@app.command()
def accept(
    submission: Annotated[str, typer.Argument(help="The held submission")],
    because: Because = "",
    reading: Annotated[
        list[str] | None, typer.Option(help="Which of two readings is right, as encoding=windows-1252; repeatable")
    ] = None,
    who: Who = "",
) -> None:
    """Take a held submission by your decision, or one you refused so. What a file rule refuses stays refused, and so do
    refused rows."""
    _decide(submission, "accept", because, who, reading or [])


@app.command()
def refuse(
    submission: Annotated[str, typer.Argument(help="The held submission")], because: Because = "", who: Who = ""
) -> None:
    """Refuse a held submission by your decision, or one accepted so; the former one is in force then."""
    _decide(submission, "refuse", because, who, [])


def _decide(submission: str, decision: Any, because: str, who: str, reading: list[str]) -> None:
    import getpass

    from pact_pipeline.cli.opened import at_home, contracts_and_ledger
    from pact_pipeline.intake.runs import IntakeContext
    from pact_pipeline.intake.runs.rejudge import decide
    from pact_pipeline.suppliers import load_suppliers

    settings = at_home()
    contracts, ledger = contracts_and_ledger(settings)
    readings: dict[str, str] = {}
    for one in reading:
        choice, equals, name = one.partition("=")
        if not (choice and equals and name):
            raise PactFailure("CLI-008", f"--reading {one} chooses nothing", mend="write --reading encoding=utf-8.")
        readings[choice] = name
    suppliers = dict(load_suppliers(settings.contracts / "suppliers", contracts))
    context = IntakeContext.open(settings, contracts, suppliers)
    made = decide(
        context, ledger, submission, decision, who=who or getpass.getuser(), because=because, readings=readings
    )
    _print_again([made])


def _superseded(ledger: "Ledger") -> set[str]:
    """The submissions of a period of which a newer delivery is in force."""
    newest = ledger.in_force()[["supplier", "collection", "period", "sequence"]]
    both = ledger.submissions().merge(newest, on=["supplier", "collection", "period"], suffixes=("", "_in_force"))
    return set(both.loc[both["sequence"] < both["sequence_in_force"], "submission_id"])


def _stale(settings: Settings, contracts: "Contracts", ledger: "Ledger") -> list[str]:
    from pact_pipeline.intake.runs.rejudge import stale
    from pact_pipeline.suppliers import load_suppliers

    return stale(contracts, dict(load_suppliers(settings.contracts / "suppliers", contracts)), ledger)


def _narrowed(found: "pd.DataFrame", supplier: str, period: str) -> "pd.DataFrame":
    if supplier:
        found = found[found["supplier"].str.casefold() == supplier.casefold()]
    if period:
        found = found[found["period"].str.casefold() == period.casefold()]
    return found


def _print_again(again: "list[Again]") -> None:
    """Before and after, a line each."""
    from rich.table import Table

    from pact_pipeline.cli.opened import out

    table = Table(_whole_id(), "before", "taken", "refused", "now", "taken", "refused", "", box=None)
    for one in again:
        table.add_row(
            one.submission.submission_id,
            one.before.state.words,
            _count(one.before.rows_taken),
            _count(one.before.rows_refused),
            one.after.state.words,
            _count(one.after.rows_taken),
            _count(one.after.rows_refused),
            f"judging {one.after.judging}" if one.changed else "as before",
        )
    out.print(table)
    for one in again:
        if one.after.reason:
            out.print(f"{one.submission.submission_id}: {one.after.reason}", markup=False)
        if one.superseded_by:
            out.print(f"{one.submission.submission_id} is not in force: {one.superseded_by} is", markup=False)
    done = {one.submission.submission_id for one in again}
    later = [other for other in dict.fromkeys(key for one in again for key in one.later) if other not in done]
    if later:
        out.print(f"Compared with what stood before; judge again: {' '.join(later)}", markup=False)


def _shown(settings: Settings, contracts: "Contracts", ledger: "Ledger", row: dict[Any, Any]) -> list[Any]:
    """What `show` prints: tables and lines, in the order in which somebody asks."""
    from rich.markup import escape
    from rich.table import Table

    from pact_pipeline.intake.feedback import feedback_paths
    from pact_pipeline.intake.judging.file_rules import FILE_RULES
    from pact_pipeline.intake.judging.rules import rule_words

    key = row["submission_id"]
    (submission,) = ledger.load([key])
    shown: list[Any] = [
        f"[bold]{escape(key)}[/]: {State(row['state']).words}",
        f"received {_moment(row['received_at'])}, registered {_moment(row['registered_at'])}"
        + (f", judged {_moment(row['judged_at'])}" if row["judging"] else ""),
    ]
    if row["supersedes"]:
        shown.append(f"supersedes {row['supersedes']}")
    if row["reason"]:
        shown.append(f"reason: {escape(row['reason'])}")
    in_force = ledger.in_force()
    same = in_force[
        (in_force["supplier"] == row["supplier"])
        & (in_force["collection"] == row["collection"])
        & (in_force["period"] == row["period"])
    ]
    shown.append(f"in force for {row['period']}: {same['submission_id'].iloc[0] if len(same) else 'nothing'}")

    files = Table("table", "file", "sent", "read", "taken", "refused", "warned", "rules", "without a row", box=None)
    tables = ledger.tables([row["supplier"]])
    for one in tables[tables["submission_id"] == key].to_dict("records"):
        files.add_row(
            one["table_name"],
            escape(one["file_name"]),
            "with an earlier delivery" if one["carried_over"] else "now",
            *(
                _count(one[name])
                for name in (
                    "rows_read",
                    "rows_taken",
                    "rows_refused",
                    "rows_warned",
                    "rules_run",
                    "rules_without_rows",
                )
            ),
        )
    shown += ["", files]
    for one in ledger.receipts(key).to_dict("records"):
        shown.append(
            f"{one['table_name']}: first seen {_moment(one['received_at'])};"
            f" the file itself says {_moment(one['modified_at'])}"
        )

    titles = {code: words.title for one in contracts.values() for code, words in rule_words(one).items()}
    titles.update({code: rule.title for code, rule in FILE_RULES.items()})
    findings = ledger.findings([row["supplier"]])
    findings = findings[findings["submission_id"] == key]
    if len(findings):
        order = {"file": 0, "hold": 1, "refuse": 2, "warn": 3}
        findings = findings.assign(order=findings["severity"].map(order))
        findings = findings.sort_values(["order", "rows_found", "rule"], ascending=[True, False, True])
        rules = Table("rule", "severity", "table", "column", "found", "of rows looked at", "what", box=None)
        for one in findings.to_dict("records"):
            rules.add_row(
                one["rule"],
                one["severity"],
                one["table_name"] or "all",
                one["column_name"],
                _count(one["rows_found"]),
                _count(one["rows_examined"]),
                titles.get(one["rule"], ""),
            )
        shown += ["", rules]

    judgings = ledger.judgings(key)
    if len(judgings):
        history = Table("judging", "when", "state", "read", "taken", "refused", "contracts", "by decision", box=None)
        for one in judgings.to_dict("records"):
            history.add_row(
                str(one["judging"]),
                _moment(one["judged_at"]),
                State(one["state"]).words,
                _count(one["rows_read"]),
                _count(one["rows_taken"]),
                _count(one["rows_refused"]),
                one["contract_version"],
                _count(one["decision_id"]),
            )
        shown += ["", history]
    for one in ledger.decisions(key).to_dict("records"):
        chosen = ", ".join(f"{choice}={name}" for choice, name in one["readings"].items())
        shown.append(
            f"decision {one['decision_id']} of {_moment(one['decided_at'])} by {escape(one['who'])}: {one['decision']},"
            f" because {escape(one['because'])}" + (f" ({chosen})" if chosen else "")
        )
    paths = feedback_paths(settings, submission, row["lake_name"] or key)
    there = [str(path) for path in (paths.workbook, paths.page) if row["judging"] and path.exists()]
    shown += ["", f"feedback: {', '.join(there) or 'none was written yet'}"]
    return shown


def _moment(when: Any) -> str:
    return f"{in_scotland(when):%Y-%m-%d %H:%M %Z}"


def _count(number: Any) -> str:
    return "" if number is None or number != number else f"{int(number):,}"  # NaN differs from itself


def _shortened(text: str, most: int = 100) -> str:
    from rich.markup import escape

    return escape(text if len(text) <= most else text[: most - 1] + "…")


def _whole_id() -> "Column":
    """The column of IDs: cut short, one can be neither read nor copied."""
    from rich.table import Column

    return Column("submission", no_wrap=True, min_width=25)
