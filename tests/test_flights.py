"""The demo prints what it prints on real Spark (recorded by tools/record_flights.sh), times and places aside."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def comparable(text):
    text = re.sub(r"(of|chart:) /\S*/", r"\1 …/", text)
    return [line for line in text.splitlines() if not re.match(r"\[\d|session ready|all in", line)]


@pytest.mark.slow
def test_flights(tmp_path):
    subprocess.run([ROOT / "tools/fetch_flights.sh"], check=True)
    command = [sys.executable, "-m", "pyrite.cli", "run", "examples/flights.py", ".data/flights", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert comparable(done.stdout) == comparable((ROOT / "tests/flights.expected").read_text())
    assert (tmp_path / "delay_by_hour.png").stat().st_size > 10_000
