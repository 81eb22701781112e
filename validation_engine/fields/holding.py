"""Which blocks of a document hold some words at all, so that patterns are not tried on the others."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from validation_engine.documents.model import Document
    from validation_engine.scan.cue import Cue


def holding(document: Document, cue: Cue) -> set[int]:
    """Return the blocks that a cue touches; where it stands over a break, those at its ends."""
    begins, folded = [block.start for block in document.blocks], document.folded
    places = cue.windows(folded, 0, len(folded), 0, 0)
    return {bisect_right(begins, at) - 1 for start, end in places for at in (start, end - 1)}
