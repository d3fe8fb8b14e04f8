# Each target sets up what it needs; a checkout, Python 3.10+, pip and make are enough.
PYTHON ?= python3
VENV := .venv
NEWEST := .venv-newest
BIN := $(VENV)/bin
TRACES := .traces
FUZZ ?= 200000
SEED := $(or $(SEED),$(shell date +%s))
# Tests start many processes, each of which would compile everything anew if bytecode were not kept.
unexport PYTHONDONTWRITEBYTECODE

# Tests that bound processor time: coverage makes everything two to three times slower, so they run without it.
TIMED := tests/fuzz tests/doors/test_watchdog.py tests/doors/test_guard.py tests/api/test_patterns.py

SPECIFICATION := tests/spec/.made

.PHONY: docs pages demo test check check-coverage check-newest check-style spec bench fuzz mutants clean

demo: $(VENV)/.installed  ## walk the close-job page aloud, at 5.4.0 and at the newest release
	$(BIN)/python demo/close_job_page.py

test: $(VENV)/.tested  ## the whole suite, or a part of it: make test TESTS=tests/spec
	$(BIN)/python -m pytest -q -n auto $(TESTS)

check: check-style check-coverage check-newest  ## style, types, the whole suite with its coverage, the newest client

check-style: $(VENV)/.linted
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check-coverage: $(VENV)/.tested
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n auto $(TIMED:%=--ignore=%)
	$(BIN)/coverage combine -q
	$(BIN)/coverage report
	$(BIN)/python -m pytest -q -n auto $(TIMED)

check-newest: $(NEWEST)/.tested  ## the clients' part once more with the newest client
	$(NEWEST)/bin/python -m pytest -q tests/clients

pages: $(VENV)/.tested  ## write the pages that come of the tables of operations and of releases
	$(BIN)/fake-es operations --markdown >docs/coverage.md
	$(BIN)/fake-es operations --privileges >docs/privileges.md
	$(BIN)/python -m tests.releases.page >docs/releases.md

docs: $(VENV)/.documented  ## build docs/ as a site, in build/site; a warning is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build -q

spec:  ## make the specification that answers are held against, from an npm package (Apache-2.0); needs npm
	rm -rf $(SPECIFICATION)
	mkdir $(SPECIFICATION)
	cd $(SPECIFICATION) && npm pack --silent @elastic/request-converter@9.5.0
	$(PYTHON) -m tests.spec.make_schema $(SPECIFICATION)/*.tgz $(SPECIFICATION)/elasticsearch-api.json

bench: $(VENV)/.tested  ## measure, as ratios within one run
	$(BIN)/python -m benchmarks

fuzz: $(VENV)/.tested  ## so many requests by chance, and as many spliced from what the suite sends: FUZZ=200000, SEED=the time
	@echo seed $(SEED)
	FUZZ=$(FUZZ) $(BIN)/python -m pytest -q -n auto --timeout 0 --hypothesis-seed $(SEED) tests/fuzz/test_requests.py tests/fuzz/test_sockets.py
	rm -rf $(TRACES) && mkdir $(TRACES)
	$(BIN)/python -m pytest -q -n auto -p tests.recording --record $(TRACES)/requests tests/api tests/documents
	$(BIN)/python -m tests.fuzz.splice $(TRACES)/requests* --requests $(FUZZ) --seed $(SEED) --processes 2

mutants: $(VENV)/.mutating  ## change the code where a comparison decides, a thousand times, and see whether a test notices: for the night
	$(BIN)/python -m tests.mutants -j $$(nproc)

clean:  ## everything that the other targets made
	rm -rf $(VENV) $(NEWEST) $(SPECIFICATION) $(TRACES) build dist *.egg-info .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --upgrade pip
	touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	$(BIN)/pip install -q -e .
	$(BIN)/python -c "import luqum.parser" 2>/dev/null  # it writes its tables at its first import: not in two tests at once
	touch $@

$(VENV)/.tested: $(VENV)/.installed pyproject.toml
	$(BIN)/pip install -q --group test
	touch $@

$(VENV)/.documented: $(VENV)/.made pyproject.toml
	$(BIN)/pip install -q --group docs
	touch $@

$(VENV)/.linted: $(VENV)/.tested pyproject.toml
	$(BIN)/pip install -q --group lint
	touch $@

$(VENV)/.mutating: $(VENV)/.tested pyproject.toml
	$(BIN)/pip install -q --group mutants
	touch $@

# The newest 9.x client cannot live beside the 8.x one: elasticsearch8 keeps elastic-transport below 9.
$(NEWEST)/.tested: pyproject.toml
	$(PYTHON) -m venv $(NEWEST)
	$(NEWEST)/bin/pip install -q --upgrade pip
	$(NEWEST)/bin/pip install -q -e . --group newest
	touch $@
