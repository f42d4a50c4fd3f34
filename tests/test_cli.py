"""The command: run, sql, shell; and the cutting of text into statements."""

import os
import subprocess
import sys

import pytest

import pyrite
from pyrite._statements import is_complete, split_statements


def run(*arguments, text=None):
    return subprocess.run([sys.executable, "-m", "pyrite.cli", *arguments], capture_output=True, text=True, input=text)


def test_version():
    assert run("--version").stdout.strip() == f"pyrite {pyrite.__version__}"


def test_sql_prints_tables_csv_and_json():
    table = run("sql", "select 1 as a, 'x' as b; select 2 as c")
    assert (
        table.stdout == "+---+---+\n|a  |b  |\n+---+---+\n|1  |x  |\n+---+---+\n\n+---+\n|c  |\n+---+\n|2  |\n+---+\n\n"
    )
    assert run("sql", "--format", "csv", "select 1 as a, null as b").stdout == "a,b\n1,\n"
    assert run("sql", "--format", "json", "select 1 as a, array(1, 2) as `b.c`").stdout == '{"a":1,"b.c":[1,2]}\n'


def test_sql_reads_files_and_stops_at_the_first_error(tmp_path):
    script = tmp_path / "script.sql"
    script.write_text(
        "create temp view v as select 1 as a; -- a comment; with a semicolon\nselect * from v;\nselect nope; select 3"
    )
    done = run("sql", "-f", str(script), "--format", "csv")
    assert done.returncode == 1 and done.stdout == "a\n1\n" and "UNRESOLVED_COLUMN" in done.stderr
    assert run("sql", "-f", "-", "--format", "csv", text="select 5 as five").stdout == "five\n5\n"
    assert run("sql", "-f", str(tmp_path / "none.sql")).returncode == 2


def test_run_is_like_python(tmp_path):
    (tmp_path / "beside.py").write_text("NUMBER = 4\n")
    script = tmp_path / "program.py"
    script.write_text(
        "import sys, beside\nfrom pyspark.sql import SparkSession\n"
        "spark = SparkSession.builder.getOrCreate()\n"
        "print(__name__, sys.argv[1:], spark.range(beside.NUMBER).count(), spark.conf.get('spark.sql.shuffle.partitions'))\n"
        "sys.exit(7)\n"
    )
    done = run("run", "--conf", "spark.sql.shuffle.partitions=11", str(script), "--flag", "x")
    assert done.stdout == "__main__ ['--flag', 'x'] 4 11\n" and done.returncode == 7, done.stderr
    assert run("run", str(tmp_path / "none.py")).returncode == 2


@pytest.mark.parametrize(
    "text, statements",
    [
        ("select 1; select 2", ["select 1", "select 2"]),
        ("select ';' ; select \";\"; select `;`", ["select ';'", 'select ";"', "select `;`"]),
        ("-- only a comment;\n", []),
        ("select 1 /* ; */; /* end */", ["select 1 /* ; */"]),
        ("select 'it\\'s; x'; ;", ["select 'it\\'s; x'"]),
        ("begin declare a int; set a = 1; end; select 2", ["begin declare a int; set a = 1; end", "select 2"]),
        ("select case when 1 then 2 end; select 3", ["select case when 1 then 2 end", "select 3"]),
    ],
)
def test_statements(text, statements):
    assert split_statements(text) == statements


def test_completeness():
    assert (
        is_complete("select 1;") and is_complete("  ") and not is_complete("select 1") and not is_complete("select ';")
    )


def test_shell_runs_statements_and_completes(tmp_path, monkeypatch, capsys):
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.document import Document
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    from pyrite import shell

    monkeypatch.setenv("PYRITE_HISTORY", str(tmp_path / "history"))
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        pipe.send_text("select 41 +\r1 as answer;\rselect nope;\rexit\r")
        assert shell.run({}) == 0
    output = capsys.readouterr()
    assert "|42    |" in output.out and "UNRESOLVED_COLUMN" in output.err
    assert "answer" in (tmp_path / "history").read_text()
    spark = pyrite.new_session()
    spark.sql("create temp view people as select 1 as identity_number")
    completer = shell.sql_completer(spark)

    def complete(text):
        return {completion.text for completion in completer.get_completions(Document(text), None)}

    assert "select" in complete("sel") and "people" in complete("select * from peo")
    assert "identity_number" in complete("select * from people where ident")


def test_shell_says_what_it_lacks(monkeypatch, capsys):
    from pyrite import shell

    monkeypatch.setitem(sys.modules, "prompt_toolkit", None)
    assert shell.run({}) == 2
    assert "pyrite[shell]" in capsys.readouterr().err
    assert os.path.exists(shell.__file__)
