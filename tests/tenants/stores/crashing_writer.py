"""A process that commits validations to one tenant's store until it is killed.

Each acknowledged run is written to standard output, line by line, after its commit.
Several threads commit, so that commits are shared; the log is checkpointed often.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tests.tenants import factories as make

_THREADS = 4


def commit_for_ever(stores: TenantStores, prefix: str) -> None:
    store = stores.open("ten_a")
    for number in count():
        run = replace(make.run(), run_id=f"{prefix}_{number}")
        store.commit_validation(make.validation(run.run_id, run=run, charge=make.charge(limit=None)))
        sys.stdout.write(f"{run.run_id}\n")
        sys.stdout.flush()


def main() -> None:
    home, name, parent = *sys.argv[1:], os.getppid()
    stores = TenantStores(PlatformSettings(home=Path(home)), make.CLOCK)
    threads = [
        threading.Thread(target=commit_for_ever, args=(stores, f"{name}_{number}"), daemon=True)
        for number in range(_THREADS)
    ]
    for thread in threads:
        thread.start()
    while os.getppid() == parent:  # a test that was cut off leaves no writer behind
        time.sleep(0.1)


if __name__ == "__main__":
    main()
