from __future__ import annotations

import subprocess
import sys

# What another thread sees while the first document has the checks loaded: some of them are there.
_ASKED_HALFWAY = """
import validation_engine.checks.agreements.particulars
from validation_engine.checks.registry import named
print(named("zero_reason").__name__)
"""


def test_a_check_is_there_for_whoever_asks_while_they_are_loaded() -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _ASKED_HALFWAY], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("zero_reason\n", "")
