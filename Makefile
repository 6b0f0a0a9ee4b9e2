# Three entries: `make demo`, `make install`, `make test` (with `make lint` inside).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# An editable installation is not compiled by pip; uncompiled, every start takes a tenth of a second longer.
COMPILE = $(BIN)/python -m compileall -q medtui

.PHONY: demo install lint test

demo: $(VENV)/.installed
	@$(BIN)/medtui demo

install: $(VENV)/.installed

test: $(VENV)/.installed-test lint
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

lint: $(VENV)/.installed-test
	$(BIN)/ruff check medtui tests
	$(BIN)/ruff format --check medtui tests
	$(BIN)/mypy
	$(BIN)/lint-imports

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@$(COMPILE)
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@$(COMPILE)
	@touch $@ $(VENV)/.installed
