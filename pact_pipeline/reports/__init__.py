"""Reports: what a reader sees, made of released figures only.

`model` holds the blocks a page is made of, `charts` draws, `html` renders, and `partner` says what stands on a
partner's monthly page (`waiting`, `times` and `quality` are its parts). What may be shown is decided in `release`;
what a figure means in `measures`. Nothing here reads a file or a database.
"""

from pact_pipeline.reports.inputs import PartnerInputs
from pact_pipeline.reports.partner import partner_report
from pact_pipeline.reports.waiting import waiting_sparkline

__all__ = ["PartnerInputs", "partner_report", "waiting_sparkline"]
