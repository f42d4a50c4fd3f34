#!/usr/bin/env bash
# Records what the demo prints on real Spark. usage: record_flights.sh sc://localhost:15002
set -euo pipefail
cd "$(dirname "$0")/.."
SPARK_REMOTE=$1 .venv/bin/python examples/flights.py .data/flights "$(mktemp -d)" 2>/dev/null |
  grep -Ev '^(\[[0-9]|session ready|all in)' > tests/flights.expected
