"""The command `pact`: what a person types. `main` puts the commands together; a command calls one layer and prints.

No Dagster here: what it runs through Dagster (the demo, the UI) it asks `orchestration` for.
"""
