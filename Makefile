# Compiled modules are kept: without them every start recompiles everything.
unexport PYTHONDONTWRITEBYTECODE
export DO_NOT_TRACK := 1
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==0.13.9
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

setup: $(STAMP) ## create .venv with everything pinned; leaves .venv/bin/loki

demo: setup ## a demo world from Stripe events to dashboards; ARGS="…" is passed on
	$(BIN)/loki demo $(ARGS)

test: setup ## static checks and every test in its small, seeded size
	$(MAKE) --no-print-directory --jobs 2 --output-sync check-python check-sql collect
	$(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder -m "not long" $(ARGS)

test-long: setup ## every test in its full size
	$(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder --timeout=5400 $(ARGS)

check: setup ## lint, format, types, import layers, SQL style
	$(MAKE) --no-print-directory --jobs 2 --output-sync check-python check-sql

check-python:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

check-sql:
	$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models

# Beside the type check, one process finds the tests, compiles what they import and reads the rules, so that
# not each worker of the tests does.
collect:
	$(BIN)/pytest -q --collect-only -m "not long" > .venv/collected || { cat .venv/collected; false; }

bench: setup ## measure against named peers and limits; prints ratios
	$(BIN)/python -m tests.bench $(ARGS)

lock: ## pin the newest allowed versions with hashes
	VIRTUAL_ENV=.venv $(BIN)/uv pip compile pyproject.toml --group dev --generate-hashes --no-strip-extras --no-header --python-version 3.11 --upgrade -o requirements.lock

.PHONY: help setup demo test test-long check check-python check-sql collect bench lock
