"""The Python door: sessions of this process through PySpark's own builder and client."""

import subprocess
import sys
import tempfile
import textwrap
import threading
import time

import pyarrow
import pyspark.sql
import pytest
from pyspark.errors import AnalysisException, ArithmeticException, ParseException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

import pyrite


def run_python(code, *arguments):
    """Runs a program in a process of its own; gives its output."""
    # A file, not -c: the client takes a main module without a file for a run of its doctests.
    with tempfile.NamedTemporaryFile("w", suffix=".py") as program:
        program.write(textwrap.dedent(code))
        program.flush()
        done = subprocess.run([sys.executable, *arguments, program.name], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_get_or_create_gives_the_same_session_and_applies_options():
    output = run_python("""
        import pyrite; pyrite.activate()
        from pyspark.sql import SparkSession
        a = SparkSession.builder.master("local[2]").appName("x").config("spark.sql.shuffle.partitions", 3).getOrCreate()
        print(a.conf.get("spark.sql.shuffle.partitions"))
        b = SparkSession.builder.config("spark.sql.shuffle.partitions", 5).getOrCreate()
        print(b is a, a.conf.get("spark.sql.shuffle.partitions"), SparkSession.getActiveSession() is a)
        a.sql("create table kept (a int) using parquet")
        a.stop()
        c = SparkSession.builder.enableHiveSupport().getOrCreate()
        print(c is a, c.catalog.tableExists("kept"), c.range(2).count())
    """)
    assert output == ["3", "True", "5", "True", "False", "False", "2"]


def test_local_remotes_run_in_process():
    output = run_python("""
        import pyrite; pyrite.activate()
        from pyspark.sql import SparkSession
        print(type(SparkSession.builder.remote("local[2]").getOrCreate().client).__name__)
    """)
    assert output == ["InProcessClient"]


def test_named_servers_are_still_called():
    output = run_python("""
        import os
        import pyrite; pyrite.activate()
        from pyspark.sql import SparkSession
        spark = SparkSession.builder.remote("sc://localhost:1").create()
        print(type(spark.client).__name__, spark.client.host, flush=True)
        os._exit(0)  # the client's own exit handler would try for minutes to reach the server
    """)
    assert output == ["SparkConnectClient", "localhost"]


def test_pyrite_sql_has_what_pyspark_sql_has():
    output = run_python("""
        from pyrite.sql import SparkSession, functions as F, types, Window
        from pyrite.sql.types import StructType
        from pyrite.sql.functions import col
        import pyspark.sql
        print(SparkSession is pyspark.sql.SparkSession, F is pyspark.sql.functions, types.StructType is StructType)
        print(SparkSession.builder.getOrCreate().range(3).select(col("id") + 1).count())
    """)
    assert output == ["True", "True", "True", "3"]


def test_without_a_client_the_error_says_what_to_install():
    code = """
        import sys
        class Block:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] == "pyspark":
                    raise ModuleNotFoundError(name)
        import importlib.util
        original = importlib.util.find_spec
        importlib.util.find_spec = lambda name, package=None: None if name == "pyspark" else original(name, package)
        import pyrite
        try:
            pyrite.activate()
        except ImportError as error:
            print("pyrite[client]" in str(error), "pyspark-client" in str(error))
    """
    assert run_python(code) == ["True", "True"]


def test_import_of_pyrite_is_light():
    assert run_python("import sys, pyrite; print('pyspark' in sys.modules, 'pandas' in sys.modules)") == [
        "False",
        "False",
    ]


def test_new_sessions_are_isolated():
    one = pyrite.new_session(spark__sql__ansi__enabled=False)
    two = pyrite.new_session(**{"spark.sql.session.timeZone": "Asia/Tokyo"})
    one.range(1).createOrReplaceTempView("mine")
    assert one.conf.get("spark.sql.ansi.enabled") == "false" and two.conf.get("spark.sql.ansi.enabled") == "true"
    assert two.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"
    assert one.catalog.tableExists("mine") and not two.catalog.tableExists("mine")
    one.stop()
    assert two.range(2).count() == 2
    two.stop()


def test_clone_keeps_views_and_configuration(session):
    session.conf.set("spark.sql.shuffle.partitions", "9")
    session.range(4).createOrReplaceTempView("v")
    clone = session.cloneSession()
    assert clone.table("v").count() == 4 and clone.conf.get("spark.sql.shuffle.partitions") == "9"
    clone.range(1).createOrReplaceTempView("w")
    assert not session.catalog.tableExists("w")


def test_errors_are_the_clients_own(session):
    with pytest.raises(AnalysisException) as error:
        session.range(1).select("nope").collect()
    assert error.value.getCondition() == "UNRESOLVED_COLUMN.WITH_SUGGESTION"
    assert error.value.getSqlState() == "42703"
    assert error.value.getMessageParameters() == {"objectName": "`nope`", "proposal": "`id`"}
    with pytest.raises(ParseException):
        session.sql("selec 1")
    with pytest.raises(ArithmeticException) as error:
        session.sql("select 1 / 0").collect()
    context = error.value.getQueryContext()[0]
    assert (context.fragment(), context.startIndex(), context.stopIndex()) == ("1 / 0", 7, 11)
    assert session.range(2).count() == 2


def test_results_come_whole_by_every_road(session):
    frame = session.range(100_000).select("id", F.concat(F.lit("n"), "id").alias("s"), (F.col("id") % 7).alias("m"))
    assert isinstance(frame.toArrow(), pyarrow.Table) and frame.toArrow().num_rows == 100_000
    assert sum(row.id for row in frame.toLocalIterator()) == sum(range(100_000))
    assert frame.toPandas().s.iloc[-1] == "n99999"
    assert frame.collect()[99_999] == pyspark.sql.Row(id=99_999, s="n99999", m=99_999 % 7)


def test_a_slow_reader_does_not_wait_for_the_last_row(session):
    rows = session.range(5_000_000_000).toLocalIterator()
    assert next(rows).id == 0
    rows.close()
    assert session.range(3).count() == 3


def test_created_frames_of_all_sizes(session):
    for size in (0, 1, 10, 100_000):
        frame = session.createDataFrame([(i, str(i)) for i in range(size)], "i int, s string")
        assert frame.agg(F.count("*"), F.sum("i")).first()[:] == (size, sum(range(size)) if size else None)
    large = pyarrow.table({"x": range(3_000_000)})
    assert session.createDataFrame(large).agg(F.sum("x")).first()[0] == sum(range(3_000_000))


def test_interrupts_stop_a_running_query(session):
    outcome = []

    def run():
        try:
            session.sql(
                "select count(*) from range(100000) a, range(100000) b, range(100) c where a.id + b.id > c.id"
            ).collect()
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.5)
    start = time.perf_counter()
    assert len(session.interruptAll()) == 1
    thread.join(10)
    assert not thread.is_alive() and time.perf_counter() - start < 5
    assert "OPERATION_CANCELED" in str(getattr(outcome[0], "getCondition", lambda: outcome[0])())
    assert session.range(2).count() == 2


