# One command each. Needs Python 3.11 or newer and make; `make check` also needs Debian's gettext.

PYTHON ?= python3
PORT ?= 8000
HOUSEHOLDS ?= 100000
DIVISIONS ?=
BIN := .venv/bin
UV := 0.13.9
export PORT
# Every process of the suite would compile all it imports anew: more than half of its start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test check browser faults bench requirements

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18
	@echo "  PORT=8000 HOUSEHOLDS=100000 DIVISIONS=folder STATE_DIR=.data DATABASE_URL= REDIS_URL= change the defaults"

setup: .venv/.installed  ## virtual environment, dependencies, compiled translations
	@$(BIN)/python scripts/compile_catalogues.py

.venv/.installed: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "Python cannot make virtual environments here. On Debian: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV) || true
	@$(BIN)/python -m uv pip install --quiet --python $(BIN)/python --system-certs --require-hashes -r requirements-dev.txt \
	  || { echo "uv could not install; trying pip, which takes longer."; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt; }
	@touch $@

run: setup  ## the site with demo data on http://127.0.0.1:$PORT, worker and beat; Ctrl-C stops all
	@exec $(BIN)/python -m registry.run

test: setup  ## the suite, at the small counts
	@exec $(BIN)/python -m pytest -n 3 --dist worksteal -q

check: setup  ## formatting, lint, types, imports, migrations, templates, translations, deployment
	@exec $(BIN)/python scripts/check.py

browser: setup  ## every journey and page, in both languages, sizes and all states
	@BROWSER=full exec $(BIN)/python -m pytest -n 2 --dist worksteal -q tests/browser

faults: setup  ## kills, races, fuzz and state machines at the full counts
	@FAULTS=full exec $(BIN)/python -m pytest -n 2 --dist worksteal -q tests/faults tests/property

bench: setup  ## benchmarks: make bench HOUSEHOLDS=1000000 [DIVISIONS=folder of the official lists]
	@$(BIN)/python -m benchmarks --households $(HOUSEHOLDS) $(if $(DIVISIONS),--divisions $(DIVISIONS))
	@$(BIN)/python -m benchmarks.inbox
	@exec $(BIN)/python -m benchmarks.sync

requirements:  ## the newest versions that pyproject.toml allows, with their hashes
	$(BIN)/uv pip compile --upgrade --universal --generate-hashes --no-header --no-emit-index-url --quiet pyproject.toml --output-file requirements.txt
	$(BIN)/uv pip compile --upgrade --universal --generate-hashes --no-header --no-emit-index-url --quiet pyproject.toml --extra dev --constraints requirements.txt --output-file requirements-dev.txt
