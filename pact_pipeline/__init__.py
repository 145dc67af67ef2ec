"""The national permanence pipeline: from a supplier's file to a partner's report."""
