# Everything runs in a .venv of its own inside the checkout; uv makes it where it is installed, else venv and pip.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
SOURCES := pyproject.toml tuicrm/__init__.py

ifeq ($(UV),)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
MAKE_VENV = $(PYTHON) -m venv $(VENV) >/dev/null || { rm -rf $(VENV); echo "$(NO_VENV)" >&2; exit 1; }
else
INSTALL = $(UV) pip install --quiet --python $(BIN)/python
MAKE_VENV = $(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV)
endif

NO_VENV = $(PYTHON) cannot make a virtual environment here. On Debian and Ubuntu: apt install python3-venv; then the same command again.

.PHONY: help demo test test-all soak prove lowest highest audit lint format docs bench clean

help:  ## Show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(BIN)/python:
	@$(MAKE_VENV)

$(VENV)/.installed: $(BIN)/python $(SOURCES)
	@echo "installing tuicrm and its libraries into $(VENV), which takes a minute or so" >&2
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-dev: $(BIN)/python $(SOURCES)
	@echo "installing tuicrm and what checks it into $(VENV), which takes a minute or two" >&2
	@$(INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed  ## Open a sample workspace (without a terminal: print its board)
	@$(BIN)/tuicrm demo
	@command -v tuicrm >/dev/null || echo "The command is $(BIN)/tuicrm; in this shell '. $(BIN)/activate' makes it tuicrm." >&2

test: $(VENV)/.installed-dev  ## Check everything: format, lint, types, layers, docs, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell tuicrm docs themes README.md CHANGELOG.md Makefile
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-all: $(VENV)/.installed-dev soak  ## The tests, with the heavy ones, and each law on more examples
	TUICRM_PROOF=500 $(BIN)/python -m pytest -n 2 --hypothesis-profile=default

soak: $(VENV)/.installed-dev  ## Thousands of random keys, and twelve sorts of nonsense for each option: nothing fails, memory stays flat
	TUICRM_SOAK_KEYS=2000 $(BIN)/python -m pytest tests/tui/test_soak.py
	TUICRM_NONSENSE=12 $(BIN)/python -m pytest -n 2 tests/badinput/test_nonsense.py

prove: $(VENV)/.installed-dev  ## Prove in full that nothing is lost (some hours; goes on where it was ended), and write docs/reliability.md
	$(BIN)/python -m tests.prove.run

lowest: $(VENV)/.installed-dev  ## The tests that lean on dependencies, with the lowest versions that are allowed (an environment of its own)
	$(BIN)/python -m tests.packaging.ranges lowest

highest: $(VENV)/.installed-dev  ## The same with the newest versions that are allowed
	$(BIN)/python -m tests.packaging.ranges highest

audit: $(VENV)/.installed-dev  ## Known holes in what the program needs (pip-audit); fails too where nobody could be asked
	$(BIN)/python -m tests.packaging.ranges audit

lint: $(VENV)/.installed-dev  ## Only the static checks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev  ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

docs: $(VENV)/.installed-dev  ## Write the generated pages and the pictures
	$(BIN)/python -m tuicrm.cli.reference docs/commands.md docs/records.md docs/metrics.md
	$(BIN)/python -m tuicrm.tui.keys_page docs/keys.md
	$(BIN)/python -m tests.benchmarks.picture docs/img

bench: $(VENV)/.installed-dev  ## Measure tuicrm beside its peers (AREA=... for one area; goes on where it was ended), and write docs/performance.md
	$(BIN)/python -m tests.benchmarks.run $(AREA)

clean:  ## Remove what was built
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
