# Everything runs from .venv, which the first target that needs it makes. `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
# Any Python from 3.11 on; say PYTHON=/path/to/python to choose.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$p" && break; done)
STAMP := $(VENV)/.installed
DEMO_INDEX := index/demo
PINS := .constraints.new
CORPUS ?= ../shared/corpus/news50k.jsonl.zst

.PHONY: help setup pins demo test test-fast cluster-test check format bench evaluate clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv and install everything, pinned by constraints.txt

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "searcher needs Python 3.11 or newer; none was found. Say: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q searcher
	@touch $@

demo: $(STAMP) ## index the articles in seeds/, search them for "mại dâm Sơn La", say how to see them in the browser
	$(BIN)/searcher index --index $(DEMO_INDEX) seeds
	$(BIN)/searcher query --index $(DEMO_INDEX) "mại dâm Sơn La"
	@echo
	@echo 'In the browser: $(BIN)/searcher serve --index $(DEMO_INDEX)'
	@echo 'then open       http://127.0.0.1:8765/?q=mai+dam+son+la'

test: $(STAMP) ## run every test
	$(BIN)/python -m pytest -n auto --dist worksteal

test-fast: $(STAMP) ## run the tests that are not marked slow, in less than a minute
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow"

cluster-test: $(STAMP) ## run the tests of an index in a cluster, with a real OpenSearch (needs Java and Maven)
	CI=true $(BIN)/python -m pytest tests/cluster

check: $(STAMP) ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32
	$(BIN)/mypy --platform darwin

format: $(STAMP) ## write the format and the lint fixes that ruff knows
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

evaluate: $(STAMP) ## measure tags and ranking against hand labels, where ../shared has them
	@$(BIN)/python -m benchmarks.tags
	@if [ -f benchmarks/ranking.py ]; then $(BIN)/python -m benchmarks.ranking; fi

bench: $(STAMP) ## measure the engine beside its peers, where ../shared has the corpus
	@$(BIN)/python -m benchmarks.engine $(CORPUS)

pins: ## write constraints.txt anew, with the newest versions that pyproject.toml allows (needs uv: pip install uv)
	@head -2 constraints.txt > $(PINS)
	uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --all-extras \
		--no-annotate --no-header --no-emit-package searcher-vietnews --quiet pyproject.toml >> $(PINS)
	@mv $(PINS) constraints.txt

clean: ## remove .venv, caches and the demo index
	rm -rf $(VENV) $(DEMO_INDEX) .pytest_cache .mypy_cache .ruff_cache .hypothesis
