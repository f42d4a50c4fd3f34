"""Runs the doctests inside PySpark and compares what passes with tests/doctests/ledger.txt, which may only grow.

usage: doctest_ledger.py [--update] [--jobs N] [--only GLOB]        the modules of pyspark.sql

The scorer is pyspark_doctests.py in $SHARED/tools. A line of the ledger: a docstring, a tab, `=` and how many of its
examples pass.
"""

import fnmatch
import importlib.util
import sys

import ledger

PATH = ledger.ROOT / "tests/doctests/ledger.txt"
FUNCTIONS = "pyspark.sql.connect.functions.builtin"
# The module of functions holds most of the examples: it runs in several parts, by first letter.
LETTERS = ("[!a-z]*", "[a]*", "[b-c]*", "[d-f]*", "[g-l]*", "[m-r]*", "[s]*", "[t-z]*")


def main():
    options = ledger.arguments(__doc__)
    script = ledger.scorer("pyspark_doctests.py")
    if script is None:
        sys.exit(f"no pyspark_doctests.py in {ledger.SHARED}/tools (set SHARED)")
    spec = importlib.util.spec_from_file_location("pyspark_doctests", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    names = [name for name in module.SECTIONS["sql"] if not options.only or fnmatch.fnmatch(name, options.only)]
    parts = [(FUNCTIONS, f"{FUNCTIONS}.{letters}") for letters in LETTERS if FUNCTIONS in names]
    parts += [(name, "*") for name in names if name != FUNCTIONS]

    def command(part, json_path):
        name, docstrings = part
        return [sys.executable, script, "--session", "pyrite:new_session", "--only", name, "--docstrings", docstrings,
                "--json", json_path]  # fmt: skip

    def score(selected, keep=None):
        scores = ledger.run_parts(selected, command, options.jobs, keep)
        return [test for score in scores for part in score["modules"] for test in part["tests"] if not test["excluded"]]

    def passed_again(lost):
        """What seems lost, once more: a few examples show rows in one of the orders that threads may give them."""
        modules = {name: max((m for m in names if name.startswith(m)), key=len) for name in lost}
        return passed_of(score([(modules[name], name) for name in lost]))

    entries = score(parts, options.json)
    passed, total = sum(e["passed"] for e in entries), sum(e["total"] for e in entries)
    print(f"{passed} of {total} examples pass ({100 * passed / max(1, total):.2f} %)")
    ran = {entry["name"] for entry in entries}
    return ledger.settle(
        PATH, ledger.read(PATH), passed_of(entries), options.update, options.drop_lost,
        rerun=passed_again, selected=lambda name: name in ran, tries=20,
    )  # fmt: skip


def passed_of(entries):
    return {entry["name"]: entry["passed"] for entry in entries if entry["passed"]}


if __name__ == "__main__":
    sys.exit(main())
