"""TPC-H data (tpchgen-cli, Parquet), the queries' SQL texts, and answers recorded from real Spark."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import spec_format

ROOT = Path(__file__).parent.parent.parent
TABLES = ("customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier")
ANSWERS = Path(__file__).parent / "answers"


def generate(scale):
    """The folder with one Parquet file a table at this scale factor; made once."""
    folder = ROOT / ".data" / f"tpch-{scale}"
    if not (folder / ".complete").exists():
        tool = Path(sys.executable).parent / "tpchgen-cli"
        subprocess.run(
            [tool, "parquet", "-s", str(scale), f"--output-dir={folder}"], check=True, stderr=subprocess.DEVNULL
        )
        (folder / ".complete").touch()
    return folder


def open_tables(spark, folder):
    """The tables as DataFrames, which are temporary views of their names as well."""
    frames = {}
    for name in TABLES:
        frames[name] = spark.read.parquet(str(folder / f"{name}.parquet"))
        frames[name].createOrReplaceTempView(name)
    return SimpleNamespace(**frames)


def sql_text(number):
    """The SQL of a query from Spark's own tests (tools/fetch_golden.sh), or None when they are not there."""
    path = ROOT / ".golden" / "tpch" / f"q{number}.sql"
    return path.read_text() if path.exists() else None


def answer_of(frame):
    """A query's rows as text lines under a line of column names and types."""
    schema = frame.schema
    lines = ["\t".join(f"{field.name} {field.dataType.simpleString()}" for field in schema.fields)]
    lines += ["\t".join(spec_format.text_of(cell) for cell in row) for row in frame.collect()]
    return lines


def recorded(number):
    return (ANSWERS / f"q{number:02}.tsv").read_text().rstrip("\n").split("\n")
