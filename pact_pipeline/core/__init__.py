"""The core data set: journeys, waits, orders. SQL reads the open lake and the ledger, never a file or a council's spelling."""
