"""What is dated in a contract: columns, codes and rules carry the custom properties `since` and `until`, so that each period
is judged by what was in force in it."""

from collections.abc import Mapping

from pact_pipeline.contracts.marked_yaml import Marked
from pact_pipeline.contracts.model import Span
from pact_pipeline.periods import Period

DATES = ("since", "until")


def span_of(custom: Mapping[str, Marked]) -> Span:
    """The span that custom properties give. Raises ContractBroken for what is no period, or an end before the beginning."""
    since, until = (period_of(custom[name]) if name in custom else None for name in DATES)
    if since is not None and until is not None and until.last_day < since.first_day:
        raise custom["until"].broken(f"until {until} is before since {since}", "exchange the two")
    return Span(since, until)


def period_of(item: Marked) -> Period:
    """The period a value names. Raises ContractBroken."""
    try:
        return Period.parse(str(item.value))
    except ValueError:
        raise item.broken("this is no period", "write 2012-08, 2012-Q3, FY2011-12 or CLAS2012") from None


def must_lie_within(at: Marked, what: str, inner: Span, of: str, outer: Span) -> None:
    """Raise ContractBroken where something is in force while what it needs is not."""
    if not inner.lies_within(outer):
        ours = f" and the {what} {inner}" if str(inner) else f", the {what} always"
        raise at.broken(
            f"{of} is in force {outer} only{ours}", f"give the {what} a since or until within {of}'s", "CON-05"
        )
