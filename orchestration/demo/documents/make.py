"""Puts one document together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from orchestration.demo.documents.fields import particulars
from orchestration.demo.documents.kinds import Kind, load_kind

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

_MOST_FAULTS = 3


class Document(msgspec.Struct, frozen=True):
    """A made document.

    Attributes:
        text: What a person would have written.
        document_type: What kind it is, in the words of the gates.
        module: The module whose gates it was written for.
        planted_faults: Ids of the gates that it breaks on purpose; a broken sum may break others too.
    """

    text: str
    document_type: str
    module: str
    planted_faults: tuple[str, ...]


def make_document(
    kind: str,
    rng: Random,
    faults: float | Collection[str] = 0.0,
    dated: date | None = None,
) -> Document:
    """Write one document; the same random state gives the same text.

    Args:
        kind: One of `KINDS`.
        rng: The only source of chance.
        faults: Either the probability that the document has faults, one to three of them, or the ids of the
            gates it must break. Lower it from month to month and pass rates rise.
        dated: The document's own date; without it a day of 2026.

    Raises:
        KeyError: There is no such kind, or it cannot break one of the gates named.
    """
    chosen_kind = load_kind(kind)
    broken = _draw_faults(chosen_kind, rng, faults) if isinstance(faults, float | int) else tuple(faults)
    _refuse_unknown(chosen_kind, broken)
    day = dated or date(2026, 1, 5) + timedelta(days=rng.randrange(320))
    values = particulars(rng, chosen_kind.module, day)
    paragraphs = [
        text.format_map(values)
        for part in chosen_kind.parts
        if (
            text := rng.choice(
                next((part.faults[gate] for gate in broken if gate in part.faults), part.texts)
            )
        )
    ]
    return Document("\n\n".join(paragraphs) + "\n", kind, chosen_kind.module, broken)


def _draw_faults(kind: Kind, rng: Random, probability: float) -> tuple[str, ...]:
    if rng.random() >= probability:
        return ()
    faulty = [part for part in kind.parts if part.faults]
    parts = rng.sample(faulty, min(len(faulty), rng.randint(1, _MOST_FAULTS)))
    return tuple(rng.choice(tuple(part.faults)) for part in parts)


def _refuse_unknown(kind: Kind, broken: Collection[str]) -> None:
    unknown = sorted(set(broken) - set(kind.gates()))
    if unknown:
        message = f"a {kind.document_type} cannot be made to break {', '.join(unknown)}"
        raise KeyError(message)
