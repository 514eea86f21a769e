# Set-up and the main job; on a machine without make the README prints the same lines.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo lab test lint bench evidence size lock clean

demo: $(VENV)/installed
	@$(BIN)/dataeng-kit demo --out out

lab: $(VENV)/installed
	@$(BIN)/dataeng-kit lab $(DIR)

test: $(VENV)/installed-dev $(if $(FULL),$(VENV)/installed-full)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	FULL=$(FULL) $(BIN)/pytest

lint: $(VENV)/installed-dev
	$(BIN)/ruff check . --fix
	$(BIN)/mypy

bench: $(VENV)/installed-dev
	@for script in tests/benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python $$script $(BENCH) || exit 1; done

# Runs every topic on the shipped cases on the engines of this machine and writes dataeng_kit/knowledge/proofs.json.
evidence: $(VENV)/installed-dev
	@$(BIN)/python tests/evidence/make_proofs.py

size:
	@$(PYTHON) tests/size.py

# The lock of the tests holds every extra but Spark, which tests/full.lock adds; tests/house/test_packaging.py keeps the three in step.
COMPILE = uv pip compile pyproject.toml --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet
lock:
	$(COMPILE) --extra full -o tests/full.lock
	$(COMPILE) --constraints tests/full.lock --extra dev -o tests/requirements.lock
	$(COMPILE) --constraints tests/full.lock -o requirements.lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || { echo "Python 3.11 to 3.13 is needed; say which: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "Installing about 1.1 GB into $(VENV) (once)"
	@$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --no-deps -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed tests/requirements.lock
	@$(BIN)/pip install --quiet --require-hashes -r tests/requirements.lock
	@touch $@

$(VENV)/installed-full: $(VENV)/installed-dev tests/full.lock
	@$(BIN)/pip install --quiet --require-hashes -r tests/full.lock
	@touch $@

clean:
	rm -rf $(VENV) out dist
