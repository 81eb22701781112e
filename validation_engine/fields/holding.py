"""Which blocks of a document hold some words at all, so that patterns are not tried on the others."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Block, Document
    from validation_engine.scan.cue import Cue

_NOWHERE = (sys.maxsize, sys.maxsize)


def each_block(document: Document, *cues: Cue) -> Iterator[tuple[Block, bool]]:
    """Yield the blocks in reading order, each with whether one of the cues may stand in it."""
    folded = document.folded
    places = iter(sorted(place for cue in cues for place in cue.windows(folded, 0, len(folded), 0, 0)))
    start, end = next(places, _NOWHERE)
    for block in document.blocks:
        while end <= block.start:
            start, end = next(places, _NOWHERE)
        yield block, start < block.end
