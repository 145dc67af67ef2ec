"""What each group of `pact` commands does. `cli.py` puts them together; a command calls one layer and prints."""
