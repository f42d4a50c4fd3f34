"""The interactive SQL shell: completion, history and highlighting by prompt_toolkit."""

import os
import sys
import time

import pyrite
from pyrite import _builder
from pyrite._statements import is_complete, split_statements
from pyrite.cli import is_query_error, print_result, quiet_client_log

_KEYWORDS = """
all alter and anti any array as asc between by cache case cast catalog clear cluster column columns comment create cross
cube current_date current_timestamp database databases date declare default delete desc describe distinct distribute
drop else end except exists explain explode extended false filter first following for from full function functions group
grouping having if ignore in inner insert intersect interval into is join last lateral left like limit map minus natural
not null nulls offset on or order outer over overwrite partition partitions pivot preceding qualify range recursive
refresh replace reset respect right rlike rollup row rows schema schemas select semi set sets show sort struct table
tables tablesample temp temporary then timestamp to true truncate uncache union unpivot update use using values view
views when where window with
""".split()


def run(conf):
    """Reads statements until Ctrl-D; returns the exit code. `conf`: options of the session."""
    try:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import ThreadedCompleter
        from prompt_toolkit.history import FileHistory
        from prompt_toolkit.lexers import PygmentsLexer
        from pygments.lexers.sql import SqlLexer
    except ImportError as error:
        print(f"pyrite shell needs {error.name}: pip install 'pyrite[shell]'", file=sys.stderr)
        return 2
    _builder.activate()
    spark = _builder.get_or_create(conf)
    quiet_client_log()
    history = os.path.expanduser(os.environ.get("PYRITE_HISTORY", "~/.pyrite_history"))
    prompt = PromptSession(
        history=FileHistory(history),
        lexer=PygmentsLexer(SqlLexer),
        completer=ThreadedCompleter(sql_completer(spark)),
        complete_while_typing=False,
        multiline=_until_semicolon(),
        prompt_continuation="     -> ",
    )
    print(f"Pyrite {pyrite.__version__}. Statements end with ; and Ctrl-D leaves.")
    while True:
        try:
            text = prompt.prompt("pyrite> ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return 0
        if text.strip().rstrip(";").lower() in ("exit", "quit"):
            return 0
        for statement in split_statements(text):
            try:
                start = time.perf_counter()
                print_result(spark.sql(statement))
                print(f"{time.perf_counter() - start:.3f} s")
            except KeyboardInterrupt:
                print("cancelled")
                break
            except Exception as error:  # a failed query must not end the shell
                if not is_query_error(error):
                    raise
                print(error, file=sys.stderr)
                break


def _until_semicolon():
    from prompt_toolkit.application import get_app
    from prompt_toolkit.filters import Condition

    @Condition
    def unfinished():
        text = get_app().current_buffer.text
        return bool(text.strip()) and text.strip().lower() not in ("exit", "quit") and not is_complete(text)

    return unfinished


def sql_completer(spark):
    """Completes keywords, functions, tables and the columns of tables that the text names."""
    from prompt_toolkit.completion import Completer, Completion

    class SqlCompleter(Completer):
        functions = None

        def get_completions(self, document, complete_event):
            word = document.get_word_before_cursor()
            for candidate in sorted(self.candidates(document.text)):
                if word and candidate.lower().startswith(word.lower()):
                    yield Completion(candidate, start_position=-len(word))

        def candidates(self, text):
            if self.functions is None:
                self.functions = {row[0] for row in _rows(spark, "SHOW FUNCTIONS")}
            tables = {row["tableName"] for row in _rows(spark, "SHOW TABLES")}
            columns = {name for table in tables if table.lower() in text.lower() for name in _columns(spark, table)}
            return self.functions | tables | columns | set(_KEYWORDS)

    return SqlCompleter()


def _rows(spark, statement):
    try:
        return spark.sql(statement).collect()
    except Exception as error:  # completion offers less rather than disturb the typing
        if not is_query_error(error):
            raise
        return []


def _columns(spark, table):
    try:
        return spark.table(table).columns
    except Exception as error:  # as above
        if not is_query_error(error):
            raise
        return []
