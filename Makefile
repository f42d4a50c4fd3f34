# setup, build, demo, test, check, bench: the commands of README.md
PYTHON := .venv/bin/python
.PHONY: setup configure build demo test check bench clean

setup:
	tools/setup.sh
	$(MAKE) --no-print-directory build

build/build.ninja: CMakeLists.txt cmake/*.cmake
	tools/setup.sh
	cmake -S . -B build -G Ninja -DPython_EXECUTABLE=$(CURDIR)/$(PYTHON)

build: build/build.ninja
	ninja -C build

clean:
	rm -rf build python/pyrite/_pyrite*.so
