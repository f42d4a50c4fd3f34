#!/usr/bin/env bash
# Fetches the third-party sources that come as PyPI source packages into .deps: DuckDB's headers, nanoarrow with flatcc, DataSketches.
# usage: fetch_sources.sh [PYTHON]        safe to run again
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-.venv/bin/python}

fetch() {  # name version folder
  local folder=.deps/$3
  [ -d "$folder" ] && return
  local work; work=$(mktemp -d)
  "$python" -m pip download -q --disable-pip-version-check --no-deps --no-binary "$1" -d "$work" "$1==$2"
  mkdir -p "$work/out"
  tar xzf "$work/$1-$2.tar.gz" -C "$work/out" --strip-components=1
  mkdir -p .deps
  mv "$work/out" "$folder"
  rm -rf "$work"
}
fetch duckdb 2.0.0 duckdb-2.0.0
fetch nanoarrow 0.8.0 nanoarrow-0.8.0
fetch datasketches 4.1.0 datasketches-4.1.0
