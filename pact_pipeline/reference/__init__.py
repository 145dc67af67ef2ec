"""Reference data shipped with the package: councils, sheriff courts, published figures and the real extracts.

Data lies beside the loaders as CSV, each figure with its source. What a supplier sends is judged elsewhere (`intake`);
nothing here reads a supplier's file.
"""

from pact_pipeline.reference.councils import Council, councils, key_of_council, sheriff_courts
from pact_pipeline.reference.extracts import Vintage, ship_published, vintages
from pact_pipeline.reference.published import looked_after_by_council, published_figures, published_value, sources

__all__ = [
    "Council",
    "Vintage",
    "councils",
    "key_of_council",
    "looked_after_by_council",
    "published_figures",
    "published_value",
    "sheriff_courts",
    "ship_published",
    "sources",
    "vintages",
]
