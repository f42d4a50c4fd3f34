"""Compares Pyrite with DuckDB, Polars, Sail and real Spark, where installed, on the same files, and prints ratios.

usage: run.py [--scale 1] [--engines pyrite,duckdb,…] [--rounds 3] [--json FILE]
              [--spark-python .spark-4.2/bin/python] [--sail-python PYTHON]

Each engine runs in a process of its own. Times are seconds, the best of the rounds; a ratio is the engine's time over
Pyrite's (above 1: Pyrite is faster). `-` means that the engine cannot do it or fails. The answers of the engines are
compared as well: number of rows, texts, the sum of all numbers.
"""

import argparse
import json
import math
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/tpch")]

ENGINES = ("pyrite", "duckdb", "polars", "sail", "spark")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", default="1")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--spark-python", type=Path, default=ROOT / ".spark-4.2/bin/python")
    parser.add_argument("--sail-python", type=Path, default=Path(sys.executable), help="that has pysail and the client")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()

    import tpch_data

    folder = tpch_data.generate(options.scale)
    if tpch_data.sql_text(1) is None:
        subprocess.run([ROOT / "tools/fetch_golden.sh"], check=True)
    results = {}
    for name in options.engines.split(","):
        python = {"spark": options.spark_python, "sail": options.sail_python}.get(name, Path(sys.executable))
        if not python.exists():
            print(f"{name}: not installed")
            continue
        command = [python, ROOT / "bench/engine.py", name, folder, ROOT / ".golden/tpch", str(options.rounds)]
        done = subprocess.run(command, capture_output=True, text=True)
        answer = next((line for line in done.stdout.splitlines() if line.startswith("RESULT ")), None)
        if answer is None:
            print(f"{name}: {(done.stderr.strip().splitlines() or ['no result'])[-1]}")
            continue
        results[name] = json.loads(answer[7:])
    answers = {name: take_answers(result) for name, result in results.items()}
    report(results)
    compare(answers)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


def take_answers(result):
    """Takes the answers' summaries out of an engine's result: what stays are times."""
    return {row.split()[1]: result.pop(row) for row in [row for row in result if row.startswith("answer ")]}


def compare(answers):
    """Says which engine answers a query otherwise than the first one, so that a fast wrong answer shows."""
    if len(answers) < 2:
        return
    first, *others = answers
    differing = []
    for name in others:
        for number in answers[first].keys() & answers[name].keys():
            a, b = answers[first][number], answers[name][number]
            if a[:2] != b[:2] or not math.isclose(a[2], b[2], rel_tol=1e-6):
                differing.append(f"{name} answers {number} otherwise than {first}: {b} instead of {a}")
    print("\n" + "\n".join(sorted(differing) or ["All engines give the same answers."]))


def report(results):
    names = list(results)
    rows = list(dict.fromkeys(row for result in results.values() for row in result))
    queries = [row for row in rows if row.startswith("TPC-H q")]
    # A total counts the queries that every engine shown answers.
    shared = [row for row in queries if all(results[name].get(row) for name in names)]
    total = f"TPC-H total of {len(shared)}"
    for name in names:
        results[name][total] = sum(results[name][row] for row in shared)
    rows.insert(rows.index(queries[-1]) + 1 if queries else 0, total)
    others = [name for name in names if name != "pyrite"]
    print(f"\n{'':34}" + "".join(f"{name:>11}" for name in names) + "   " + "".join(f"{name:>9}/p" for name in others))
    for row in rows:
        times = [results[name].get(row) for name in names]
        base = results.get("pyrite", {}).get(row)
        ratios = [results[name].get(row) / base if base and results[name].get(row) else None for name in others]
        print(
            f"{row:34}"
            + "".join(f"{time:11.4f}" if time else f"{'-':>11}" for time in times)
            + "   "
            + "".join(f"{ratio:11.2f}" if ratio else f"{'-':>11}" for ratio in ratios)
        )


if __name__ == "__main__":
    main()
