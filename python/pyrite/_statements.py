"""Cuts SQL text into statements at semicolons outside quotes, comments and compound statements."""

import re

_TOKEN = re.compile(
    r"""
    (?P<skip> --[^\n]* | /\*.*?(?:\*/|\Z)
      | '(?:[^'\\]|\\.|'')*(?:'|\Z) | "(?:[^"\\]|\\.|"")*(?:"|\Z) | `(?:[^`]|``)*(?:`|\Z) )
  | (?P<end> ; )
  | (?P<word> \w+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_ENDED_BY_END = {"begin", "case", "if", "while", "loop", "repeat", "for"}


def split_statements(text):
    """The statements of `text`, without their semicolons; empty ones are left out."""
    return [statement for statement, _ in _scan(text)]


def is_complete(text):
    """Whether the last statement of `text` has its semicolon, or there is nothing but blanks."""
    statements = _scan(text)
    return not statements or statements[-1][1]


def _scan(text):
    found, start, depth, words = [], 0, 0, []
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "word":
            word = token.group().lower()
            words.append(word)
            if words[0] == "begin" and word in _ENDED_BY_END and words[-2:-1] != ["end"]:
                depth += 1
            elif words[0] == "begin" and word == "end":
                depth -= 1
        elif kind == "end" and depth <= 0:
            _add(found, text[start : token.start()], True)
            start, depth, words = token.end(), 0, []
    _add(found, text[start:], False)
    return found


def _add(found, statement, ended):
    if re.sub(r"--[^\n]*|/\*.*?\*/", "", statement, flags=re.DOTALL).strip():
        found.append((statement.strip(), ended))
