# `make demo` and `make test` need Python 3.10+ and make, nothing else: they make .venv themselves.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: demo test check check-oldest check-urllib3 check-javamail benchmarks clean

demo: $(VENV)/.installed-demo
	$(BIN)/python -m examples.demo

# One process for each core; the tests of a file stay together, because they share its servers.
PARALLEL := -n auto --dist loadfile

test: $(INSTALLED)
	$(BIN)/python -m pytest $(PARALLEL)

check: $(INSTALLED)
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m flake8
	$(BIN)/python -m mypy
	$(BIN)/lint-imports
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -q $(PARALLEL)
	$(BIN)/python -m coverage combine -q
	$(BIN)/python -m coverage report

# The lower bounds of pyproject.toml are promises: here they are installed, exactly, and tested.
OLDEST := $(VENV)-oldest
check-oldest: $(OLDEST)/.installed
	$(OLDEST)/bin/python -m pip list | grep -iE '^(aiohttp|boto3|botocore|cachetools|idna|redis|rich) '
	$(OLDEST)/bin/python -m pytest $(PARALLEL)

$(OLDEST)/.installed: pyproject.toml
	$(PYTHON) -m venv $(OLDEST)
	$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	sed '/^\[dependency-groups\]/,$$d' pyproject.toml | grep -oE '"[a-z0-9]+>=[0-9.]+"' \
		| grep -v setuptools | tr -d '"' | sed 's/>=/==/' > $(OLDEST)/oldest.txt
	$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check \
		-c $(OLDEST)/oldest.txt -e '.[simulator,cli,redis]' --group test
	@touch $@

# From Python 3.10 on botocore takes urllib3 1.26 as well as 2, and programs that pin `urllib3<2` have
# it. The two connect and shake hands at different places, so that each must prove what left.
URLLIB3 := $(VENV)-urllib3
check-urllib3: $(URLLIB3)/.installed
	$(URLLIB3)/bin/python -m pip list | grep -iE '^(botocore|urllib3) '
	$(URLLIB3)/bin/python -m pytest $(PARALLEL) tests/outcomes tests/seam/test_random_faults.py

$(URLLIB3)/.installed: pyproject.toml
	$(PYTHON) -m venv $(URLLIB3)
	$(URLLIB3)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(URLLIB3)/bin/python -m pip install --quiet --disable-pip-version-check \
		'urllib3<2' -e '.[simulator,cli,redis]' --group test
	@touch $@

# SES reads addresses by JavaMail. Needs a JDK and Debian's libmail-java, else it says so and passes.
check-javamail: $(INSTALLED)
	$(BIN)/python -m tests.javamail.judge

# Tables of measurements, each beside what a user would take instead; nothing is asserted.
benchmarks: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group benchmarks
	$(BIN)/python -m tests.benchmarks.import_time
	$(BIN)/python -m tests.benchmarks.addresses
	$(BIN)/python -m tests.benchmarks.diagnosis
	$(BIN)/python -m tests.benchmarks.send_overhead
	$(BIN)/python -m tests.benchmarks.simulator_throughput
	$(BIN)/python -m tests.benchmarks.profile
	$(BIN)/python -m tests.benchmarks.pacing
	$(BIN)/python -m tests.benchmarks.shared_pacing

# A venv is made once; what stands in it follows pyproject.toml.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'

$(INSTALLED): $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[simulator,cli,redis]' --group dev
	@touch $@ $(VENV)/.installed-demo

$(VENV)/.installed-demo: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[simulator,cli,redis]'
	@touch $@

clean:
	rm -rf $(VENV) $(OLDEST) $(URLLIB3) build *.egg-info .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
