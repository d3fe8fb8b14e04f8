# Each target sets up what it needs; a checkout, Python 3.10+, pip and make are enough.
PYTHON ?= python3
VENV := .venv
NEWEST := .venv-newest
BIN := $(VENV)/bin

.PHONY: demo test check check-style bench mutants clean

demo: $(VENV)/.installed  ## walk the close-job page aloud, at 5.4.0 and at the newest release
	$(BIN)/python demo/close_job_page.py

test: $(VENV)/.tested $(NEWEST)/.tested  ## the whole suite, then once more the clients' part with the newest client
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n auto
	$(BIN)/coverage combine -q
	$(BIN)/coverage report
	$(NEWEST)/bin/python -m pytest -q tests/clients

check: test check-style  ## test, style, types

check-style: $(VENV)/.linted
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.tested  ## measure, as ratios within one run
	$(BIN)/python -m benchmarks

mutants: $(VENV)/.mutating  ## change the code where a comparison decides, a thousand times, and see whether a test notices: for the night
	$(BIN)/python -m tests.mutants -j $$(nproc)

clean:  ## everything that the other targets made
	rm -rf $(VENV) $(NEWEST) build dist *.egg-info .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --upgrade pip
	touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	$(BIN)/pip install -q -e .
	touch $@

$(VENV)/.tested: $(VENV)/.installed pyproject.toml
	$(BIN)/pip install -q --group test
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
