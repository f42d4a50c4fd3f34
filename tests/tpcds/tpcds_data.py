"""TPC-DS data (Trino's generator, by Maven; then Parquet), the queries' SQL texts, and answers recorded from real Spark."""

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pyarrow
import pyarrow.csv
import pyarrow.parquet

import spec_format
import tpcds_tables

ROOT = Path(__file__).parent.parent.parent
ANSWERS = Path(__file__).parent / "answers.tsv"
QUERIES = ROOT / ".golden"
FOLDERS = {"tpcds": "", "tpcds-v2.7.0": "-v2.7.0"}
SCALE = "0.01"


def can_generate(scale=SCALE):
    """Whether the data are there or can be made: the generator needs Maven and Java."""
    return (folder_of(scale) / ".complete").exists() or (shutil.which("mvn") and shutil.which("java"))


def folder_of(scale):
    return ROOT / ".data" / f"tpcds-{scale}"


def generate(scale=SCALE):
    """The folder with one Parquet file a table at this scale factor; made once."""
    folder = folder_of(scale)
    if not (folder / ".complete").exists():
        text = folder / "text"
        subprocess.run([ROOT / "tools/tpcds_data.sh", text, str(scale)], check=True)
        for table in tpcds_tables.COLUMNS:
            pyarrow.parquet.write_table(read_text(text / f"{table}.dat", table), folder / f"{table}.parquet")
        shutil.rmtree(text)
        (folder / ".complete").touch()
    return folder


def read_text(path, table):
    """A generated file as an Arrow table; an empty field is NULL, and a '|' ends each line."""
    kinds = {"i": pyarrow.int32(), "l": pyarrow.int64(), "s": pyarrow.string(), "d": pyarrow.date32()}
    types = {
        name: kinds[kind] if kind in kinds else pyarrow.decimal128(int(kind), 2)
        for name, kind in tpcds_tables.columns(table)
    }
    return pyarrow.csv.read_csv(
        path,
        pyarrow.csv.ReadOptions(column_names=[*types, "end"], encoding="latin-1"),
        pyarrow.csv.ParseOptions(delimiter="|", quote_char=False),
        pyarrow.csv.ConvertOptions(
            column_types=types, include_columns=list(types), null_values=[""], strings_can_be_null=True
        ),
    )


def open_tables(spark, folder):
    """Makes the tables temporary views of their names."""
    for table in tpcds_tables.COLUMNS:
        spark.read.parquet(str(folder / f"{table}.parquet")).createOrReplaceTempView(table)


def sql_texts():
    """The SQL texts of Spark's own tests (tools/fetch_golden.sh) by their names; none when they are not there."""
    texts = {}
    for folder, suffix in FOLDERS.items():
        for path in sorted((QUERIES / folder).glob("q*.sql")):
            texts[path.stem + suffix] = path.read_text()
    return texts


def answer_of(frame):
    """A query's column names and types, and its rows as text lines in an order of their own.

    The order is dropped because most queries sort by less than a whole row.
    """
    names = "\t".join(f"{field.name} {field.dataType.simpleString()}" for field in frame.schema.fields)
    return [names, *sorted("\t".join(text_of(cell) for cell in row) for row in frame.collect())]


def text_of(cell):
    """A cell's text; sums of doubles depend on the order of the rows in their last digits."""
    return f"{cell:.10g}" if isinstance(cell, float) else spec_format.text_of(cell)


def digest(answer):
    return hashlib.sha256("\n".join(answer).encode()).hexdigest()[:16]


@dataclass
class Answer:
    """What is recorded of a query: an error's condition, or the rows' number and digests of names and of all values.

    There is no digest of the values when Spark itself gives other rows when it is told to work otherwise (ties at a LIMIT).
    """

    condition: str = ""
    rows: int = 0
    schema: str = ""
    values: str = ""

    def line(self, name):
        return f"{name}\t{self.condition}\t{self.rows}\t{self.schema}\t{self.values}\n"


def recorded():
    answers = {}
    for line in ANSWERS.read_text().splitlines() if ANSWERS.exists() else []:
        name, condition, rows, schema, values = line.split("\t")
        answers[name] = Answer(condition, int(rows), schema, values)
    return answers
