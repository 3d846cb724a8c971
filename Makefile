# Everything a person types. `make` prints this list.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# Scanners pin libraries of other ages: they live apart from what they attack.
SCANNERS := .venv-security
FLASK := $(BIN)/flask --app tracker.app
DEMO ?= 1
# More than the two cores of CI: many tests wait for a server, a browser or a disk.
WORKERS ?= 3
export PYTHONPATH := $(CURDIR)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The files of pins are whole, so pip has nothing to resolve: older ones take the newest release of what another package
# asks for with an extra (coverage[toml]), and refuse it. `pip check` says when something is missing.
INSTALL := pip install -q --require-hashes --no-deps -r

# Programs that CI does not run: that they still fit what they call is checked all the same.
RARE := bench tests/lanes tests/browser/screens.py

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# An empty variable counts as not set, as in config.py. The demonstration shares nothing with a real instance: files
# are named by what they hold, so that what one lets go would be the other's, too.
EVERYWHERE := 0.0.0.0 ::
ifeq ($(DEMO),0)
run job: export TRACKER_ENV := $(or $(TRACKER_ENV),production)
else
run job: export DATABASE_URL := $(or $(DATABASE_URL),sqlite:///$(CURDIR)/var/demo/tracker.sqlite3)
run job: export STORAGE_DIR := $(or $(STORAGE_DIR),$(CURDIR)/var/demo/storage)
run job: export KEY_DIR := $(or $(KEY_DIR),$(CURDIR)/var/demo/keys)
run job: export MAIL_URL := $(or $(MAIL_URL),file://$(CURDIR)/var/demo/mail)
endif
run job: export BASE_URL := $(or $(BASE_URL),http://$(if $(filter $(EVERYWHERE),$(HOST)),127.0.0.1,$(HOST)):$(PORT))
run: export HOST := $(HOST)
run: export PORT := $(PORT)
run: $(VENV)/.run ## The demonstration on the real letter, with its scheduler; DEMO=0: a real instance without entries
ifeq ($(DEMO),0)
	@$(FLASK) make-key --first
	@$(FLASK) db upgrade
	@$(FLASK) seed
else
	@$(FLASK) db upgrade
	@$(FLASK) seed --demo
	@echo "The accounts of the demonstration are in var/demo-accounts.json"
endif
	@exec $(FLASK) serve

# Hundreds of processes read the same files: compiled once, also where Python is told to write nothing down.
test check nightly browser faults security: export PYTHONDONTWRITEBYTECODE :=

PYTEST = $(BIN)/pytest -n $(WORKERS) --dist worksteal

test: $(VENV)/.dev ## Every test of the day that this machine can run, from a fresh clone
	$(PYTEST) -m "not nightly" $(ARGS)

setup: $(VENV)/.dev ## The environment only

check: $(VENV)/.dev ## What CI runs: format, lint, contracts, types, templates, translations, tests with coverage
	$(BIN)/pip check
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/mypy $(RARE)
	$(BIN)/djlint templates --lint --quiet
	$(MAKE) -s translations-check
	$(BIN)/coverage erase
	$(PYTEST) -m "not nightly and not uncounted" --cov --cov-report= $(ARGS)
	$(BIN)/coverage report
	$(PYTEST) -m "not nightly and uncounted" $(ARGS)

nightly: $(VENV)/.dev ## The tests that make test leaves out: stories and pages on PostgreSQL, planted faults, axe for each role
	$(PYTEST) -m nightly $(ARGS)

# Files without lines: a message that moves in its file changes no catalogue.
EXTRACT := --omit-header --sort-by-file --add-location=file -k mark -k lazy -k mark_in:1c,2
UPDATE := --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 120
TRANSLATED := $(notdir $(patsubst %/LC_MESSAGES,%,$(wildcard tracker/translations/*/LC_MESSAGES)))

fix: $(VENV)/.dev ## Formats and mends what can be mended, and collects the texts for translation
	$(BIN)/ruff format -q .
	$(BIN)/ruff check --fix -q .
	$(BIN)/pybabel -q extract -F pyproject.toml $(EXTRACT) -o tracker/translations/messages.pot .
	@for language in $(TRANSLATED); do $(BIN)/pybabel -q update $(UPDATE) -l $$language -i tracker/translations/messages.pot -d tracker/translations || exit 1; done

browser: $(VENV)/.dev ## The stories in Chromium, with axe
	REQUIRE_ALL=1 $(BIN)/pytest tests/browser $(ARGS)

screens: $(VENV)/.dev ## Pictures of the pages and of the workbook, in docs/screens/
	REQUIRE_ALL=1 $(BIN)/python -m tests.browser.screens

bench: $(VENV)/.dev ## Costs as ratios to a lean reference; exits 1 beyond the limits
	$(BIN)/python -m bench.run

drill: $(VENV)/.dev ## An instance burns down under load and comes back from its backup: make drill ARGS=--postgresql
	$(BIN)/python -m bench.drill $(ARGS)

faults: $(VENV)/.dev ## Servers are killed, disks fill up, power fails: 15 quiet minutes, as root with strace (apt-get install strace)
	$(BIN)/pytest tests/lanes/faults $(ARGS)

ATTACKS = REQUIRE_ALL=1 SCANNERS=$(CURDIR)/$(SCANNERS)/bin $(BIN)/pytest tests/lanes/security $(ARGS)

security: $(VENV)/.dev $(SCANNERS)/.security ## Attacks on a running instance, 25 minutes: docs/security.md
	$(ATTACKS) -m alone || test $$? -eq 5  # 5: ARGS choose none of these
	$(ATTACKS) -m "not alone" -n 2 || test $$? -eq 5

migration: $(VENV)/.dev ## A new revision: make migration m="what it does"
	$(BIN)/alembic -c migrations/alembic.ini revision --autogenerate -m "$(m)"

code: $(VENV)/.run ## The present code of a demonstration account: make code handle=reed-27
	@$(BIN)/flask --app tracker.app demo-code "$(handle)"

job: $(VENV)/.run ## Runs one job by hand: make job name=remind_of_milestones today=2026-12-08
	$(FLASK) job $(name) $(if $(today),--today $(today))

translations: $(VENV)/.run ## How far each language is, and pages of the texts to check, in var/translations/
	@$(FLASK) translations

golden: $(VENV)/.dev ## Writes the golden files anew; look at the difference before you commit it
	GOLDEN=write $(BIN)/pytest tests/architecture tests/exchange tests/mail $(ARGS)

theme: ## Rebuilds the committed CSS and JS (needs Node)
	cd tracker/web/theme && npm ci --silent && npm run --silent build && rm -rf node_modules

pins: $(VENV)/.dev ## Resolves the dependencies of pyproject.toml anew, with hashes
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements-dev.txt
	printf '%s\n' 'wapiti3==3.2.3' 'sqlmap==1.10.10' | $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header - -o requirements-security.txt

translations-check:
	@$(BIN)/pybabel -q extract -F pyproject.toml $(EXTRACT) -o var/messages.pot .
	@cmp -s var/messages.pot tracker/translations/messages.pot || { echo "Texts have changed: run make fix"; exit 1; }

$(VENV)/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 run"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@mkdir -p var
	$(BIN)/$(INSTALL) requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(BIN)/$(INSTALL) requirements-dev.txt
	@touch $@

$(SCANNERS)/.security: requirements-security.txt
	@test -x $(SCANNERS)/bin/python || $(PYTHON) -m venv $(SCANNERS)
	$(SCANNERS)/bin/$(INSTALL) requirements-security.txt
	@touch $@

.PHONY: help run test setup check nightly fix browser screens bench drill faults security migration code job golden theme translations pins translations-check
.DEFAULT_GOAL := help
