"""Records real Spark's answers to the TPC-DS queries.

usage: record_tpcds.py [--remote sc://localhost:15002]       Spark 4.2 on this machine, see record_spec.py

Each query runs twice, with different numbers of partitions; where the answers differ, no values are recorded.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/tpcds")]

import tpcds_data


def ask(spark, text):
    from pyspark.errors import PySparkException

    try:
        lines = tpcds_data.answer_of(spark.sql(text))
    except PySparkException as error:
        return tpcds_data.Answer(condition=error.getCondition())
    return tpcds_data.Answer("", len(lines) - 1, tpcds_data.digest(lines[:1]), tpcds_data.digest(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--remote", default="sc://localhost:15002")
    options = parser.parse_args()

    from pyspark.sql.connect.session import SparkSession

    spark = SparkSession.builder.remote(options.remote).create()
    tpcds_data.open_tables(spark, tpcds_data.generate())
    with tpcds_data.ANSWERS.open("w") as out:
        for name, text in tpcds_data.sql_texts().items():
            answers = []
            for partitions in ("1", "4"):
                spark.conf.set("spark.sql.shuffle.partitions", partitions)
                answers.append(ask(spark, text))
            if answers[0] != answers[1]:
                answers[0].values = ""
            out.write(answers[0].line(name))
            out.flush()
            print(f"{name}: {answers[0].condition or answers[0].rows}{'' if answers[0].values else ', unstable'}")


if __name__ == "__main__":
    main()
