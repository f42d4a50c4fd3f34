"""Every message of the protocol, whole, partly filled and broken, is answered or refused by an error with a name."""

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parent / "protocol_messages.py"


def wrong_answers(folder, *arguments):
    """What the program found, in a process of its own: a crash must not end the tests."""
    command = [sys.executable, str(PROGRAM), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=folder)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = done.stdout.splitlines()
    assert lines[-1].startswith("sent ")
    return lines[:-1]


def test_every_message_is_served_or_refused(tmp_path):
    assert wrong_answers(tmp_path, "each") == []


def test_random_messages_and_bytes(tmp_path):
    assert wrong_answers(tmp_path, "random", "8") == []
