"""What each kind of document is put together from: the YAML files of `texts/`, read once, on first use."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

_TEXTS = Path(__file__).with_name("texts")

KINDS: tuple[str, ...] = tuple(sorted(path.stem for path in _TEXTS.glob("*.yaml")))


class Part(msgspec.Struct, frozen=True):
    """One paragraph.

    Attributes:
        texts: Wordings that comply, one of which is taken.
        faults: Wordings that break a gate, by gate id; an empty wording leaves the paragraph out.
    """

    texts: tuple[str, ...]
    faults: dict[str, tuple[str, ...]]


class Kind(msgspec.Struct, frozen=True):
    """One kind of document: the module that judges it, and its paragraphs in order."""

    document_type: str
    module: str
    parts: tuple[Part, ...]

    def gates(self) -> tuple[str, ...]:
        """Return the ids of the gates that this kind can be made to fail."""
        return tuple(gate for part in self.parts for gate in part.faults)


@cache
def load_kind(document_type: str) -> Kind:
    """Read one kind.

    Raises:
        KeyError: There is no such kind; the message names those there are.
    """
    if document_type not in KINDS:
        message = f"no kind of document is called {document_type!r}; there are {', '.join(KINDS)}"
        raise KeyError(message)
    content = yaml.safe_load((_TEXTS / f"{document_type}.yaml").read_text(encoding="utf-8"))
    return Kind(document_type, content["module"], tuple(_part(part) for part in content["parts"]))


def _part(part: str | dict[str, Any]) -> Part:
    if isinstance(part, str):
        return Part((part,), {})
    if "any" in part:
        return Part(tuple(part["any"]), {})
    faults = {part["gate"]: tuple(part["wrong"])}
    faults.update({gate: tuple(texts) for gate, texts in part.get("also", {}).items()})
    return Part(tuple(part["right"]), faults)
