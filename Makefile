# Triptych. `make` makes the editions; `make help` lists what else it can do.
#
# Everything is installed into .venv, by hash, from the lock files in requirements/. The stamps in
# .venv/stamps say what has been done, so that nothing is done twice.

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := editions
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCKED := install --quiet --require-hashes --no-deps --requirement

# The folders of source and styles count too: they change when a file in them goes away.
INPUTS := $(shell find source styles -not -name '.*' 2>/dev/null | sed 's/ /\\ /g') \
          $(shell find pipeline -type f -not -path '*/__pycache__/*' -not -path '*.egg-info/*')

.PHONY: editions
editions: $(STAMPS)/editions ## make the editions of source/ into dist/ (what plain `make` does)

$(STAMPS)/editions: $(STAMPS)/installed $(INPUTS) $(if $(wildcard dist/*),,editions-missing)
	$(BIN)/triptych build source --out dist
	@touch $@

.PHONY: editions-missing
editions-missing:

.PHONY: setup
setup: $(STAMPS)/installed ## install what making the editions takes

.PHONY: validators
validators: $(STAMPS)/validators ## install what testing and validating take

.PHONY: lint
lint: $(STAMPS)/test-packages ## check form, style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

.PHONY: test
test: lint $(STAMPS)/validators ## lint, then run every test
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: mutants
mutants: $(STAMPS)/test-packages ## damage finished files in every way known, and prove all is caught
	PYTHONPATH=tests $(BIN)/python -m mutants --out docs/proof-of-the-proof.md

SECONDS := 600

.PHONY: fuzz
fuzz: $(STAMPS)/fuzz-packages ## give each reader of strangers' files odd bytes (SECONDS=600 for all together)
	PYTHONPATH=tests $(BIN)/python -m fuzz --seconds $(SECONDS) $(TARGETS)

WORKS := 100
.PHONY: at-random
at-random: $(STAMPS)/test-packages ## build small works made at random (WORKS=100), and keep what goes wrong
	PYTHONPATH=tests $(BIN)/python -m at_random --works $(WORKS)

.PHONY: corpus-long
corpus-long: $(STAMPS)/validators ## build long works in three styles, and have all validators judge them
	PYTHONPATH=tests $(BIN)/python -m theses $(if $(CHAPTERS),--chapters $(CHAPTERS)) --out docs/long-works.md

.PHONY: bench-quick
bench-quick: $(STAMPS)/validators ## time builds beside pandoc, and builds after a change, in three minutes
	$(BIN)/python benchmarks/again.py 3

.PHONY: bench-long
bench-long: $(STAMPS)/validators ## time long works of tables, of notes and of a book beside pandoc
	$(BIN)/python benchmarks/long_works.py

.PHONY: bench
bench: $(STAMPS)/validators ## time builds, their collation, and the search of a long book
	$(BIN)/python benchmarks/against_pandoc.py
	$(BIN)/python benchmarks/again.py
	$(BIN)/python benchmarks/collation.py
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/search.py
	$(BIN)/python benchmarks/catalogue.py

.PHONY: pictures
pictures: $(STAMPS)/editions $(STAMPS)/validators ## remake the README's picture from dist/
	$(BIN)/python docs/pictures.py dist

.PHONY: lock
lock: $(STAMPS)/test-packages ## choose the newest versions of all packages and lock them by hash
	$(COMPILE) --output-file requirements/build.txt
	$(COMPILE) --extra validators --group dev --constraint requirements/build.txt \
	    --output-file requirements/test.txt
	$(BIN)/uv pip compile --group fuzz $(CHOOSE) --output-file requirements/fuzz.txt
	npm_config_omit_lockfile_registry_resolved=true PATH="$(CURDIR)/$(BIN):$$PATH" \
	    npm install --prefix pipeline/triptych/validators/node --package-lock-only --ignore-scripts

COMPILE = $(BIN)/uv pip compile pyproject.toml --group build $(CHOOSE)
CHOOSE = --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-annotate --quiet --custom-compile-command 'make lock'

.PHONY: package
package: $(STAMPS)/installed ## build the wheel and the source distribution into build/
	$(BIN)/python -m hatchling build --directory build

.PHONY: clean
clean: ## remove the editions and the caches (.venv stays)
	rm -rf dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis $(STAMPS)/editions
	find pipeline tests -name __pycache__ -prune -exec rm -rf {} +

.PHONY: help
help: ## explain each target
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# What the targets above stand on, in the order it happens.

$(STAMPS)/build-system: pipeline/setup/system-packages pipeline/setup/find-python
	pipeline/setup/system-packages build
	@mkdir -p $(STAMPS)
	@touch $@

$(STAMPS)/installed: $(STAMPS)/build-system requirements/build.txt pyproject.toml
	"$$(pipeline/setup/find-python)" -m venv $(VENV)
	$(PIP) $(LOCKED) requirements/build.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/test-system: pipeline/setup/system-packages $(STAMPS)/installed
	pipeline/setup/system-packages test
	@touch $@

$(STAMPS)/test-packages: $(STAMPS)/installed requirements/test.txt
	$(PIP) $(LOCKED) requirements/test.txt
	@touch $@

$(STAMPS)/fuzz-packages: $(STAMPS)/test-packages requirements/fuzz.txt
	$(PIP) $(LOCKED) requirements/fuzz.txt
	@touch $@

$(STAMPS)/validators: $(wildcard pipeline/triptych/validators/node/*) \
                      $(STAMPS)/test-packages $(STAMPS)/test-system
	$(BIN)/triptych install-validators
	@touch $@
