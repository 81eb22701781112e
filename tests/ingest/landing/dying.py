"""The end of a process at any durable step, within the test's own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = ((os, "fsync"), (Path, "replace"), (Path, "mkdir"), (Path, "unlink"), (shutil, "rmtree"))


class Killed(BaseException):
    """Stands for the end of the process: no handler may see it as an error."""


def dies_at(step: int, work: Callable[[], object]) -> bool:
    """Do some work that ends at its durable step of that number; return whether it came so far."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        _die_at(step, monkeypatch)
        try:
            work()
        except Killed:
            return True
    return False


def _die_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    left = step

    def dying(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return original(*args, **kwargs)

        return call

    for owner, name in STEPS:
        monkeypatch.setattr(owner, name, dying(getattr(owner, name)))
