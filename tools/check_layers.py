"""Checks the shape of src/: includes point downward, the engine's headers stay in engine/, error conditions exist."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parent.parent
# What each folder may include besides itself; what that folder may include comes with it.
BELOW = {
    "base": [],
    "types": ["base"],
    "plan": ["types"],
    "sql": ["plan"],
    "connect": ["plan"],
    "functions": ["plan"],
    "catalog": ["plan"],
    "sources": ["functions"],
    "udf": ["functions"],
    "graph": ["plan"],
    "streaming": ["plan"],
    "cluster": ["plan"],
    "analyzer": ["functions", "catalog"],
    "optimizer": ["functions"],
    "engine": ["functions", "sources"],
    "session": ["connect", "sql", "graph", "streaming", "cluster", "udf", "analyzer", "optimizer", "engine"],
    "server": ["session"],
    "bindings": ["session"],
}
INCLUDE = re.compile(r'^\s*#include\s+["<]([^">]+)[">]', re.MULTILINE)
CONDITION = re.compile(
    r'\bSparkError\s*(?:\w+\s*)?[({]\s*(?:ErrorKind::\w+\s*,\s*)?"([A-Z_][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)"'
)


def reach(folder):
    """The folders that files of `folder` may include."""
    allowed = {folder}
    for below in BELOW[folder]:
        allowed |= reach(below)
    return allowed


def check_includes(path, text):
    folder = path.relative_to(ROOT / "src").parts[0]
    if folder not in BELOW:
        yield f"{path}: the folder src/{folder} is not in the list of layers (tools/check_layers.py)"
        return
    for included in INCLUDE.findall(text):
        top = included.split("/")[0]
        if top in BELOW and "/" in included and top not in reach(folder):
            yield f"{path}: {folder} may not include {included}"
        if (top == "duckdb" or included.startswith("duckdb.")) and folder != "engine":
            yield f"{path}: only src/engine includes DuckDB's headers ({included})"


def check_conditions(path, text, known):
    for name in CONDITION.findall(text):
        if name not in known and not path.name.endswith("_test.cpp"):
            yield f"{path}: the condition {name} has no row in src/base/conditions.cpp"


def main():
    known = set(re.findall(r'^\s*\{"([A-Z0-9_.]+)"', (ROOT / "src/base/conditions.cpp").read_text(), re.MULTILINE))
    faults = []
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix in (".cpp", ".h"):
            text = path.read_text()
            faults += check_includes(path, text)
            faults += check_conditions(path, text, known)
    for fault in faults:
        print(fault.replace(str(ROOT) + "/", ""))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
