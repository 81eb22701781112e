"""How a document type is recognised, as `rulesets/document_types.yaml` holds it."""

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
    """What a type is recognised by."""

    signals: list[Signal]


Profiles = dict[str, TypeProfile]
