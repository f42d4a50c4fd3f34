"""Measures one engine and prints the times as JSON. usage: engine.py ENGINE DATA_FOLDER SQL_FOLDER ROUNDS (see run.py)"""

import decimal
import hashlib
import json
import os
import sys
import time
from pathlib import Path

TABLES = ("customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier")
ROWS = 1_000_000


def best(rounds, action):
    """The shortest time of `action`; None when it fails."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        try:
            action()
        except Exception as error:
            print(f"{type(error).__name__}: {str(error)[:200]}", file=sys.stderr)
            return None
        times.append(time.perf_counter() - start)
    return min(times)


def query(number, rounds, rows):
    """The time of a TPC-H query, and of its answer what engines must agree on."""
    kept = []

    def action():
        kept[:] = rows()

    seconds = best(rounds, action)
    yield f"TPC-H q{number}", seconds
    if seconds is not None:
        yield f"answer q{number}", summary(kept)


def summary(rows):
    """Number of rows, digest of all texts and dates, sum of all numbers: engines differ in types and in order."""
    words, total = [], 0.0
    for row in rows:
        for cell in row:
            if isinstance(cell, (int, float, decimal.Decimal)):
                total += float(cell)
            else:
                words.append(str(cell))
    return [len(rows), hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()[:16], total]


def texts(folder):
    return {number: (folder / f"q{number}.sql").read_text() for number in range(1, 23)}


def spark_engine(session, data, sql, rounds, import_time):
    """Anything with PySpark's interface; `session()` makes the session."""
    start = time.perf_counter()
    spark = session()
    yield "start: import", import_time
    yield "start: session", time.perf_counter() - start
    start = time.perf_counter()
    spark.range(10).selectExpr("sum(id)").collect()
    yield "start: first query", time.perf_counter() - start

    from pyspark.sql import functions as F

    ten = [(i, f"name{i % 3}") for i in range(10)]

    def pipeline():
        spark.createDataFrame(ten, ["id", "name"]).filter(F.col("id") > 2).groupBy("name").count().collect()

    pipeline()
    yield "10-row pipeline", best(20 * rounds, pipeline)
    for name in TABLES:
        spark.read.parquet(str(data / f"{name}.parquet")).createOrReplaceTempView(name)
    yield "analysis of TPC-H q8", best(10 * rounds, lambda: spark.sql(sql[8]).schema)
    for number, text in sql.items():
        yield from query(number, rounds, lambda text=text: spark.sql(text).collect())
    rows = spark.sql(f"select l_orderkey, l_quantity, l_shipdate, l_shipmode from lineitem limit {ROWS}")
    yield "1M rows to Arrow", best(rounds, rows.toArrow)
    yield "1M rows to pandas", best(rounds, rows.toPandas)
    yield "1M rows to Python", best(1, rows.collect)


def pyrite(data, sql, rounds):
    start = time.perf_counter()
    import pyrite

    pyrite.activate()
    from pyspark.sql import SparkSession

    imported = time.perf_counter() - start
    yield from spark_engine(lambda: SparkSession.builder.getOrCreate(), data, sql, rounds, imported)


def spark(data, sql, rounds):
    start = time.perf_counter()
    from pyspark.sql import SparkSession

    imported = time.perf_counter() - start
    cores = os.cpu_count()

    def session():
        builder = SparkSession.builder.master(f"local[{cores}]").config("spark.ui.enabled", False)
        return builder.config("spark.driver.memory", "6g").config("spark.sql.shuffle.partitions", cores).getOrCreate()

    yield from spark_engine(session, data, sql, rounds, imported)


def sail(data, sql, rounds):
    start = time.perf_counter()
    from pysail.spark import SparkConnectServer
    from pyspark.sql.connect.session import SparkSession

    imported = time.perf_counter() - start

    def session():
        server = SparkConnectServer()
        server.start()
        _, port = server.listening_address
        session.server = server
        return SparkSession.builder.remote(f"sc://localhost:{port}").getOrCreate()

    yield from spark_engine(session, data, sql, rounds, imported)


def duckdb(data, sql, rounds):
    start = time.perf_counter()
    import duckdb

    yield "start: import", time.perf_counter() - start
    start = time.perf_counter()
    connection = duckdb.connect()
    yield "start: session", time.perf_counter() - start
    yield "start: first query", best(1, lambda: connection.execute("select sum(range) from range(10)").fetchall())
    for name in TABLES:
        connection.execute(f"create view {name} as select * from read_parquet('{data}/{name}.parquet')")
    yield "analysis of TPC-H q8", best(10 * rounds, lambda: connection.execute("explain " + sql[8]).fetchall())
    for number, text in sql.items():
        yield from query(number, rounds, lambda text=text: connection.execute(text).fetchall())
    rows = f"select l_orderkey, l_quantity, l_shipdate, l_shipmode from lineitem limit {ROWS}"
    yield "1M rows to Arrow", best(rounds, lambda: connection.execute(rows).to_arrow_table())
    yield "1M rows to pandas", best(rounds, lambda: connection.execute(rows).df())
    yield "1M rows to Python", best(1, lambda: connection.execute(rows).fetchall())


def polars(data, sql, rounds):
    start = time.perf_counter()
    import polars

    yield "start: import", time.perf_counter() - start
    yield "start: first query", best(1, lambda: polars.select(polars.int_range(10).sum()))
    ten = {"id": list(range(10)), "name": [f"name{i % 3}" for i in range(10)]}
    yield (
        "10-row pipeline",
        best(
            20 * rounds,
            lambda: polars.DataFrame(ten).lazy().filter(polars.col("id") > 2).group_by("name").len().collect().rows(),
        ),
    )
    import polars_tpch

    for number, program in polars_tpch.QUERIES.items():
        yield from query(number, rounds, lambda program=program: program(polars_tpch.Tables(data)).collect().rows())
    rows = polars.scan_parquet(data / "lineitem.parquet").select("l_orderkey", "l_quantity", "l_shipdate", "l_shipmode")
    yield "1M rows to Arrow", best(rounds, lambda: rows.head(ROWS).collect().to_arrow())
    yield "1M rows to pandas", best(rounds, lambda: rows.head(ROWS).collect().to_pandas())
    yield "1M rows to Python", best(1, lambda: rows.head(ROWS).collect().rows())


def main():
    name, data, sql_folder, rounds = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    measured = {}
    for row, seconds in globals()[name](data, texts(sql_folder), rounds):
        measured[row] = seconds
    print("RESULT " + json.dumps(measured), flush=True)
    os._exit(0)  # servers and JVMs inside the process would hold it up


if __name__ == "__main__":
    main()
