"""Replays Spark's golden SQL files and compares what is exact with tests/golden/ledger.txt, which may only grow.

usage: golden_ledger.py [--update] [--jobs N] [--only GLOB]

The scorer is spark_golden.py in $SHARED/tools, the files are in .golden (tools/fetch_golden.sh).
A line of the ledger: a file, a tab, the positions of its queries answered exactly as by Spark. A query whose rows are
right but come in another order is not lost: threads decide the order of rows with equal sort keys.
"""

import collections
import fnmatch
import sys

import ledger

PATH = ledger.ROOT / "tests/golden/ledger.txt"
GOLDEN = ledger.ROOT / ".golden"


def main():
    options = ledger.arguments(__doc__)
    script = ledger.scorer("spark_golden.py")
    if script is None:
        sys.exit(f"no spark_golden.py in {ledger.SHARED}/tools (set SHARED)")
    results = GOLDEN / "sql-tests/results"
    names = [str(path.relative_to(results))[:-4] for path in results.rglob("*.sql.out")]
    names = [name for name in names if not options.only or fnmatch.fnmatch(name, options.only)]
    sizes = {name: (results / f"{name}.out").read_bytes().count(b"-- !query") for name in names}

    def score(selected, keep=None):
        parts = balanced(selected, sizes, 4 * options.jobs)

        def command(part, json_path):
            only = [word for name in part for word in ("--only", name)]
            return [
                sys.executable,
                script,
                "--golden",
                GOLDEN,
                "--session",
                "pyrite:new_session",
                "--json",
                json_path,
                *only,
            ]

        return [query for part in ledger.run_parts(parts, command, options.jobs, keep) for query in part["queries"]]

    queries = score(names, options.json)
    tally = collections.Counter(query["status"] for query in queries)
    print(f"{tally['exact']} of {len(queries)} queries exact ({100 * tally['exact'] / max(1, len(queries)):.2f} %)")
    print(", ".join(f"{count} {status}" for status, count in tally.most_common()))
    return ledger.settle(
        PATH, ledger.read(PATH), exact_of(queries), options.update, options.drop_lost,
        rerun=lambda lost: exact_of(score(lost)), selected=lambda name: name in sizes,
        tolerated=positions(queries, "wrong-order"),
    )  # fmt: skip


def balanced(names, sizes, count):
    """Lists of names with about equal numbers of queries, the large ones first."""
    parts = [[] for _ in range(min(count, len(names)))]
    for name in sorted(names, key=lambda name: -sizes[name]):
        min(parts, key=lambda part: sum(sizes[n] for n in part)).append(name)
    return parts


def exact_of(queries):
    return positions(queries, "exact")


def positions(queries, status):
    found = collections.defaultdict(set)
    for query in queries:
        if query["status"] == status:
            found[query["file"]].add(query["index"])
    return found


if __name__ == "__main__":
    sys.exit(main())
