"""The text form of the cases in tests/spec, and how one is run. See tests/spec/README.md."""

import ast
import contextlib
import datetime
import decimal
import io
import json
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

# What both engines are told, so that answers do not depend on where they run.
SETTINGS = {"spark.sql.session.timeZone": "America/Los_Angeles", "spark.sql.shuffle.partitions": "4"}
DIVIDER = "----"
# Names of files and numbers of columns that an engine makes up.
EXPRESSION_ID = re.compile(r"(?<=\w)#\d+")
PART_FILE = re.compile(r"part-\d{5}-[0-9a-zA-Z._-]+")


@dataclass
class Case:
    path: Path
    line: int
    comments: list = field(default_factory=list)
    body: list = field(default_factory=list)
    expected: list = field(default_factory=list)

    @property
    def name(self):
        return f"{self.path.stem}:{self.line}"

    @property
    def todo(self):
        """Why the case is known to fail, or None."""
        return next((text[7:].strip() for text in self.comments if text.startswith("# todo:")), None)

    @property
    def is_python(self):
        return self.body[0].startswith(">>> ")

    @property
    def source(self):
        return "\n".join(line[4:] if self.is_python else line for line in self.body)


def read_cases(path):
    """The cases of a file: blocks between blank lines, each a body, a divider and the expectation."""
    cases, block, start = [], [], 1
    for number, line in enumerate([*path.read_text().splitlines(), ""], 1):
        if line.strip():
            start = number if not block else start
            block.append(line)
            continue
        if block:
            case = Case(path, start)
            while block and block[0].startswith("#"):
                case.comments.append(block.pop(0))
            divider = block.index(DIVIDER) if DIVIDER in block else len(block)
            case.body, case.expected = block[:divider], block[divider + 1 :]
            cases.append(case)
            block = []
    return cases


def write_cases(path, cases):
    blocks = []
    for case in cases:
        lines = [*case.comments, *case.body]
        if case.body:
            lines += [DIVIDER, *case.expected]
        blocks.append("\n".join(lines))
    path.write_text("\n\n".join(blocks) + "\n")


class Bench:
    """A session with what the cases of one file share: temporary views, Python variables, a folder."""

    def __init__(self, spark):
        from pyspark.sql import Observation, Row, Window
        from pyspark.sql import functions as F
        from pyspark.sql import types as T

        for key, value in SETTINGS.items():
            spark.conf.set(key, value)
        self.spark = spark
        self._folder = tempfile.TemporaryDirectory(prefix="pyrite-spec-")
        self.folder = self._folder.name
        self.names = dict(
            spark=spark, F=F, T=T, Window=Window, Row=Row, Observation=Observation, folder=self.folder,
            datetime=datetime, Decimal=decimal.Decimal, Path=Path,
        )  # fmt: skip

    def run(self, case):
        """The answer of a case as lines: a schema and rows, a printed text, `ok`, or an error with its parameters."""
        from pyspark.errors import PySparkException

        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                value = self._evaluate(case)
                lines = self._lines(value)
        except PySparkException as error:
            return [self._mask(line) for line in error_lines(error)]
        except Exception as error:  # a fault of the case or of the client: shown, and never equal to a recorded answer
            return [f"exception {type(error).__name__}: {error}".split("\n")[0]]
        if printed.getvalue():
            lines = ([] if lines == ["ok"] else lines) + [
                f": {line}" for line in printed.getvalue().rstrip("\n").split("\n")
            ]
        return [self._mask(line) for line in lines]

    def _evaluate(self, case):
        if not case.is_python:
            return self.spark.sql(case.source.replace("$folder", self.folder))
        tree = ast.parse(case.source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, case.name, "exec"), self.names)
        return eval(compile(ast.Expression(last.value), case.name, "eval"), self.names) if last else None

    def _lines(self, value):
        if value is None:
            return ["ok"]
        if hasattr(value, "collect") and hasattr(value, "schema"):
            schema = value.schema
            rows = value.collect()
            if not schema.fields:
                return ["ok"] + ["()"] * len(rows)
            return [schema_text(schema), *(" | ".join(text_of(cell) for cell in row) for row in rows)]
        return [f"= {line}" for line in text_of(value).split("\n")]

    def _mask(self, line):
        return EXPRESSION_ID.sub("", PART_FILE.sub("part-…", line.replace(self.folder, "$folder")))


def schema_text(schema):
    return " | ".join(
        f"{quoted(column.name)} {column.dataType.simpleString()}{'' if column.nullable else ' not null'}"
        for column in schema.fields
    )


def error_lines(error):
    """`error CONDITION SQLSTATE ClassName`, then a line for each parameter."""
    condition = error.getCondition() if hasattr(error, "getCondition") else error.getErrorClass()
    lines = [f"error {condition} {error.getSqlState()} {type(error).__name__}"]
    for name, value in sorted((error.getMessageParameters() or {}).items()):
        lines.append(f"  {name} = {quoted(str(value))}")
    return lines


def quoted(text):
    """`text`, or a JSON string where blanks, bars or control characters would be lost."""
    if text == "" or text != text.strip() or re.search(r'[|\x00-\x1f\x7f"\\]', text) or text == "NULL":
        return json.dumps(text, ensure_ascii=False)
    return text


def text_of(value):
    """A value as text; strings inside nested values are always quoted."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return quoted(value)
    return _nested(value)


def _nested(value):
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (bytes, bytearray)):
        return f"X'{bytes(value).hex().upper()}'"
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat(" ") if isinstance(value, datetime.datetime) else value.isoformat()
    if isinstance(value, dict):
        # A map's order is not part of its meaning.
        return "{" + ", ".join(sorted(f"{_nested(k)}: {_nested(v)}" for k, v in value.items())) + "}"
    if hasattr(value, "__fields__"):
        return "(" + ", ".join(f"{k}={_nested(v)}" for k, v in zip(value.__fields__, value)) + ")"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_nested(item) for item in value) + "]"
    return str(value)


def orders_rows(case):
    source = re.sub(r"\([^()]*\)", " ", re.sub(r"\([^()]*\)", " ", case.source)) if not case.is_python else case.source
    return bool(re.search(r"order\s+by|orderBy|\.sort\(|range\(\d+\)$", source, re.IGNORECASE))


def agree(case, answer):
    """Whether an answer is what was recorded: rows in any order unless the case sorts them, doubles to 13 digits."""
    expected = case.expected
    if len(expected) != len(answer) or expected[:1] != answer[:1]:
        return False
    first, *wanted = expected
    got = answer[1:]
    if not (orders_rows(case) or first.startswith(("error", "=", ":"))):
        wanted, got = sorted(wanted), sorted(got)
    return all(a == b or (not first.startswith("error") and _close(a, b)) for a, b in zip(wanted, got))


_NUMBER = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?")


def _close(a, b):
    if _NUMBER.sub("#", a) != _NUMBER.sub("#", b):
        return False
    pairs = zip(map(float, _NUMBER.findall(a)), map(float, _NUMBER.findall(b)))
    return all(abs(x - y) <= 1e-13 * max(abs(x), abs(y)) for x, y in pairs)
