# Everything runs in .venv, which the first target that needs it makes. `make` alone lists the targets.
SHELL := bash
.SHELLFLAGS := -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --only-binary :all:

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

# Or each of the many processes of demo and tests would compile what it imports anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check docs bench verify lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

.venv/bin/uv: requirements-uv.lock
	@echo "making .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-uv.lock
	@touch $@

.venv/core: .venv/bin/uv requirements.lock pyproject.toml
	@echo "installing visavis and what it needs (wheels only, pinned by hash)"
	@$(UV) -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

.venv/dev: .venv/core requirements-dev.lock
	@echo "installing the tools of the checks"
	@$(UV) -r requirements-dev.lock
	@touch $@

demo: .venv/core  ## compare two real local models: table, verdict, HTML page
	@$(BIN)/visavis compare qwen2.5-coder-0.5b smollm2-135m --yes

test: check  ## every check, then every test but the slow ones
	@$(BIN)/python -m pytest -n 4 --timeout 300 -m "not slow and not weights" --cov --cov-report=
	@$(BIN)/coverage report

check: .venv/dev  ## format, lint, types, layers, spelling, generated pages
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -n 2
	@$(BIN)/codespell src docs tests/*.py *.md
	@$(BIN)/python -m tools.write_docs --check

docs: .venv/dev  ## write the generated pages of docs/reference anew
	@$(BIN)/python -m tools.write_docs

bench: .venv/dev  ## measure what docs/benchmarks.md states, and write it there
	@$(BIN)/python -m benches

verify: .venv/dev  ## the slow tests: real weights, long simulations, many faults
	@$(BIN)/python -m pytest -m "slow or weights"

lock: .venv/bin/uv  ## resolve the lock files anew; they name no address
	@$(LOCK) pyproject.toml --output-file requirements.lock
	@$(LOCK) pyproject.toml --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	@echo uv | $(LOCK) --no-annotate - --output-file requirements-uv.lock

clean:  ## remove .venv and what the tools left
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .coverage
