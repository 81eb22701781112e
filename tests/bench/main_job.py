"""The main job against its limits: the demo, its last refresh, and a refresh with nothing new."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMITS = {"demo": 180.0, "last refresh": 60.0, "no-op refresh": 15.0}


def main(tenants: int = 500, months: int = 24) -> bool:
    """Print each time as a ratio to its limit; returns whether all are kept."""
    with tempfile.TemporaryDirectory() as home:
        demo, said = _loki(home, "demo", "--tenants", str(tenants), "--months", str(months), "--no-serve")
        published = next(line for line in said.splitlines() if line.startswith("Published build"))
        last_refresh = float(published.rpartition("(")[2].partition(" s)")[0])
        nothing_new, said = _loki(home, "refresh")
        if "already current" not in said:
            message = f"the second refresh should have found nothing new: {said}"
            raise RuntimeError(message)
    seconds = {"demo": demo, "last refresh": last_refresh, "no-op refresh": nothing_new}
    for name, limit in LIMITS.items():
        ratio = seconds[name] / limit
        sys.stdout.write(f"{name:<16} {seconds[name]:7.1f} s  {ratio:5.2f} of its {limit:.0f} s\n")
    return all(seconds[name] <= limit for name, limit in LIMITS.items())


def _loki(home: str, *arguments: str) -> tuple[float, str]:
    """Run a command as a person would; returns the seconds it took and what it said."""
    command = [str(Path(sys.executable).with_name("loki")), *arguments]
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=os.environ | {"LOKI_HOME": home}, capture_output=True, text=True, check=True
    )
    return time.monotonic() - started, done.stdout