def test_tags_interrupt_only_their_queries(session):
    session.addTag("mine")
    assert session.getTags() == {"mine"}
    assert session.interruptTag("other") == []
    session.clearTags()


def test_ctrl_c_stops_a_running_query():
    output = run_python("""
        import _thread, signal, threading, time, pyrite
        signal.signal(signal.SIGINT, signal.default_int_handler)  # shells start background jobs without it
        spark = pyrite.new_session()
        threading.Timer(1, _thread.interrupt_main).start()
        start = time.perf_counter()
        try:
            spark.sql("select count(*) from range(100000) a, range(100000) b, range(100) c where a.id + b.id > c.id").collect()
        except KeyboardInterrupt:
            print("stopped", time.perf_counter() - start < 6, spark.range(3).count())
    """)
    assert output == ["stopped", "True", "3"]


def test_threads_share_a_session(session):
    sums = {}

    def work(number):
        sums[number] = session.range(number * 1000).agg(F.sum("id")).first()[0]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sums == {number: sum(range(number * 1000)) for number in range(1, 9)}


def test_forked_children_make_their_own_engine():
    output = run_python("""
        import os, pyrite
        spark = pyrite.new_session()
        spark.range(3).count()
        child = os.fork()
        if child == 0:
            print(pyrite.new_session().range(5).count(), flush=True)
            os._exit(0)
        os.waitpid(child, 0)
        print(spark.range(4).count())
    """)
    assert output == ["5", "4"]


def test_what_connect_refuses_stays_refused(session):
    with pytest.raises(Exception, match="JVM_ATTRIBUTE_NOT_SUPPORTED|not supported in Spark Connect"):
        _ = session.sparkContext


def test_the_small_pipeline_is_quick(session):
    rows = [(i, f"name{i % 3}") for i in range(10)]

    def pipeline():
        return session.createDataFrame(rows, ["id", "name"]).filter(F.col("id") > 2).groupBy("name").count().collect()

    assert sorted(tuple(row) for row in pipeline()) == [("name0", 3), ("name1", 2), ("name2", 2)]
    times = []
    for _ in range(30):
        start = time.perf_counter()
        pipeline()
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05, f"{min(times) * 1000:.1f} ms"


def test_the_plugin_gives_a_session(pytester_free_folder):
    program = pytester_free_folder / "test_plain.py"
    program.write_text(
        "from pyspark.sql import SparkSession\n"
        "def test_fixture(spark):\n    assert spark.range(3).count() == 3\n"
        "def test_builder(spark):\n    assert SparkSession.builder.getOrCreate() is spark\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "pyrite.pytest", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=pytester_free_folder)
    assert "2 passed" in done.stdout, done.stdout + done.stderr


@pytest.fixture
def pytester_free_folder(tmp_path):
    """A folder outside the checkout, so that its pytest settings do not count."""
    return tmp_path


def test_the_builder_is_still_sparks():
    assert SparkSession.builder.config("a", 1).config(map={"b": "2"})._options == {"a": "1", "b": "2"}
