"""Arrival: finding what suppliers put down, keeping it for ever, and making submissions of it.

Here: listing and reading a delivery's place with the secrets that open it, the archive of bytes, and the grouping of
files by supplier, collection and period.
Not here: opening a file (`intake`). A file's identity is the hash of its bytes, never its name or the clock.
"""

from pact_pipeline.arrival.archive import archive_path
from pact_pipeline.arrival.discover import Discovery, discover, news, odd_files
from pact_pipeline.arrival.group import Waiting

__all__ = ["Discovery", "Waiting", "archive_path", "discover", "news", "odd_files"]
