"""What a long command says while it works."""

from __future__ import annotations

import sys
import time
from typing import Protocol, Self


class Progress(Protocol):
    """Told what is being done."""

    def step(self, text: str) -> None:
        """Begin a step that a person would name."""

    def detail(self, text: str) -> None:
        """Say how far the present step is."""


class Silent:
    """Says nothing."""

    def step(self, text: str) -> None:
        """Begin a step."""

    def detail(self, text: str) -> None:
        """Ignore it."""


class Terminal:
    """Writes each step with the time since the start to standard error; details come and go on one line."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._interactive = sys.stderr.isatty()
        self._last_detail = 0.0

    def step(self, text: str) -> None:
        """Print the step on a line of its own."""
        clear = "\r\x1b[K" if self._interactive else ""
        sys.stderr.write(f"{clear}{time.monotonic() - self._started:6.1f} s  {text}\n")
        sys.stderr.flush()

    def detail(self, text: str) -> None:
        """Show the detail until the next one, on a terminal only."""
        if self._interactive and time.monotonic() - self._last_detail > 0.1:  # noqa: PLR2004 - ten a second
            self._last_detail = time.monotonic()
            sys.stderr.write(f"\r\x1b[K          {text[:90]}")
            sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the last detail."""
        if self._interactive:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
