"""Records real Spark's answers to the TPC-H queries, and checks the DataFrame programs against them.

usage: record_tpch.py [--remote sc://localhost:15002]       Spark 4.2 on this machine, see record_spec.py
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/tpch")]

import tpch_data
from tpch_frames import FRAMES


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--remote", default="sc://localhost:15002")
    options = parser.parse_args()

    from pyspark.sql.connect.session import SparkSession

    spark = SparkSession.builder.remote(options.remote).create()
    tables = tpch_data.open_tables(spark, tpch_data.generate("0.1"))
    tpch_data.ANSWERS.mkdir(exist_ok=True)
    for number, frame in FRAMES.items():
        answer = tpch_data.answer_of(spark.sql(tpch_data.sql_text(number)))
        (tpch_data.ANSWERS / f"q{number:02}.tsv").write_text("\n".join(answer) + "\n")
        other = tpch_data.answer_of(frame(tables))
        print(f"q{number}: {len(answer) - 1} rows{'' if other == answer else '; THE PROGRAM ANSWERS OTHERWISE'}")
        if other != answer:
            for a, b in zip(answer, other):
                if a != b:
                    print(f"  {a}\n  {b}")
                    break


if __name__ == "__main__":
    main()
