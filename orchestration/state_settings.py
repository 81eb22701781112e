"""Settings that belong to a state folder: a demo world keeps its catalogue and its Stripe with its data.

They lie in `LOKI_HOME/settings.env` and count only where neither the environment nor `.env` says otherwise.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values

from orchestration.publishing import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "settings.env"
# What we write holds secrets and people's data: no other user of the machine reads it.
PRIVATE = 0o077


_adopted: set[str] = set()


def adopt() -> None:
    """Take over the state folder's own settings into the environment."""
    stated = {
        name: value
        for source in (dotenv_values(".env"), os.environ)
        for name, value in source.items()
        if value
    }
    home = stated.get("LOKI_HOME", "var")
    for name, value in dotenv_values(Path(home).expanduser() / FILE).items():
        if name not in stated and value:
            os.environ[name] = value
            _adopted.add(name)


def forget() -> None:
    """Take back out of the environment what was taken over."""
    for name in _adopted:
        os.environ.pop(name, None)
    _adopted.clear()


def keep(state: Path, settings: Mapping[str, str]) -> None:
    """Write the state folder's own settings."""
    write_atomically(state / FILE, "".join(f"{name}={_quoted(value)}\n" for name, value in settings.items()))


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
