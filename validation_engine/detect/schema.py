"""How a document type is recognised: `rulesets/document_types.yaml` and `rulesets/document_words.json`."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from validation_engine.gates.schema import Where  # noqa: TC001 - msgspec needs it at run time


class Signal(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Wording that speaks for (or, with a negative weight, against) a type; counted once."""

    pattern: str
    weight: Annotated[float, Meta(ge=-12, le=12)]
    where: Where = "anywhere"


class TypeProfile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A type's name for people, and its signals."""

    label: str
    signals: list[Signal]


class WordWeights(msgspec.Struct, array_like=True, frozen=True):
    """A word's rarity (squared inverse frequency, in hundredths) and weights for types (in thousandths)."""

    rarity: int
    weights: dict[str, int]


WordTable = dict[str, WordWeights]
Profiles = dict[str, TypeProfile]
