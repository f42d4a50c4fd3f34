"""The `pyrite` command: run a program, run SQL, or open a shell."""

import argparse
import os
import runpy
import sys

import pyrite


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="pyrite", description="PySpark programs without Spark and without a JVM.")
    parser.add_argument("--version", action="version", version=f"pyrite {pyrite.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command")

    run = commands.add_parser("run", help="run an unmodified PySpark program", description="Runs a PySpark program.")
    run.add_argument("--conf", action="append", default=[], metavar="KEY=VALUE", help="option of its sessions")
    run.add_argument("-m", dest="module", action="store_true", help="SCRIPT is the name of a module")
    run.add_argument("script")
    run.add_argument("arguments", nargs=argparse.REMAINDER)

    sql = commands.add_parser("sql", help="run SQL and print its rows", description="Runs SQL and prints its rows.")
    sql.add_argument("text", nargs="?", help="statements, separated by ;")
    sql.add_argument("-f", "--file", help="read the statements from a file (-: standard input)")
    sql.add_argument("--conf", action="append", default=[], metavar="KEY=VALUE")
    sql.add_argument("--format", choices=("table", "csv", "json"), default="table")
    sql.add_argument("--rows", type=int, default=1000, help="most rows of a table to print (1000)")

    shell = commands.add_parser("shell", help="type SQL", description="An interactive SQL shell.")
    shell.add_argument("--conf", action="append", default=[], metavar="KEY=VALUE")

    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 2
    try:
        conf = dict(_key_value(text) for text in options.conf)
    except ValueError as error:
        parser.error(str(error))
    if options.command == "run":
        return _run(options, conf)
    if options.command == "sql":
        if (options.text is None) == (options.file is None):
            sql.error("give the statements or -f FILE")
        return _sql(options, conf)
    from pyrite import shell as interactive

    return interactive.run(conf)


def _key_value(text):
    key, found, value = text.partition("=")
    if not found:
        raise ValueError(f"--conf takes KEY=VALUE, not {text!r}")
    return key, value


def _run(options, conf):
    """Runs the program as `python script.py` would."""
    from pyrite import _builder

    _builder.activate(conf)
    sys.argv = [options.script, *options.arguments]
    if options.module:
        sys.path.insert(0, os.getcwd())
        runpy.run_module(options.script, run_name="__main__", alter_sys=True)
    else:
        if not os.path.exists(options.script):
            print(f"pyrite run: there is no file {options.script}", file=sys.stderr)
            return 2
        sys.path.insert(0, os.path.dirname(os.path.abspath(options.script)))
        runpy.run_path(options.script, run_name="__main__")
    return 0


def _sql(options, conf):
    from pyrite import _builder
    from pyrite._statements import split_statements

    try:
        if options.file == "-":
            text = sys.stdin.read()
        elif options.file:
            with open(options.file, encoding="utf-8") as file:
                text = file.read()
        else:
            text = options.text
    except OSError as error:
        print(f"pyrite sql: {error}", file=sys.stderr)
        return 2
    _builder.activate()
    spark = _builder.get_or_create(conf)
    quiet_client_log()
    for statement in split_statements(text):
        try:
            print_result(spark.sql(statement), options.format, options.rows)
        except Exception as error:  # every failure of a query, whatever its class, is a message and an exit code
            if not is_query_error(error):
                raise
            print(error, file=sys.stderr)
            return 1
    return 0


def is_query_error(error):
    from pyspark.errors import PySparkException

    return isinstance(error, PySparkException)


def quiet_client_log():
    """The client logs each error that it raises; the commands print it instead."""
    import logging

    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)


def print_result(frame, style="table", rows=1000):
    """Prints a query's rows; a statement without columns prints nothing."""
    if not frame.columns:
        return
    if style == "table":
        frame.show(rows, truncate=False)
    elif style == "json":
        from pyspark.sql import functions

        columns = [frame["`" + name.replace("`", "``") + "`"] for name in frame.columns]
        for row in frame.select(functions.to_json(functions.struct(*columns))).toLocalIterator():
            print(row[0])
    else:
        import csv

        writer = csv.writer(sys.stdout)
        writer.writerow(frame.columns)
        for row in frame.toLocalIterator():
            writer.writerow(["" if value is None else value for value in row])


if __name__ == "__main__":
    raise SystemExit(main())
