"""A home: the one folder (`PACT_HOME`) in which all lies that an installation has, and whose it is (architecture#a-home).

Here: the note that says which home a folder is and where it lay (`home.json`), and what follows when the folder is moved,
copied, or met on another machine. Not here: what lies in it (`settings`), the server (`warehouse`), a home's clock (`clock`).
"""

from pact_pipeline.home.database import prove_database
from pact_pipeline.home.note import Home, Whereabouts
from pact_pipeline.home.opening import join_home, make_home, open_home, open_if_there, set_warehouse

__all__ = [
    "Home",
    "Whereabouts",
    "join_home",
    "make_home",
    "open_home",
    "open_if_there",
    "prove_database",
    "set_warehouse",
]
