# Everything that is done with a clone. `make help` lists it; .ci/ says how the
# machine is set up, which `book`, `test` and `bench` do by themselves.

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

# Pythons that are not Homebrew's do not look for libraries in Homebrew's folder.
# The recipe sets this, not `export`: macOS takes DYLD_* from what /bin/sh inherits.
ifeq ($(shell uname -s),Darwin)
FIND_PANGO := DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib:/usr/lib
endif

# How much is fuzzed, and from which seed; another one each time where none is named.
MANUSCRIPTS ?= 2000
KILLS ?= 50
SEED ?=

.PHONY: help book test bench fuzz audit sbom clean setup setup-test
.NOTPARALLEL:

help:
	@echo "make book        build the example book: build/*.pdf and build/*.epub"
	@echo "make test        format, lint, types, imports, then all tests"
	@echo "make bench       measure speed and memory, then 5,000 random rebuilds"
	@echo "make fuzz        random manuscripts, and kills: MANUSCRIPTS=20000 KILLS=500 SEED=7"
	@echo "make audit       known vulnerabilities of what uv.lock names: needs the web"
	@echo "make sbom        what memobook is made of, as CycloneDX: build/memobook.cdx.json"
	@echo "make clean       remove build/ and the caches, keep .venv/"
	@echo "make setup       only set up what book needs"
	@echo "make setup-test  only set up what test and bench need"

book: setup
	@$(FIND_PANGO) $(BIN)/memobook build

# Cheapest first. pytest stands last, so that its closing line is the last output.
test: setup-test
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(FIND_PANGO) $(BIN)/python -m pytest -q -n auto

bench: setup-test
	@.ci/venv bench
	@$(FIND_PANGO) $(BIN)/python -m tests.benchmarks
	@$(FIND_PANGO) $(BIN)/python -m tests.rebuilds --steps 5000

fuzz: setup-test
	@$(FIND_PANGO) $(BIN)/python -m tests.fuzz --manuscripts $(MANUSCRIPTS) $(if $(SEED),--seed $(SEED))
	@$(FIND_PANGO) $(BIN)/python -m tests.kills --kills $(KILLS) $(if $(SEED),--seed $(SEED))

audit:
	@.ci/venv audit
	@.ci/audit

sbom:
	@.ci/venv book
	@.ci/audit sbom build/memobook.cdx.json

clean:
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests -type d -name __pycache__ -prune -exec rm -rf {} +

setup:
	@.ci/venv book
	@$(BIN)/python .ci/machine.py pango

setup-test:
	@.ci/venv test
	@$(BIN)/python .ci/machine.py pango java chromium poppler qpdf
	@.ci/ace
