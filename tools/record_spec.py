"""Records the answers of real Spark into the cases of tests/spec.

usage: record_spec.py [--remote sc://localhost:15002] [--update] [FILE …]

Without --update only cases that have no answer yet get one. The remote is a Spark Connect server of Spark 4.2 on this
machine (its files and ours are the same ones).
"""

import argparse
import logging
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import spec_format  # noqa: I001


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--remote", default="sc://localhost:15002")
    parser.add_argument("--update", action="store_true", help="record again what has an answer already")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    os.environ["SPARK_CONNECT_MODE_ENABLED"] = "1"  # the functions of a full PySpark make columns of Connect then

    from pyspark.sql.connect.session import SparkSession

    for path in options.files or sorted((ROOT / "tests/spec").glob("*.test")):
        spark = SparkSession.builder.remote(options.remote).create()
        bench = spec_format.Bench(spark)
        cases = spec_format.read_cases(path)
        recorded = 0
        for case in cases:
            if not case.body:
                continue
            answer = bench.run(case)
            if answer[0].startswith("exception "):
                print(f"{case.name}: {answer[0]}")
            elif options.update or not case.expected:
                recorded += case.expected != answer
                case.expected = answer
            elif not spec_format.agree(case, answer):
                print(f"{case.name}: Spark answers otherwise now: {answer}")
        spec_format.write_cases(path, cases)
        print(f"{path.name}: {sum(bool(c.body) for c in cases)} cases, {recorded} recorded")
        spark.stop()


if __name__ == "__main__":
    main()
