"""Release: the one door through which a figure leaves the warehouse.

Here belong what may be shown to whom (`disclosure`) and the type that says a figure has been through it (`released`).
What a page looks like belongs to `reports`; what a figure means to `measures`.
"""

from pact_pipeline.release.disclosure import (
    PARTNERS,
    DisclosureRule,
    Sum,
    protect_counts,
    protect_statistic,
    quality_figure,
    without_figure,
)
from pact_pipeline.release.released import CONFIDENTIAL, NOT_APPLICABLE, NOT_AVAILABLE, SHORTHAND, Released

__all__ = [
    "CONFIDENTIAL",
    "NOT_APPLICABLE",
    "NOT_AVAILABLE",
    "PARTNERS",
    "SHORTHAND",
    "DisclosureRule",
    "Released",
    "Sum",
    "protect_counts",
    "protect_statistic",
    "quality_figure",
    "without_figure",
]
