"""PDFs for tests, drawn line by line at given places as office programs and layout programs draw them."""

from __future__ import annotations

from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING

from fpdf import FPDF

if TYPE_CHECKING:
    from collections.abc import Sequence

TOP, PITCH = 40.0, 5.0
# Left edges in millimetres and the characters a line of 10 points holds there.
EDGES = {1: (20.0,), 2: (20.0, 112.0), 3: (15.0, 78.0, 141.0)}
WIDTHS = {1: 95, 2: 44, 3: 28}


class Page:
    """One sheet; whatever is drawn side by side is drawn line by line, from left to right."""

    def __init__(self, made: FPDF | None = None) -> None:
        self.made = made or FPDF()
        self.made.set_font("helvetica", size=10)
        self.made.add_page()
        self.at = TOP

    def line(self, text: str, left: float = 20.0, *, at: float | None = None, size: int = 10) -> None:
        self.made.set_font_size(size)
        self.made.text(left, self.at if at is None else at, text)
        self.at += 0 if at is not None else PITCH

    def columns(self, texts: Sequence[Sequence[str]], edges: Sequence[float]) -> None:
        for row in zip_longest(*texts):
            for left, text in zip(edges, row, strict=True):
                self.line(text or "", left, at=self.at)
            self.at += PITCH

    def prose(self, text: str, count: int = 2) -> None:
        """Draw one text in columns of one length."""
        lines = [
            line for part in text.split("\n") for line in wrap(part, WIDTHS[count], break_on_hyphens=False)
        ]
        high = -(-len(lines) // count)
        self.columns([lines[at * high : (at + 1) * high] for at in range(count)], EDGES[count])

    def bytes(self) -> bytes:
        return bytes(self.made.output())
