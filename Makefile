# Targets other people rely on: setup serve test lint bench drill help. `make help` lists all of them.
SHELL := /bin/bash
UV_VERSION := 0.13.9
UV := .tools/bin/uv
RUN := .venv/bin/python
export UV_PYTHON_DOWNLOADS := never
# The machine decides whom it trusts: many ministries sit behind a proxy with a certificate of its own.
export UV_SYSTEM_CERTS := true
.PHONY: setup serve test lint bench drill help judges journeys test-debian-postgresql messages sbom
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-24s %s\n", $$1, $$2}'

.tools/bin/uv:
	@echo "Installing uv $(UV_VERSION)…"
	@python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools uv==$(UV_VERSION)

.venv/ready: pyproject.toml uv.lock | .tools/bin/uv
	@echo "Building the environment from uv.lock (a minute the first time)…"
	@$(UV) sync --frozen --all-groups --quiet --python python3
	@touch $@

setup: .venv/ready ## build the environment

serve: .venv/ready ## start everything and print where to look
	@.venv/bin/cancilleria serve

test: .venv/ready lint ## contracts, house tests and units, on an embedded database of their own
	@$(RUN) -m pytest -q -n auto

lint: .venv/ready ## ruff, mypy and the contracts between rooms
	@.venv/bin/ruff check -q .
	@.venv/bin/ruff format --check -q .
	@.venv/bin/mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo > .venv/contracts.txt || { cat .venv/contracts.txt; exit 1; }

bench: .venv/ready ## each figure beside its baseline, in one run; PARTS=log,… ACTS=5000000 CASES=1000000 GROWTH=10000000
	@PYTHONPATH=. $(RUN) -m tests.bench.run

drill: .venv/ready ## DRILLS=name,name SCALE=1 SEED=… (kill: SUBMISSIONS=2800 CLIENTS=20; disk needs root, failover patroni and etcd)
	@PYTHONPATH=. $(RUN) -m tests.drills.run

judges: .venv/ready ## tools nobody here wrote (needs poppler-utils, qpdf, openssl)
	@PYTHONPATH=. $(RUN) -m pytest -q -n 2 --dist loadfile tests/judges

journeys: .venv/ready ## whole stories in a real browser (needs chromium, poppler-utils)
	@PYTHONPATH=. $(RUN) -m pytest -q -n 2 --dist loadfile --durations=15 tests/journeys

test-debian-postgresql: .venv/ready ## the same tests on the PostgreSQL of the distribution
	@tests/debian-postgresql

messages: .venv/ready ## extract and compile translations
	@PYTHONPATH=. $(RUN) -m tests.house.messages

sbom: .venv/ready ## bill of materials of what runs, CycloneDX, in sbom.cdx.json
	@$(UV) export --frozen --no-dev --format cyclonedx1.5 --quiet > sbom.cdx.json
