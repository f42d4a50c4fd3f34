"""ORC where text cases do not reach: files that are damaged, closed, of another writer, or that cannot be written."""

import decimal
import random
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import orc
from pyspark.errors import PySparkException
from pyspark.sql import functions as F


def condition_of(action):
    with pytest.raises(PySparkException) as error:
        action()
    return error.value.getCondition()


@pytest.fixture(autouse=True)
def still_usable(session):
    yield
    assert session.range(3).agg(F.sum("id")).first()[0] == 3


def part_of(folder):
    return next(Path(folder).glob("*.orc"))


@pytest.mark.parametrize("keep", [1, 3, 40, -1, -30])
def test_a_truncated_file(session, tmp_path, keep):
    session.range(1000).write.orc(str(tmp_path / "t"))
    part = part_of(tmp_path / "t")
    part.write_bytes(part.read_bytes()[:keep])
    assert condition_of(lambda: session.read.schema("id long").orc(str(tmp_path / "t")).collect()).startswith(
        "FAILED_READ_FILE"
    )
    session.conf.set("spark.sql.files.ignoreCorruptFiles", True)
    try:
        assert session.read.schema("id long").orc(str(tmp_path / "t")).collect() == []
    finally:
        session.conf.unset("spark.sql.files.ignoreCorruptFiles")


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_do_not_end_the_process(session, tmp_path, seed):
    """Every outcome but a crash or a hang is fine: ORC has no checksums."""
    columns = (
        "id",
        "cast(id as string) s",
        "array(id, null) a",
        "timestamp_seconds(id) t",
        "cast(id as decimal(9, 2)) d",
    )
    session.range(500).selectExpr(*columns).write.orc(str(tmp_path / "t"))
    part = part_of(tmp_path / "t")
    content = bytearray(part.read_bytes())
    generator = random.Random(seed)
    for _ in range(8):
        content[generator.randrange(3, len(content))] = generator.randrange(256)
    part.write_bytes(content)
    try:
        session.read.orc(str(tmp_path / "t")).collect()
    except PySparkException as error:
        assert error.getCondition()


def test_a_closed_folder(session, tmp_path, request):
    session.range(3).write.orc(str(tmp_path / "closed"))
    part_of(tmp_path / "closed").chmod(0)
    frame = session.read.schema("id long").orc(str(tmp_path / "closed"))
    request.getfixturevalue("without_rights")
    assert condition_of(frame.collect)
    assert condition_of(lambda: session.range(3).write.orc(str(tmp_path / "closed" / "deeper")))


def test_a_file_that_went_away(session, tmp_path):
    session.range(3).write.orc(str(tmp_path / "t"))
    frame = session.read.schema("id long").orc(str(tmp_path / "t"))
    frame.collect()
    part_of(tmp_path / "t").unlink()
    with pytest.raises(PySparkException):
        session.read.orc(str(tmp_path / "t")).collect()


def test_a_failed_write_leaves_nothing(session, tmp_path):
    frame = session.range(100_000).select(F.expr("1 / (id - 99999)").alias("x"))
    assert condition_of(lambda: frame.write.orc(str(tmp_path / "out"))) == "DIVIDE_BY_ZERO"
    assert not list(tmp_path.rglob("*.orc")) and not (tmp_path / "out" / "_SUCCESS").exists()


def test_codecs(session, tmp_path):
    for codec in ("none", "snappy", "zlib", "zstd", "lz4"):
        session.range(2000).write.option("compression", codec).orc(str(tmp_path / codec))
        assert session.read.orc(str(tmp_path / codec)).agg(F.sum("id")).first()[0] == 1999000
        found = orc.ORCFile(part_of(tmp_path / codec)).compression
        assert found.lower() == ("uncompressed" if codec == "none" else codec)
    for codec in ("lzo", "brotli"):
        with pytest.raises(PySparkException, match=codec):
            session.range(2).write.option("compression", codec).orc(str(tmp_path / codec))
        assert not list(tmp_path.glob(f"{codec}/*.orc"))


def test_files_of_pyarrow(session, tmp_path):
    table = pa.table(
        {
            "i": pa.array([1, None, 3], pa.int16()),
            "s": ["a", "", None],
            "d": pa.array([decimal.Decimal("1.50"), None, decimal.Decimal("-2.25")], pa.decimal128(12, 2)),
            "l": [[1, None], [], None],
            "m": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int64())),
            "t": pa.array([datetime(2020, 7, 1, 12), None, datetime(1969, 1, 1)], pa.timestamp("us")),
            "st": [{"x": 1, "y": "z"}, None, {"x": None, "y": None}],
        }
    )
    orc.write_table(table, tmp_path / "t.orc", compression="snappy", stripe_size=1)
    frame = session.read.orc(str(tmp_path / "t.orc"))
    assert frame.schema.simpleString() == (
        "struct<i:smallint,s:string,d:decimal(12,2),l:array<bigint>,m:map<string,bigint>,t:timestamp,"
        "st:struct<x:bigint,y:string>>"
    )
    first, second, third = frame.collect()
    assert (first.i, first.s, first.d, first.l, first.m, first.st.asDict()) == (
        1,
        "a",
        decimal.Decimal("1.50"),
        [1, None],
        {"k": 1},
        {"x": 1, "y": "z"},
    )
    assert (second.i, second.s, second.d, second.l, second.m, second.st) == (None, "", None, [], {}, None)
    assert (third.i, third.s, third.l, third.m, third.st.asDict()) == (3, None, None, None, {"x": None, "y": None})


def test_many_rows_and_columns_that_are_not_read(session, tmp_path):
    """Stripes and batches of more than one vector; only the columns in use are decoded."""
    session.range(300_000).selectExpr("id", "id % 7 k", "repeat('x', 20) s", "if(id % 3 = 0, null, id) n").write.orc(
        str(tmp_path / "t")
    )
    frame = session.read.orc(str(tmp_path / "t"))
    assert frame.count() == 300_000
    got = frame.groupBy("k").agg(F.count("n").alias("c"), F.sum("id").alias("s")).orderBy("k").collect()
    ids = [[id for id in range(300_000) if id % 7 == k] for k in range(7)]
    assert [(row.k, row.c, row.s) for row in got] == [
        (k, sum(id % 3 != 0 for id in ids[k]), sum(ids[k])) for k in range(7)
    ]


def test_timestamps_before_1970_with_fractions_are_refused(session, tmp_path):
    frame = session.sql("select timestamp'1969-12-31 23:59:58.5' t")
    with pytest.raises(PySparkException, match="1970"):
        frame.write.orc(str(tmp_path / "t"))
    assert not list(tmp_path.rglob("*.orc"))
