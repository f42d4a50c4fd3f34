#!/usr/bin/env bash
# Installs what building and testing need: Debian packages, .venv, the third-party sources in .deps. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."
sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo

packages=(build-essential cmake ninja-build ccache lld pkg-config unzip python3-dev python3-venv
  libprotobuf-dev protobuf-compiler libpcre2-dev libicu-dev libssl-dev libxxhash-dev libsimdjson-dev libpugixml-dev libzstd-dev
  zlib1g-dev libbz2-dev liblz4-dev libsnappy-dev libgtest-dev libgmock-dev clang-format-14)
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

tools/fetch_sources.sh .venv/bin/python
