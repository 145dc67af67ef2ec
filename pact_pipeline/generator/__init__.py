"""The generator: a synthetic country calibrated on published figures, written the way real suppliers write.

`generate` writes extracts and the truth beside them, `calibration` sets what was generated beside what was published.
The product uses it to be tried and scored; no other layer imports it.
"""

from pact_pipeline.generator.calibration import calibration
from pact_pipeline.generator.generate import DEFAULT_SEED, Summary, generate

__all__ = ["DEFAULT_SEED", "Summary", "calibration", "generate"]
