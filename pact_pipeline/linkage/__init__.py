"""Linkage: who is the same person. Reads the lake and writes the restricted crosswalk; core never sees an identifier.

Today one pass, by identity: a child is the same person as long as its council calls it by the same reference. Passes across
councils, courts and CLAS come later and will merge persons by `superseded_by`, never by minting a second number.
"""

from pact_pipeline.linkage.identity import link_identities

__all__ = ["link_identities"]
