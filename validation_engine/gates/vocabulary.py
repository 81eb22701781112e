"""The vocabulary: macros that stand for families of words, each of them named once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import yaml

from validation_engine.errors import GateFileError

if TYPE_CHECKING:
    from pathlib import Path

VOCABULARY = "vocabulary"


def read_vocabulary(rulesets: Path) -> dict[str, str]:
    """Return all macros: of `vocabulary.yaml` and of every file in `vocabulary/`.

    They are one vocabulary whichever module is asked for, so all files are read.

    Raises:
        GateFileError: A macro is named twice, in one file or in two.
    """
    macros: dict[str, str] = {}
    named_in: dict[str, str] = {}
    for path in (rulesets / f"{VOCABULARY}.yaml", *sorted((rulesets / VOCABULARY).glob("*.yaml"))):
        where, text = path.relative_to(rulesets).as_posix(), path.read_text(encoding="utf-8")
        for name in _names(text):
            if name in named_in:
                msg = f"{where}: the macro {name} is in {named_in[name]} already; rename one."
                raise GateFileError(msg)
            named_in[name] = where
        macros |= msgspec.convert(yaml.safe_load(text) or {}, dict[str, str])
    return macros


def _names(text: str) -> list[str]:
    """Return the names in a file as written: a loader would keep the last of two alike without a word."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return [str(key.value) for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
