# make demo: a year of returns through the whole pipeline.   make test: the tests.   make ui: the Dagster UI.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed

.PHONY: demo ui test test-long lint bench lock clean-demo

$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pip install --quiet --disable-pip-version-check --compile --require-hashes -r requirements.lock
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: $(STAMP)
	$(BIN)/pact demo

ui: $(STAMP)
	$(BIN)/pact ui

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: $(STAMP)
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

test-long: $(STAMP)
	$(BIN)/python -m pytest -m long -n auto --maxprocesses 4 --dist loadfile

bench: $(STAMP)
	$(BIN)/python -m benchmarks

# Needs uv. Writes versions and hashes, never an index address.
lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	  --no-header --no-emit-index-url --no-emit-find-links --output-file requirements.lock

clean-demo: $(STAMP)
	-test ! -d var || PACT_WAREHOUSE_URL= PACT_HOME=var $(BIN)/pact warehouse destroy --yes
	rm -rf var
