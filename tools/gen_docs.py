"""Writes the table of functions, as the engine knows them, in Markdown. usage: gen_docs.py docs/functions.md"""

import sys
from pathlib import Path

import pyrite


def main(path):
    spark = pyrite.new_session()
    names = [row[0] for row in spark.sql("show functions").collect()]
    lines = ["# Functions", "", f"{len(names)} names, from the engine's own table (`make docs`).", ""]
    lines += ["| name | what it does |", "|---|---|"]
    for name in names:
        quoted = "`" + name.replace("`", "``") + "`"
        described = [row[0] for row in spark.sql(f"describe function {quoted}").collect()]
        usage = next((text[len("Usage:") :] for text in described if text.startswith("Usage:")), "")
        lines.append(f"| `{name}` | {' '.join(usage.split()).replace('|', chr(92) + '|')} |")
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text("\n".join(lines) + "\n")
    print(f"{path}: {len(names)} functions")


if __name__ == "__main__":
    main(sys.argv[1])
