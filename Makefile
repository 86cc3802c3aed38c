# Every command of the project; `make` lists them.

PYTHON := .venv/bin/python
PORT ?= 8000
# Where the installation's own files are, as the settings find it.
VAR := $(or $(LIBERTY_VAR_DIR),$(shell sed -n 's/^LIBERTY_VAR_DIR=//p' .env 2>/dev/null),var)
export PORT

.DEFAULT_GOAL := help
.PHONY: help environment run serve test lint format types check bench check-repository check-migration test-client lock

help:  ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

environment:  ## Make .venv from requirements.txt, or name what is missing
	@scripts/environment

run: environment  ## Install, migrate, load the demo and serve it at http://127.0.0.1:8000 (PORT=...)
	@$(PYTHON) -m liberty.keys
	@LIBERTY_EMBEDDED=true $(PYTHON) manage.py migrate --noinput --verbosity 1
	@$(PYTHON) manage.py load_demo --if-allowed --skip-checks
	@$(MAKE) --no-print-directory --silent $(VAR)/.static
	@exec scripts/serve

serve: environment  ## Serve without the demo; a new installation shows its set-up page (PORT=...)
	@$(PYTHON) -m liberty.keys
	@$(MAKE) --no-print-directory --silent $(VAR)/.static
	@exec scripts/serve

# Static files change with the packages and with the project's own.
$(VAR)/.static: requirements.txt $(shell find apps liberty templates -path '*/static/*' -type f 2>/dev/null)
	@$(PYTHON) manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@

test: environment  ## Run all tests on SQLite, PostgreSQL and MariaDB (ARGS="-k paging")
	@$(PYTHON) -m tests.servers -- scripts/test $(ARGS)

lint: environment  ## Check style and imports
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .

format: environment  ## Format the code and sort imports
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

types: environment  ## Check types
	$(PYTHON) -m mypy .

# Settings that need neither keys nor a database of the developer's.
WITH_TEST_SETTINGS := DJANGO_SETTINGS_MODULE=liberty.settings.test LIBERTY_TEST_DIR=var/check

check: lint types  ## Lint, types, migrations, system checks, OpenAPI document
	@mkdir -p var/check
	$(WITH_TEST_SETTINGS) $(PYTHON) manage.py makemigrations --check --dry-run
	$(WITH_TEST_SETTINGS) $(PYTHON) manage.py check --fail-level WARNING
	$(WITH_TEST_SETTINGS) $(PYTHON) manage.py spectacular --validate --fail-on-warn \
		--file /dev/null

bench: environment  ## Measure requests per second and memory
	@$(PYTHON) -m bench $(ARGS)

check-repository: environment  ## Call every stored definition of an export (REPOSITORY=FILE)
	@$(PYTHON) -m scripts.check_repository "$(REPOSITORY)"

check-migration: environment  ## Move the running original here and compare both (REPOSITORY=FILE)
	@$(PYTHON) -m scripts.check_migration $(if $(REPOSITORY),"$(REPOSITORY)")

test-client: environment  ## Drive the original's web client on the original and on us (REPOSITORY=FILE)
	@$(PYTHON) -m scripts.client $(REPOSITORY)

lock: environment  ## Write requirements.txt from requirements.in (ARGS=--upgrade)
	@scripts/lock $(ARGS)
