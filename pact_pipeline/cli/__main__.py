"""`python -m pact_pipeline.cli` is `pact`."""

from pact_pipeline.cli.main import main

main()
