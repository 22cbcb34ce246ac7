# The two commands of the README are `make run` and `make test`. Both set up what they need, once.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test attack bench soak check coverage audit licences clean

run: .venv/ready
	@$(BIN)/compact-bot learn
	@$(BIN)/compact-bot run

test: .venv/ready-to-test # what is learned is learned once, and not by each of the processes that test
	@$(BIN)/compact-bot learn
	@$(BIN)/python -m pytest -n auto --dist loadfile

attack: .venv/ready-to-test # ONLY=slow leaves out what `make test` has done
	@$(BIN)/python -m pytest -n auto --dist loadfile tests/attack -m "$(or $(ONLY),slow or not slow)"

bench: .venv/ready-to-test
	@$(BIN)/python -m tests.bench

soak: .venv/ready-to-test
	@$(BIN)/python -m tests.load.soak

check: .venv/ready-to-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m knowledge.check

coverage: .venv/ready-to-test
	@$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term:skip-covered -k "not in_no_time and not within_50_ms" # tracing is slow

audit: .venv/ready-to-test
	@.ci/audit

licences: .venv/ready
	@$(BIN)/python .ci/licences

clean:
	rm -rf .venv var build *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed; set PYTHON=... to name it"; exit 1; }
	@echo "First start, part 1 of 3: a Python of its own in .venv"
	@$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python requirements.txt pyproject.toml
	@echo "Part 2 of 3: the locked packages, about 300 MB"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@echo "Part 3 of 3: Compact Bot itself; what it learns, it learns once at its start"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-to-test: .venv/ready requirements-dev.txt
	@echo "For the tests: their packages, about as much again"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
