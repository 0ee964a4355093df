# `make demo` and `make test` do everything on a fresh clone with Python 3.11+.
PYTHON ?= python3
BIN := .venv/bin

# Most servers run in UTC and so do most tests: a zone with an odd offset finds
# the code that forgot which clock it reads.
export TZ := Asia/Kathmandu

.DEFAULT_GOAL := help

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: .venv/done ## Make .venv from the hashed lock

# The lock is complete, so pip has nothing to resolve: an older pip that tries to takes
# the newest release of a package it meets with extras, and has no hash for that.
.venv/done: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	touch $@

demo: setup ## Tell the whole story on a sample workspace: no token, no network
	$(BIN)/python app.py demo

run: setup ## Connect to Slack (needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN)
	$(BIN)/python app.py run

lint: setup ## Style, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: setup lint ## Every check
	$(BIN)/pytest -n 2 --cov --cov-report=term

EVENTS ?= 2000
QUESTIONS ?= 1000 10000 100000

bench: setup ## Measure speed and size (QUESTIONS="1000000" for other sizes)
	$(BIN)/python -m tests.bench $(EVENTS) $(QUESTIONS)

chaos: setup ## Kill processes 200 times on each database, and look what is left
	$(BIN)/python -m tests.chaos --kills 200

soak: setup ## Run for 30 minutes at 50 events a second and watch memory
	$(BIN)/python -m tests.bench.soak

lock: ## Renew requirements.txt from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-emit-package grapevine-bot \
	  --quiet --output-file requirements.txt

.PHONY: help setup demo run lint test bench chaos soak lock
