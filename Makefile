# make demo: a year of returns through the whole pipeline.   make test: the tests.   make ui: the Dagster UI.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pip install --quiet --disable-pip-version-check
# What runs needs the first, what tests and checks needs the second.
STAMP := $(VENV)/installed
DEVELOPMENT := $(VENV)/installed-dev

.PHONY: demo ui test test-long lint bench mutants lock clean-demo

$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --compile --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

$(DEVELOPMENT): requirements-dev.lock $(STAMP)
	$(PIP) --compile --require-hashes -r requirements-dev.lock
	@touch $(DEVELOPMENT)

demo: $(STAMP)
	$(BIN)/pact demo

ui: $(STAMP)
	$(BIN)/pact ui

lint: $(DEVELOPMENT)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: $(DEVELOPMENT)
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --cov

test-long: $(DEVELOPMENT)
	$(BIN)/python -m pytest -m long -n auto --maxprocesses 4 --dist loadfile

bench: $(DEVELOPMENT)
	$(BIN)/python -m benchmarks

# By hand: half an hour. Whether the tests see what is changed in the code.
mutants: $(DEVELOPMENT)
	$(BIN)/python -m benchmarks.mutants

COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header
# Needs uv. Writes versions and hashes, never an index address.
lock:
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group dev --output-file requirements-dev.lock

clean-demo: $(STAMP)
	-test ! -d var || PACT_WAREHOUSE_URL= PACT_HOME=var $(BIN)/pact warehouse destroy --yes
	rm -rf var
