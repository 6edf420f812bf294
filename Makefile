# fujin: `make demo` shows the main job, `make test` runs everything that CI runs. Both set themselves up.
# The first one that runs and is new enough: a name on the PATH may be a shim without an interpreter behind it.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
  "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$name" && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST := $(BIN)/python -m pytest -q

.PHONY: help setup demo test check quick unit fuzz fuzz-bytes bench peers oracles docs screens catalogues clean

help:            ## what there is
	@grep -hE '^[a-z]+: .*##|^[a-z]+:  *##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

setup: $(STAMP)  ## the virtual environment with pinned packages

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "fujin needs Python 3.11 or newer, and none runs on this machine. \
	Install one, or name it with: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "fujin needs Python's venv module; on Debian: apt install python3-venv" >&2; exit 2; }
	@"$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]' || \
	  { echo "the packages of constraints.txt could not be installed; is the package registry reachable?" >&2; exit 2; }
	@touch $(STAMP)

demo: setup      ## the main job on a disposable copy of the workspace
	@$(BIN)/python docs/demo.py

test: setup check unit  ## everything that CI runs

check: setup     ## style, types, layers, catalogues, generated pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --verbose

quick: setup     ## the tests that are not marked slow: nine of ten, in a minute and a quarter on two cores
	$(PYTEST) -n auto --dist worksteal -m "not slow" --durations=10 --durations-min=0.5

unit: setup      ## all tests, with the branch coverage of core and store held at 95 %
	$(PYTEST) -n auto --dist worksteal --durations=25 --cov --cov-branch --cov-report=
	$(BIN)/coverage report --include='fujin_cli/core/*,fujin_cli/store/*' --fail-under=95

SECONDS ?= 600
fuzz: fuzz-bytes ## search for faults SECONDS long (600): bytes for what reads YAML (Linux only), new random examples
	@$(BIN)/python -m tests.fuzz.random_tests $$(($(SECONDS) / 4)) > .fuzz/random.log 2>&1 || \
	  { tail -n 200 .fuzz/random.log; exit 1; }
	@echo "random: $$(grep -c '^round' .fuzz/random.log) rounds, $$(grep -oE '[0-9]+ passed' .fuzz/random.log | awk '{n += $$1} END {print n + 0}') tests passed"

fuzz-bytes: setup  ## the bytes alone (CI: 60 seconds; new random examples would make its verdict a matter of luck)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/fuzz/requirements.txt
	@mkdir -p .fuzz
	@for target in reading judging mending; do \
	  $(BIN)/python -m tests.fuzz $$target $$(($(SECONDS) / 4)) > .fuzz/$$target.log 2>&1 || \
	    { tail -n 60 .fuzz/$$target.log; exit 1; }; \
	  echo "$$target: $$(grep -oE '^stat::(number_of_executed_units|peak_rss_mb): +[0-9]+' .fuzz/$$target.log | tr -s ' \n' ' ')"; \
	done

bench: setup peers oracles  ## ratios against peers, in one run
	$(BIN)/python -m tests.bench

peers: .peers/.installed  ## other people's tools, apart from ours, for the benchmarks

.peers/.installed: tests/bench/peers.txt
	@"$(PYTHON)" -m venv .peers
	@.peers/bin/python -m pip install --quiet --disable-pip-version-check -r tests/bench/peers.txt
	@touch $@

oracles: .oracles/.installed  ## programs that tests compare verdicts with, apart from ours

.oracles/.installed: tests/oracles/peers.txt
	@test -n "$(PYTHON)" || { echo "fujin needs Python 3.11 or newer, and none runs on this machine" >&2; exit 2; }
	@"$(PYTHON)" -m venv .oracles
	@.oracles/bin/python -m pip install --quiet --disable-pip-version-check -r tests/oracles/peers.txt
	@touch $@

docs: setup      ## write the generated reference pages anew
	$(BIN)/python docs/generate.py

screens: setup   ## write the golden screens anew; `git diff` shows what changed
	@$(BIN)/python -m tests.screens --write

catalogues: setup  ## collect sentences and compile the Chinese catalogue
	$(BIN)/python docs/catalogues.py

clean:           ## remove what was made
	rm -rf $(VENV) .peers .oracles .fuzz .pytest_cache .mypy_cache .ruff_cache .hypothesis htmlcov .coverage
