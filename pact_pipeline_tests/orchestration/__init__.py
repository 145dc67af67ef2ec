"""The code location is loaded here, before any test: its months end with a demo's last one, and a developer's checkout may
hold a demo."""

import pytest

with pytest.MonkeyPatch.context() as no_demo:
    no_demo.setenv("PACT_HOME", "/nonexistent")
    import pact_pipeline.definitions  # noqa: F401
