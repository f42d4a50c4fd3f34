"""Spark's golden SQL files and PySpark's doctests: what the ledgers hold may not be lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("SHARED", ROOT.parent / "shared"))


def run_ledger(tool, scorer):
    if not (SHARED / "tools" / scorer).exists():
        pytest.skip(f"{scorer} is not in {SHARED}/tools: set SHARED to the folder that holds it")
    done = subprocess.run([sys.executable, ROOT / "tools" / tool], capture_output=True, text=True, cwd=ROOT)
    print(done.stdout, done.stderr)
    assert done.returncode == 0, f"{tool} found entries that are lost:\n{done.stdout[-6000:]}{done.stderr[-2000:]}"


@pytest.mark.slow
def test_golden_ledger():
    if not (ROOT / ".golden").exists():
        pytest.skip("Spark's golden files are not there: run tools/fetch_golden.sh")
    run_ledger("golden_ledger.py", "spark_golden.py")


@pytest.mark.slow
def test_doctest_ledger():
    if not list((ROOT / "tests/doctests").glob("ledger.txt")):
        pytest.skip("no ledger of doctests yet: tools/doctest_ledger.py --update makes it")
    run_ledger("doctest_ledger.py", "pyspark_doctests.py")
