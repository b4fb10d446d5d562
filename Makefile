# `make` alone lists the targets. Needs python3 >= 3.11 and make; everything else goes into .venv.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
PEERS := .venv-peers
.DEFAULT_GOAL := help
.PHONY: help install demo test nightly lint sample scores reference picture bench lock clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

install: $(STAMP)  ## .venv from the committed lock, then this package; a no-op when up to date

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "gknlp needs Python 3.11 or newer; name one with: make PYTHON=python3.11 ..." >&2; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q gknlp tests  # every worker process imports the package: once compiled, whatever PYTHONDONTWRITEBYTECODE says
	@touch $@

demo: $(STAMP)  ## the main job on the sample corpus; prints the path of the results page
	@$(BIN)/gknlp demo

test: lint  ## lint, types, import contracts and the tests
	$(BIN)/python -m pytest -m "not nightly"

nightly: $(STAMP)  ## the long tests, and those about time: CI runs them, too
	$(BIN)/python -m pytest -m nightly

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

sample: $(STAMP)  ## write corpora/sample anew from its recipe (the result is committed and checked by a test)
	$(BIN)/python corpora/sample/recipe.py

scores: $(STAMP)  ## how much of what is true of the sample today's methods find (README prints it)
	@$(BIN)/python -m tests.sample

reference: $(STAMP)  ## write the reference part of ARCHITECTURE.md anew
	$(BIN)/python -m tests.docs.reference

picture: $(STAMP)  ## draw the README's picture of the results page (needs Chromium)
	$(BIN)/python tests/browser/picture.py

$(PEERS)/.installed: tests/bench/peers.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "gknlp needs Python 3.11 or newer; name one with: make PYTHON=python3.11 ..." >&2; exit 2; }
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/bench/peers.txt
	@touch $@

bench: $(STAMP) $(PEERS)/.installed  ## what things cost, as ratios to the usual libraries and rates, measured in one run
	@$(BIN)/python -m tests.bench.run --peers $(PEERS)/bin/python

lock: $(STAMP)  ## resolve the lock anew (needs uv on the PATH)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group dev --all-extras pyproject.toml -o requirements.lock --quiet

clean:  ## remove what the targets above made
	rm -rf .venv $(PEERS) runs experiments/*/runs corpora/*/built
