# Every target sets up what it needs in its own virtual environment, from locked and hashed versions.
# Needs: python3 (3.11 to 3.13) with venv, git, make.

PYTHON ?= python3
UV ?= uv
# Options for the program behind a target: `make bench ARGS=--all`, `make test ARGS="-k wire -x"`, `ARGS="-n 0 --pdb"`.
ARGS ?=

PIP_INSTALL = -m pip install --quiet --disable-pip-version-check
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --group build

.PHONY: help demo test baseline lint bench compare fuzz pictures locks clean
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

demo: .venv/.base  ## make up a class of 60, grade it, and compare with what was expected
	.venv/bin/autograder demo out/demo $(ARGS)

test: .venv/.dev  ## run all tests, on all cores
	.venv/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

baseline: .venv-tensorflow/.installed  ## run the tests that need TensorFlow (550 MB to download) and scikit-learn
	.venv-tensorflow/bin/python -m pytest -n logical --dist loadfile $(ARGS) tests/baseline

lint: .venv/.dev  ## check style, types, and the direction of imports
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

bench: .venv/.dev  ## compare with nbgrader and otter on this machine; rewrites benchmarks/RESULTS.md
	.venv/bin/python -m benchmarks.run $(ARGS)

compare: .venv/.dev  ## compare with what another checkout makes of one class: OLD=DIR
	.venv/bin/python -m benchmarks.compare $(OLD) . $(ARGS)

fuzz: .venv/.dev  ## search for inputs that readers of untrusted files cannot bear; a minute for each
	.venv/bin/python tests/fuzz/run.py $(ARGS)

pictures: .venv/.dev  ## draw docs/pictures again from real output
	.venv/bin/python docs/draw.py

locks:  ## renew requirements/*.lock (needs uv)
	$(COMPILE) --all-extras --group baseline --upgrade -o requirements/all.lock
	$(COMPILE) -c requirements/all.lock --upgrade -o requirements/base.lock
	$(COMPILE) -c requirements/all.lock --upgrade --extra nbgrader -o requirements/nbgrader.lock
	$(COMPILE) -c requirements/all.lock --upgrade --extra dev --extra nbgrader --extra otter --extra lms --extra dask -o requirements/dev.lock
	$(COMPILE) -c requirements/all.lock --upgrade --extra tensorflow --group baseline -o requirements/tensorflow.lock

clean:  ## remove the virtual environments and caches
	rm -rf .venv .venv-tensorflow .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The stamps: an environment is renewed when its lock or the project's metadata change.
.venv/.%: requirements/%.lock pyproject.toml | .venv/bin/python
	@.venv/bin/python $(PIP_INSTALL) --require-hashes -r $<
	@.venv/bin/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv-tensorflow/.installed: requirements/tensorflow.lock pyproject.toml | .venv-tensorflow/bin/python
	@.venv-tensorflow/bin/python $(PIP_INSTALL) --require-hashes -r $<
	@.venv-tensorflow/bin/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/bin/python .venv-tensorflow/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "error: $(PYTHON) must be Python 3.11 to 3.13; name another one: make PYTHON=python3.12" >&2; exit 1; }
	@echo "setting up $(@D:/bin=) (once; a minute or two)"
	@$(PYTHON) -m venv $(@D:/bin=) || \
	  { echo "error: no venv; on Debian and Ubuntu: apt-get install python3-venv" >&2; rm -rf $(@D:/bin=); exit 1; }
