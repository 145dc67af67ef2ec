"""The lake: immutable Parquet, one file per judging and table, in an open and a restricted tree.

Here: where files lie, how they are written so that a crash leaves nothing half, and the keyed pseudonyms that stand in
the open tree for a supplier's own references. Not here: what is in force (`ledger`) and which rows are kept (`intake`).
"""

from pact_pipeline.lake.files import write_all, write_parquet
from pact_pipeline.lake.paths import LakeFiles
from pact_pipeline.lake.pseudonyms import Pseudonyms

__all__ = ["LakeFiles", "Pseudonyms", "write_all", "write_parquet"]
