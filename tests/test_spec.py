"""Runs the cases of tests/spec: each must answer what real Spark answered."""

from pathlib import Path

import pytest

import pyrite
import spec_format

FILES = sorted((Path(__file__).parent / "spec").glob("*.test"))
CASES = [case for path in FILES for case in spec_format.read_cases(path) if case.body]


@pytest.fixture(scope="module")
def benches():
    """One session for each file, since its cases build on each other."""
    open_benches = {}
    yield open_benches
    for bench in open_benches.values():
        bench.spark.stop()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case, benches, request):
    assert case.expected, f"{case.name} has no answer yet: run tools/record_spec.py"
    if case.path not in benches:
        benches[case.path] = spec_format.Bench(pyrite.new_session())
    if case.todo == "ends the process or does not end":
        pytest.xfail(case.todo)
    answer = benches[case.path].run(case)
    agrees = spec_format.agree(case, answer)
    if case.todo is not None and not agrees:
        pytest.xfail(case.todo)
    assert agrees, "\n".join([case.source, "--- expected", *case.expected, "--- answered", *answer])
