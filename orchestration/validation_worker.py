"""A process that validates for the API, with log lines like the API's own."""

from __future__ import annotations

import sys

from orchestration.logs import configure
from validation_engine.api.worker import work

COMMAND = (sys.executable, "-m", "orchestration.validation_worker")

if __name__ == "__main__":
    configure("info")
    work(int(sys.argv[1]))
