# genlab: `make app` installs what it needs and opens the app; `make test` runs the tests. `make help` lists the rest.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
IS_NEW_ENOUGH := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python python3.13 python3.12 python3.11 python3.14; do \
	"$$python" -c '$(IS_NEW_ENOUGH)' 2>/dev/null && echo "$$python" && break; done)
# One process more than there are cores, because whoever has a browser mostly waits; few enough for a laptop.
SHARED = -n $(shell $(BIN)/python -c 'import os; print(min(4, 1 + (os.cpu_count() or 1)))') --no-loadscope-reorder
# Tests start hundreds of processes: none of them compiles genlab anew, even where PYTHONDONTWRITEBYTECODE is set.
test test-all: export PYTHONDONTWRITEBYTECODE :=
# Where tests marked timed are: collecting all the others a second time takes as long as they do.
TIMED = tests/browser
PIP := $(BIN)/python -m pip --disable-pip-version-check
# An index to take torch and torchvision from, e.g. the one of PyTorch's packages for CPUs; by default pip's own.
TORCH_INDEX ?=

.DEFAULT_GOAL := help
.PHONY: help app install test check test-all docs benchmark mutants wheel clean

help: ## list what can be made
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | sort | expand -t 12

app: install ## open the app on http://127.0.0.1:8501
	$(BIN)/genlab app

install: $(VENV)/.installed ## make .venv and install genlab into it

test: $(VENV)/.test ## run the quick tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "not slow and not timed" $(SHARED) --durations=20
	$(BIN)/python -m pytest -m "timed and not slow" $(TIMED)

test-all: $(VENV)/.dev ## run all tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "not timed" $(SHARED) --durations=20
	$(BIN)/python -m pytest -m "timed" $(TIMED)

check: $(VENV)/.dev ## look at style, types and the direction of imports, of the Python and the JavaScript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/browser_code/check.py

docs: $(VENV)/.installed ## write what docs/ takes from the code anew: entries, claims, lessons
	$(BIN)/python -m genlab.docs_tables > docs/entries.md
	$(BIN)/python -m genlab.docs_claims docs/claims.md
	$(BIN)/python -m genlab.lessons > docs/lessons.md

benchmark: $(VENV)/.dev ## compare speed with a bare loop and with other trainers
	$(BIN)/python -m benchmarks

mutants: $(VENV)/.dev ## see whether the tests notice small changes; SEED= draws other ones, NUMBER= more or fewer
	$(BIN)/python -m benchmarks.mutants $(if $(SEED),--seed $(SEED)) $(if $(NUMBER),--number $(NUMBER))

wheel: $(VENV)/.installed ## build dist/genlab-*.whl
	$(PIP) wheel --no-deps --wheel-dir dist .

clean: ## remove what was built; data and runs stay where they are
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "genlab needs Python 3.11 or newer with venv. Install it, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c '$(IS_NEW_ENOUGH)' || { echo "$(PYTHON) is not Python 3.11 or newer with venv. Name another: make PYTHON=/path/to/python3" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

# One stamp per set of packages: nothing is installed again until pyproject.toml changes.
$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	@echo "Installing genlab; the first time takes some minutes (torch is large)."
	$(if $(TORCH_INDEX),$(PIP) install torch torchvision --index-url $(TORCH_INDEX))
	$(PIP) install --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.installed
	$(PIP) install --editable ".[test]"
	@touch $@

$(VENV)/.dev: $(VENV)/.test
	$(PIP) install --editable ".[dev]"
	@touch $@
