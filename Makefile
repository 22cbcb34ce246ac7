# The two commands of the README are `make run` and `make test`. Both set up what they need, once.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test attack bench check clean

run: .venv/ready
	@$(BIN)/compact-bot learn
	@$(BIN)/compact-bot run

test: .venv/ready-to-test
	@$(BIN)/python -m pytest

attack: .venv/ready-to-test
	@$(BIN)/python -m pytest tests/attack -m "slow or not slow"

bench: .venv/ready-to-test
	@$(BIN)/python -m tests.bench

check: .venv/ready-to-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m knowledge.check

clean:
	rm -rf .venv var build *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed; set PYTHON=... to name it"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-to-test: .venv/ready requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
