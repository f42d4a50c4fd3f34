"""Bad input gives Spark's condition or a clear one, leaves nothing half-written and the session usable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
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


def test_corrupt_parquet(session, tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"PAR1" + b"\x00" * 100 + b"PAR1")
    condition = condition_of(lambda: session.read.parquet(str(tmp_path / "bad.parquet")).collect())
    assert condition.startswith("FAILED_READ_FILE")


def test_truncated_parquet(session, tmp_path):
    session.range(1000).write.parquet(str(tmp_path / "good"))
    part = next((tmp_path / "good").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-200])
    assert condition_of(lambda: session.read.parquet(str(tmp_path / "good")).collect()).startswith("FAILED_READ_FILE")


def test_missing_path(session, tmp_path):
    assert condition_of(lambda: session.read.csv(str(tmp_path / "none")).collect()) == "PATH_NOT_FOUND"


def test_folder_without_permission(session, tmp_path, request):
    session.range(3).write.json(str(tmp_path / "closed"))
    assert session.read.json(str(tmp_path / "closed")).count() == 3
    (tmp_path / "closed").chmod(0)
    request.getfixturevalue("without_rights")
    assert condition_of(lambda: session.read.json(str(tmp_path / "closed")).collect())
    assert condition_of(lambda: session.read.schema("id int").json(str(tmp_path / "closed")).collect())
    assert condition_of(lambda: session.read.parquet(str(tmp_path / "closed")).collect())
    assert condition_of(lambda: session.range(3).write.parquet(str(tmp_path / "closed" / "out")))


def test_wrong_schema(session, tmp_path):
    session.createDataFrame([("x",)], "a string").write.parquet(str(tmp_path / "t"))
    assert condition_of(lambda: session.read.schema("a int").parquet(str(tmp_path / "t")).collect()).startswith(
        ("FAILED_READ_FILE", "CANNOT_PARSE", "CAST_INVALID_INPUT")
    )


def test_a_failed_write_leaves_nothing(session, tmp_path):
    target = tmp_path / "out"
    frame = session.range(100_000).select(F.expr("1 / (id - 99999)").alias("x"))
    assert condition_of(lambda: frame.write.parquet(str(target))) == "DIVIDE_BY_ZERO"
    assert not list(Path(tmp_path).rglob("*.parquet")) and not (target / "_SUCCESS").exists()


def test_a_failed_overwrite_keeps_the_old_rows(session, tmp_path):
    target = str(tmp_path / "out")
    session.range(5).write.parquet(target)
    bad = session.range(10).select(F.expr("id div (id - 9)").alias("id"))
    assert condition_of(lambda: bad.write.mode("overwrite").parquet(target)) == "DIVIDE_BY_ZERO"
    assert session.read.parquet(target).count() in (0, 5)  # Spark deletes first; half a table is what must not be


def test_a_failed_insert_adds_nothing(session):
    session.sql("create table failed_insert (a double) using parquet")
    session.sql("insert into failed_insert values (1)")
    assert (
        condition_of(lambda: session.sql("insert into failed_insert select 1 / (id - 5) from range(10)"))
        == "DIVIDE_BY_ZERO"
    )
    assert session.table("failed_insert").count() == 1
    session.sql("drop table failed_insert")


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of 10 MB."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("this machine does not allow a small disk to be mounted")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_full_while_writing(session, small_disk):
    frame = session.range(3_000_000).select("id", F.expr("uuid()").alias("u"))
    assert condition_of(lambda: frame.write.parquet(str(small_disk / "out")))
    assert condition_of(lambda: frame.write.csv(str(small_disk / "text")))
    assert not [path for path in small_disk.rglob("*") if path.is_file()]


def test_a_disk_that_is_full_while_spilling(small_disk, tmp_path):
    program = tmp_path / "spill.py"
    program.write_text(
        "import pyrite\n"
        "from pyspark.errors import PySparkException\n"
        f"options = {{'spark.driver.memory': '200m', 'spark.local.dir': {str(small_disk)!r}}}\n"
        "spark = pyrite.new_session(**options)\n"
        "try:\n"
        "    spark.range(10_000_000).selectExpr('uuid() as u', 'id').orderBy('u').toArrow()\n"
        "except PySparkException as error:\n"
        "    print(error.getCondition(), spark.range(3).count())\n"
    )
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=300)
    assert done.stdout.split() == ["UNABLE_TO_ACQUIRE_MEMORY", "3"], done.stdout + done.stderr


@pytest.mark.parametrize(
    "text, condition",
    [
        ("(" * 20_000 + "1" + ")" * 20_000, None),
        ("select " + "+".join(["1"] * 20_000), None),
        ("select " + "not " * 20_000 + "true", None),
        ("select " + "array(" * 3_000 + ")" * 3_000, None),
        ("select 'x' like '" + "%" * 10_000 + "'", None),
        ("select repeat('x', 2147483647) || repeat('x', 2147483647)", None),
        ("\x00", "PARSE_SYNTAX_ERROR"),
        ("select 1 \ud83d", None),
    ],
)
def test_hostile_text_does_not_end_the_process(session, text, condition):
    try:
        session.sql(text).collect()
    except (PySparkException, ValueError, UnicodeEncodeError) as error:
        assert condition is None or error.getCondition() == condition
