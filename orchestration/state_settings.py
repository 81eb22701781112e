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
    from collections.abc import Mapping, MutableMapping

FILE = "settings.env"


def adopt(environment: MutableMapping[str, str] | None = None) -> None:
    """Take over the state folder's own settings into the environment."""
    target = os.environ if environment is None else environment
    stated = {name for name, value in dotenv_values(".env").items() if value is not None} | set(target)
    home = target.get("LOKI_HOME") or dotenv_values(".env").get("LOKI_HOME") or "var"
    for name, value in dotenv_values(Path(home).expanduser() / FILE).items():
        if name not in stated and value is not None:
            target[name] = value


def keep(state: Path, settings: Mapping[str, str]) -> None:
    """Write the state folder's own settings."""
    write_atomically(state / FILE, "".join(f"{name}='{value}'\n" for name, value in settings.items()))
