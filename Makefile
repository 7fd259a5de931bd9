# Everything a developer or an operator types. `make` alone lists the targets.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	--no-emit-package opencv-contrib-python --no-emit-package opencv-python

# Files side by side, in the order that tests/conftest.py gives them. Compiled modules are kept, or
# each of a hundred processes compiles them again.
TESTS := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile \
	--no-loadscope-reorder
SERVICE_TESTS := tests/api tests/dashboard tests/deploy tests/ocrwell tests/webhooks tests/workers

.PHONY: help setup demo serve test services services-stop test-services check format lock drill bench
help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: $(VENV)/.installed  ## a virtual environment in .venv with the locked packages

# --no-deps: the lock is complete, and it leaves out the OpenCV builds that need a display library.
$(VENV)/.installed: requirements-dev.txt
	@echo "Installing the locked packages into $(VENV): some minutes the first time."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	touch $@

demo: setup  ## start a throw-away stack, send it the sample documents, print what came back
	$(BIN)/python samples/demo.py

serve: setup  ## web, worker and scheduler on this machine until a signal
	$(BIN)/python manage.py serve

test: setup  ## the tests
	$(TESTS)

services:  ## install and start PostgreSQL, Redis, MinIO (and a Chromium) for the tests
	bin/services

services-stop:  ## stop them
	bin/services stop

test-services: setup  ## the tests of the service on the servers of `make services`
	OCRWELL_TEST_STACK=real $(TESTS) -m "" $(SERVICE_TESTS)

check: setup  ## format, lint, types, import rules, tests: what CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(TESTS)

format: setup  ## rewrite the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:  ## resolve pyproject.toml again into the three requirement files (needs uv)
	$(LOCK) --group dev -o requirements-dev.txt
	$(LOCK) -c requirements-dev.txt -o requirements.txt
	$(LOCK) -c requirements.txt --group gpu --no-emit-package onnxruntime -o requirements-gpu.txt

drill: setup services  ## kill and restart everything under load; minutes, and a table
	$(BIN)/python -m bench.drill

bench: setup  ## accuracy and speed: the README's figures
	$(BIN)/python -m bench
