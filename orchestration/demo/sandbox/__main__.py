"""`python -m orchestration.demo.sandbox`: the sandbox as a process of its own."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path

from orchestration.demo.sandbox.sandbox import Sandbox
from tenants.clock import FixedClock, SystemClock


def main() -> int:
    """Serve until interrupted, after one line that tells where and with which key."""
    parser = argparse.ArgumentParser(prog="python -m orchestration.demo.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=12111, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--home", type=Path, required=True, help="folder of the sandbox's state")
    parser.add_argument(
        "--now", type=datetime.fromisoformat, help="stand still at this time (ISO 8601, with zone)"
    )
    parser.add_argument("--seed", type=int, default=0, help="for ids")
    parser.add_argument(
        "--webhook", metavar="URL", help="send every event there, signed with the kept secret"
    )
    parser.add_argument("--rate-limit", type=float, help="requests a second before 429")
    given = parser.parse_args()
    if given.now is not None and given.now.tzinfo is None:
        parser.error("--now needs a time zone, such as 2026-01-01T00:00:00+00:00")
    clock = FixedClock(given.now) if given.now else SystemClock()
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    sandbox = Sandbox(given.home, clock, seed=given.seed, rate_limit=given.rate_limit)
    if given.webhook:
        sandbox.register_webhook(given.webhook)
    try:
        with sandbox.serve(given.port):
            sys.stdout.write(f"Stripe sandbox at {sandbox.url}, key {sandbox.api_key}\n")
            sys.stdout.flush()
            stop.wait()
    except OSError as error:
        sys.stderr.write(f"Cannot listen on port {given.port}: {error.strerror}. Give another with --port.\n")
        return 2
    finally:
        sandbox.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
