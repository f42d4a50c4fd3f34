#!/usr/bin/env bash
# Installs what building and testing need: Debian packages, .venv, the third-party sources in .deps. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."
sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo

packages=(build-essential cmake ninja-build ccache lld pkg-config unzip python3-dev python3-venv
  libprotobuf-dev protobuf-compiler libpcre2-dev libicu-dev libssl-dev libxxhash-dev libsimdjson-dev libpugixml-dev
  libgtest-dev libgmock-dev clang-format-14)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

python=${PYTHON:-python3}
[ -x .venv/bin/python ] || "$python" -m venv .venv
stamp=.venv/.requirements
if ! cmp -s tools/requirements.txt "$stamp"; then
  .venv/bin/pip install -q --disable-pip-version-check -r tools/requirements.txt
  cp tools/requirements.txt "$stamp"
fi
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$PWD/python" > "$site/pyrite-develop.pth"
mkdir -p .venv/bin
cat > .venv/bin/pyrite <<EOF
#!$PWD/.venv/bin/python
from pyrite.cli import main
raise SystemExit(main())
EOF
chmod +x .venv/bin/pyrite

# Sources that come as PyPI source packages: DuckDB's headers, nanoarrow with flatcc.
fetch() {  # name version folder
  local folder=.deps/$3
  [ -d "$folder" ] && return
  local work; work=$(mktemp -d)
  .venv/bin/pip download -q --disable-pip-version-check --no-deps --no-binary "$1" -d "$work" "$1==$2"
  mkdir -p "$work/out"
  tar xzf "$work/$1-$2.tar.gz" -C "$work/out" --strip-components=1
  mkdir -p .deps
  mv "$work/out" "$folder"
  rm -rf "$work"
}
fetch duckdb 2.0.0 duckdb-2.0.0
fetch nanoarrow 0.8.0 nanoarrow-0.8.0
