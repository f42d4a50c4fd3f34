#!/usr/bin/env bash
# Fetches what Spark's own tests are made of (SQL files with expected output, TPC-H texts, small test data) into .golden.
# The files stay outside the repository. Installs Maven by apt where it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
target=.golden version=4.2.0 artifact=spark-sql_2.13
[ -f "$target/.complete" ] && exit 0

if ! command -v mvn >/dev/null || ! command -v java >/dev/null; then
  sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends maven default-jre-headless
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mvn --batch-mode --quiet org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
  -Dartifact="org.apache.spark:$artifact:$version:jar:tests" -DoutputDirectory="$work"
mkdir -p "$target"
.venv/bin/python - "$work/$artifact-$version-tests.jar" "$target" <<'EOF'
import sys, zipfile

wanted = ("sql-tests/", "sql-functions/", "tpch/", "tpcds/", "tpcds-v2.7.0/", "test-data/")
with zipfile.ZipFile(sys.argv[1]) as jar:
    jar.extractall(sys.argv[2], [name for name in jar.namelist() if name.startswith(wanted)])
EOF
touch "$target/.complete"
