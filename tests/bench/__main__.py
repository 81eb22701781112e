"""`python -m tests.bench [NAME…]`: run all benchmarks or those named; ends with 1 if a limit is not kept."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main(names: list[str]) -> int:
    """Run each module that has a `main`, which prints its ratios and returns whether its limits are kept."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.stderr.write(f"There is no benchmark {', '.join(unknown)}: choose from {', '.join(known)}.\n")
        return 2
    kept = True
    for name in names or known:
        module = importlib.import_module(f"tests.bench.{name}")
        if hasattr(module, "main"):
            sys.stdout.write(f"== {name}\n")
            sys.stdout.flush()
            kept = module.main() is not False and kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
