"""Ledgers of what passes: text files that only grow. Shared by golden_ledger.py and doctest_ledger.py."""

import argparse
import concurrent.futures
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("SHARED", ROOT.parent / "shared"))


def scorer(name):
    """The path of a scorer beside the checkout, or None when it is not there."""
    path = SHARED / "tools" / name
    return path if path.exists() else None


def arguments(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="add to the ledger what passes now")
    parser.add_argument("--drop-lost", action="store_true", help="with --update: also take away what is lost (say why)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", help="glob of files or modules")
    parser.add_argument("--json", type=Path, help="keep the scorer's own output in this folder")
    return parser.parse_args()


def run_parts(parts, command, jobs, keep=None):
    """Runs `command(part, json_path)` for each part, `jobs` at a time; gives what each wrote to its json_path."""
    import json

    with tempfile.TemporaryDirectory() as work:
        folder = Path(keep or work)
        folder.mkdir(parents=True, exist_ok=True)

        def run(numbered):
            number, part = numbered
            path = folder / f"{number}.json"
            path.unlink(missing_ok=True)
            done = subprocess.run(command(part, path), cwd=ROOT, capture_output=True, text=True)
            if not path.exists():
                sys.exit(f"the scorer failed for {part}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
            return json.loads(path.read_text())

        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            return list(pool.map(run, enumerate(parts)))


def settle(path, old, new, update, drop_lost, rerun=None, selected=lambda key: True, tolerated=None, tries=2):
    """Compares the ledger `old` with `new` (each: key → set or number); `tolerated` (the same) is not lost either.
    What seems lost runs again, `tries` times at most. Returns the exit code."""

    def missing():
        least = {
            key: _minus(_minus(old[key], new.get(key)), (tolerated or {}).get(key)) for key in old if selected(key)
        }
        return {key: value for key, value in least.items() if value}

    lost = missing()
    while lost and rerun and tries:
        # A loaded machine can make a query late: lost is what stays lost.
        for key, value in rerun(sorted(lost)).items():
            new[key] = _union(new.get(key), value)
        lost = missing()
        tries -= 1
    for key, value in sorted(lost.items()):
        print(f"LOST {key}: {_text(value)}")
    gained = sum(_size(_minus(new[key], old.get(key))) for key in new)
    print(
        f"{sum(_size(v) for v in old.values())} in the ledger, {gained} more pass now, {sum(map(_size, lost.values()))} lost"
    )
    if update:
        kept = {} if drop_lost else old
        keys = {key for key in [*old, *new] if _size(new.get(key)) or key in kept or not selected(key)}
        merged = {}
        for key in keys:
            keep = not drop_lost or not selected(key)
            merged[key] = _union(new.get(key), old.get(key)) if keep else new[key]
        path.write_text("".join(f"{key}\t{_text(merged[key])}\n" for key in sorted(merged)))
        return 0
    return 1 if lost else 0


def read(path):
    """key → set of numbers (`1-3,7`), or a single number (`=5`)."""
    if not path.exists():
        return {}
    return dict(_entry(line) for line in path.read_text().splitlines() if line.strip())


def _entry(line):
    key, _, text = line.partition("\t")
    if text.startswith("="):
        return key, int(text[1:])
    numbers = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        numbers |= set(range(int(first), int(last or first) + 1))
    return key, numbers


def _text(value):
    if isinstance(value, int):
        return f"={value}"
    runs = []
    for number in sorted(value):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def _minus(a, b):
    if isinstance(a, int):
        return max(0, a - (b or 0))
    return (a or set()) - (b or set())


def _union(a, b):
    if isinstance(a, int) or isinstance(b, int):
        return max(a or 0, b or 0)
    return (a or set()) | (b or set())


def _size(value):
    return value if isinstance(value, int) else len(value or ())
