"""Runs the cases of tests/spec in process and keeps their `# todo:` lines true: added where a case fails, taken away
where it passes.

usage: mark_todo.py [--dry-run] [FILE …]        prints what fails; each file runs in a process of its own
"""

import argparse
import logging
import multiprocessing
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import spec_format


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dry-run", action="store_true", help="only print")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    total = passed = 0
    for path in options.files or sorted((ROOT / "tests/spec").glob("*.test")):
        cases = spec_format.read_cases(path)
        answers = answers_of(path, [case for case in cases if case.body])
        for case in cases:
            if not case.body:
                continue
            answer = answers[case.name]
            good = spec_format.agree(case, answer)
            total, passed = total + 1, passed + good
            case.comments = [line for line in case.comments if not line.startswith("# todo:")]
            if not good:
                case.comments.append(f"# todo: {reason(answer)}")
                print(
                    "\n".join(
                        [f"#### {case.name}", case.source, "--- expected", *case.expected, "--- answered", *answer, ""]
                    )
                )
        if not options.dry_run:
            spec_format.write_cases(path, cases)
    print(f"{passed} of {total} cases pass")


def reason(answer):
    """A short text from a wrong answer: the condition, with the feature that is missing."""
    if answer[0].startswith("error "):
        feature = next((line.partition(" = ")[2] for line in answer if line.startswith("  feature = ")), None)
        return feature or f"answers {answer[0].split()[1]}"
    return answer[0] if answer[0].startswith(("exception", "ends the process")) else "answers otherwise"


def answers_of(path, cases):
    """name → answer; a case that ends its process is left out of the next try."""
    answers, fatal = {}, set()
    fork = multiprocessing.get_context("fork")
    while len(answers) < len(cases):
        receive, send = fork.Pipe(duplex=False)
        child = fork.Process(target=run_cases, args=(cases, fatal, send))
        child.start()
        send.close()
        running = None
        try:
            while receive.poll(60):
                running, answer = receive.recv()
                if answer is not None:
                    answers[running], running = answer, None
        except EOFError:
            pass
        child.kill()
        child.join()
        if running is None and len(answers) < len(cases):
            sys.exit(f"{path}: the process ended between cases")
        if running is not None:
            answers[running] = ["ends the process or does not end"]
            fatal.add(running)
    return answers


def run_cases(cases, fatal, send):
    import os

    import pyrite

    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    bench = spec_format.Bench(pyrite.new_session())
    for case in cases:
        if case.name in fatal:
            continue
        send.send((case.name, None))
        send.send((case.name, bench.run(case)))
    os._exit(0)


if __name__ == "__main__":
    main()
