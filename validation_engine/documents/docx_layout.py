"""How a DOCX is read: its text in order, what stands together in it, and which paragraph holds what."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec

from validation_engine.documents.build import CELL
from validation_engine.documents.docx_shown import W, paragraph_text
from validation_engine.documents.docx_stories import Story, is_joined, stories, told
from validation_engine.errors import DocumentRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.docx_stories import Told
    from validation_engine.documents.limits import Limits
    from validation_engine.documents.model import BlockKind


class Segment(msgspec.Struct, frozen=True):
    """A paragraph's stretch of the readable text; `lead` characters of its own text were cut off in front."""

    story: Story
    element: Any
    start: int
    end: int
    lead: int


class Stretch(msgspec.Struct, frozen=True):
    """What stands together, and as what; the kind is None where only its wording tells."""

    kind: BlockKind | None
    level: int
    start: int
    end: int


class Layout(msgspec.Struct, frozen=True):
    """The readable text, what stands together in it, and which paragraph each stretch of it comes from."""

    text: str
    stretches: list[Stretch]
    segments: list[Segment]


def laid_out(opened: Any, limits: Limits) -> Layout:  # noqa: ANN401 - python-docx has no types
    """Return how an opened file is read.

    Raises:
        DocumentRefused: It has too many paragraphs or characters, or reading it takes too long.
    """
    paragraphs = sum(1 for _ in opened.element.body.iter(f"{W}p"))
    if paragraphs > limits.lines:
        message = f"The document has {paragraphs:,} paragraphs, above the {limits.lines:,} allowed; split it."
        raise DocumentRefused(message, "document_too_large")
    deadline = time.monotonic() + limits.seconds
    laying = _Laying(Styles(opened))
    for story in stories(opened):
        for one in told(story):
            laying.add(one)
            _within_limits(laying.at, deadline, limits)
    return Layout("".join(laying.pieces), laying.stretches, laying.segments)


class _Laying:
    """Collects the readable text as it is told."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self.at = 0
        self.pieces: list[str] = []
        self.stretches: list[Stretch] = []
        self.segments: list[Segment] = []

    def add(self, one: Told) -> None:
        """Add a paragraph or row, if it has any words."""
        texts = [[(element, _own(element, one)) for element in cell] for cell in one.cells]
        if not any(own.strip() for cell in texts for _, own in cell):
            return
        begin = self.at
        for number, cell in enumerate(texts):
            self._write(CELL if number else "")
            self._add_cell(one.story, cell)
        kind, level = ("row", 0) if one.is_row else self._styles.kind(one.cells[0][-1])
        self.stretches.append(Stretch(kind, level, begin, self.at))
        self._write("\n")

    def _add_cell(self, story: Story, paragraphs: list[tuple[Any, str]]) -> None:
        begin = self.at
        for joined in _joined(paragraphs):
            if any(own.strip() for _, own in joined):
                self._write(" " if self.at > begin else "")
                self._add_joined(story, joined)

    def _add_joined(self, story: Story, joined: list[tuple[Any, str]]) -> None:
        """Add a paragraph, told by the elements that make it, without blanks at its ends."""
        text = "".join(own for _, own in joined)
        first, last = len(text) - len(text.lstrip()), len(text.rstrip())
        for element, own in joined:
            lead, end = max(first, 0), min(last, len(own))
            if lead < end:
                self.segments.append(Segment(story, element, self.at, self.at + end - lead, lead))
                self._write(own[lead:end])
            first, last = first - len(own), last - len(own)

    def _write(self, text: str) -> None:
        self.pieces.append(text)
        self.at += len(text)


def _joined(paragraphs: list[tuple[Any, str]]) -> Iterator[list[tuple[Any, str]]]:
    """Yield the paragraphs of a cell, those together whose marks between them are deleted."""
    held: list[tuple[Any, str]] = []
    for one in paragraphs:
        held.append(one)
        if not is_joined(one[0]):
            yield held
            held = []
    yield held


def _own(element: Any, one: Told) -> str:  # noqa: ANN401 - as above
    """Return a paragraph's text; in a row, tabs and breaks are spaces, as tabs of ours part its cells."""
    own = paragraph_text(element)
    return own.replace("\n", " ").replace("\t", " ") if one.is_row else own


def _within_limits(characters: int, deadline: float, limits: Limits) -> None:
    if characters > limits.characters + 1:
        message = f"The document has more than {limits.characters:,} characters; split it."
        raise DocumentRefused(message, "document_too_large")
    if time.monotonic() > deadline:
        message = f"Reading the DOCX took more than {limits.seconds:.0f} s; simplify or split it."
        raise DocumentRefused(message, "document_too_slow")


class Styles:
    """What paragraphs are by their style: headings, list items, quotations.

    Args:
        opened: The opened file.
    """

    def __init__(self, opened: Any) -> None:  # noqa: ANN401 - as above
        listed = {one.get(f"{W}styleId"): one for one in opened.styles.element.iter(f"{W}style")}
        self._kinds = {name: _styled(one) for name, one in listed.items()}

    def kind(self, paragraph: Any) -> tuple[BlockKind | None, int]:  # noqa: ANN401 - as above
        """Return the kind and level of a paragraph; None where its style does not tell."""
        about = paragraph.find(f"{W}pPr")
        if about is None:
            return None, 0
        style = about.find(f"{W}pStyle")
        kind, level = self._kinds.get(style.get(f"{W}val"), (None, 0)) if style is not None else (None, 0)
        if kind is None and about.find(f"{W}numPr") is not None:
            return "item", 0
        return kind, level


def _styled(style: Any) -> tuple[BlockKind | None, int]:  # noqa: ANN401 - as above
    told_name = style.find(f"{W}name")
    name = (told_name.get(f"{W}val") if told_name is not None else "").lower()
    outline = style.find(f"{W}pPr/{W}outlineLvl")
    if name.startswith(("heading", "title")) or outline is not None:
        digits = "".join(character for character in name if character.isdigit())
        return "heading", int(digits or 1)
    if name.startswith("list") or style.find(f"{W}pPr/{W}numPr") is not None:
        return "item", 0
    return ("quote", 0) if "quote" in name else (None, 0)
