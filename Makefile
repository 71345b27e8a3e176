# `make demo` and `make test` set up everything they need; see CONTRIBUTING.md for the rest.
PYTHON ?= python3.11
ifeq ($(shell command -v $(PYTHON) 2>/dev/null),)
PYTHON := python3
endif
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test lint types contracts build lock servers conformance corpus fuzz races crashes bench instructions clean

help:            ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

demo: $(READY)   ## the main job on SQLite, start to end
	@$(BIN)/python examples/demo.py

test: $(READY)   ## the tests, on real servers
	@sh setup/servers.sh
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

lint: $(READY)   ## ruff, as a check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## mypy --strict
	$(BIN)/mypy
	MYPYPATH=src:packages/limbeck-alembic/src $(BIN)/mypy packages/limbeck-alembic/src
	MYPYPATH=src:. $(BIN)/mypy measures benchmarks

contracts: $(READY)  ## the layers that imports must keep
	$(BIN)/lint-imports

build: $(READY)  ## wheel and source distribution; the wheel in an empty environment
	sh setup/build.sh $(BIN)/python

lock: $(READY)   ## pin the development dependencies anew
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --upgrade \
	  --extra postgresql --extra mysql --extra async --extra dask \
	  --output-file requirements/dev.txt pyproject.toml requirements/dev.in

servers: $(READY)  ## start the test servers, print their addresses, wait
	@$(BIN)/python -m tests.servers

conformance: $(READY)  ## Alembic's own tests against limbeck-alembic, on every database
	@sh setup/servers.sh
	$(BIN)/python -m measures.conformance $(ARGS)

corpus: $(READY)  ## published projects' histories by Alembic and by limbeck; not a part of CI
	@sh setup/servers.sh
	$(BIN)/python -m measures.corpus $(ARGS)

fuzz: $(READY)   ## drawn models through the closing loop: ARGS="-d sqlite -n 2000 -s 1"; not a part of CI
	@sh setup/servers.sh
	$(BIN)/python -m tests.fuzz $(ARGS)

races: $(READY)  ## many deployers at once, many times: ARGS="-n 16 -r 20 -d sqlite"; not a part of CI
	@sh setup/servers.sh
	$(BIN)/python -m tests.deploying.races $(ARGS)

crashes: $(READY) ## runs that are interrupted everywhere: ARGS="-d mariadb -k kill"; not a part of CI
	@sh setup/servers.sh
	$(BIN)/python -m tests.crashes $(ARGS)

bench: $(READY)   ## limbeck, Alembic and the plain driver on the same work, into bench.json: ARGS="-g upgrade -s 0.1"; not in CI
	@sh setup/servers.sh
	$(BIN)/python -m benchmarks $(ARGS)

instructions: $(READY)  ## no command costs a tenth more than is noted (valgrind)
	@$(BIN)/python -m benchmarks.instructions $(ARGS)

clean:           ## remove what the other targets made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench.json

$(READY): pyproject.toml requirements/dev.txt
	@sh setup/environment.sh $(PYTHON) $(VENV)
	@touch $@
