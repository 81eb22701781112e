"""The state folder of a demo world: made anew for each, and never mistaken for a real installation's."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

from dotenv import dotenv_values

from orchestration.publishing import write_atomically
from tenants.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from pathlib import Path

MARKER = "demo.json"


def begin_anew(state: Path, facts: dict[str, object]) -> None:
    """Empty the folder, if it is new or holds a demo world, and mark it as one.

    Raises:
        Conflict: It holds something else; nothing was touched.
    """
    state.mkdir(parents=True, exist_ok=True)
    inside = [path for path in state.iterdir() if not path.name.endswith(".lock")]
    if inside and not (state / MARKER).exists():
        message = (
            f"{state} holds the state of an installation that is no demo, and stays as it is: "
            "set LOKI_HOME to another folder for the demo."
        )
        raise Conflict(message, code="not_a_demo")
    write_atomically(state / MARKER, json.dumps(facts))
    for path in inside:
        if path.name != MARKER:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def chosen_catalogue(mix: str | None, configured: str) -> str:
    """Return the catalogue of the demo: the seed mix is one of `iris` plans.

    Raises:
        InvalidInput: The seed mix was asked for under another catalogue.
    """
    if mix is None or configured == "iris":
        return configured
    if "LOKI_CATALOGUE" in os.environ or "LOKI_CATALOGUE" in dotenv_values(".env"):
        message = (
            f"--mix seed is a mix of iris plans, but LOKI_CATALOGUE is {configured!r}: "
            "unset it or set it to iris."
        )
        raise InvalidInput(message, code="mix_needs_iris")
    return "iris"
