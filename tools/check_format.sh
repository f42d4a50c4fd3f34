#!/usr/bin/env bash
# Fails when a C++ file is not laid out as .clang-format says. usage: check_format.sh [--fix]
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(--dry-run -Werror); [ "${1:-}" = --fix ] && mode=(-i)
git ls-files 'src/*.cpp' 'src/*.h' | xargs -r clang-format-14 "${mode[@]}"
