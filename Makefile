# The commands of README.md: setup, build, demo, test, check, bench, docs, clean.
PYTHON := .venv/bin/python
# Scorers that replay Spark's own SQL files and doctests live beside a checkout; without them those two ledgers are skipped.
export SHARED ?= $(abspath ../shared)
.PHONY: setup build demo test check lint bench docs clean

setup:
	tools/setup.sh
	$(MAKE) --no-print-directory build

.venv/.requirements: tools/requirements.txt tools/setup.sh tools/fetch_sources.sh
	tools/setup.sh
	touch $@

build/build.ninja: .venv/.requirements CMakeLists.txt $(wildcard cmake/*.cmake)
	cmake -S . -B build -G Ninja -DPython_EXECUTABLE=$(CURDIR)/$(PYTHON)

build: build/build.ninja
	ninja -C build

demo: build
	tools/fetch_flights.sh
	$(PYTHON) -m pyrite.cli run examples/flights.py

test: build
	tools/fetch_golden.sh
	ctest --test-dir build --output-on-failure -j 2
	$(PYTHON) -m pytest tests

check: build lint
	ctest --test-dir build --output-on-failure -j 2
	$(PYTHON) -m pytest tests -m "not slow"

lint:
	$(PYTHON) tools/check_layers.py
	$(PYTHON) -m ruff check python tests tools bench examples
	$(PYTHON) -m ruff format --check python tests tools bench examples
	tools/check_format.sh

bench: build
	$(PYTHON) bench/run.py

docs: build
	$(PYTHON) tools/gen_docs.py docs/functions.md

clean:
	rm -rf build python/pyrite/_pyrite*.so
