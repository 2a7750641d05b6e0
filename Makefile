# Every target brings what it needs; `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv/bin
WORKERS ?= 2
# What is bound to one machine or one shell must not leak into the project's own Python.
unexport PYTHONPATH PYTHONHOME
export PORT

.DEFAULT_GOAL := help
.PHONY: help install install-dev front run test lint types check-format format score bench lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

install: ## make .venv with the command nianlun
	@$(PYTHON) scripts/setup.py

install-dev: ## the same with what the tests need
	@$(PYTHON) scripts/setup.py --dev

front: install
	@$(VENV)/python scripts/setup_front.py

run: front ## everything: install, build, database, demo, serve on 127.0.0.1:$PORT
	@exec $(VENV)/nianlun serve --port $(PORT)

lint: install-dev ## ruff and mypy
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy src tests

format: install-dev ## put the code in its form
	$(VENV)/ruff check --fix-only -q .
	$(VENV)/ruff format -q .

test: install-dev ## all tests, on the real PostgreSQL and in a real Chromium
	@$(VENV)/python scripts/setup_system.py
	@$(VENV)/python scripts/setup_front.py
	@$(MAKE) --no-print-directory lint
	$(VENV)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

score: install ## how well the plans in ../shared/plans are read
	@$(VENV)/python scripts/score.py

bench: install-dev front ## what is measured rather than tested
	@for file in bench/*.py; do [ ! -e "$$file" ] || $(VENV)/python "$$file" || exit 1; done

lock: install-dev ## renew the lock files within pyproject.toml's bounds
	@$(VENV)/python scripts/lock.py

clean: ## remove what the targets made, except var/ with its data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist front/node_modules src/nianlun/ui/static/build
	find src tests scripts bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
