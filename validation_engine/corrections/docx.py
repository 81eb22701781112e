"""Corrections of a DOCX as tracked changes, each with its reason as a comment; Word shows and undoes them."""

from __future__ import annotations

import copy
import io
from typing import TYPE_CHECKING, Any

from validation_engine.documents.docx import open_docx, read_docx
from validation_engine.documents.docx_layout import laid_out
from validation_engine.documents.docx_shown import TEXT, W, shown, text_of
from validation_engine.documents.docx_stories import is_joined
from validation_engine.documents.limits import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from validation_engine.corrections.edits import SourceEdit
    from validation_engine.documents.docx_layout import Segment
    from validation_engine.documents.docx_stories import Story
    from validation_engine.documents.model import Document

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
AUTHOR = "LOKI"


class DocxEditor:
    """Edits a DOCX by tracked changes; an edit over two paragraphs, or of what no run holds, is left out.

    Args:
        content: The file.
        day: The date that the changes bear.
    """

    def __init__(self, content: bytes, day: date) -> None:
        self.content = content
        self.document = read_docx(content, DEFAULT)
        self._day = day.isoformat()
        self._number = 0

    def edit(self, edits: Sequence[SourceEdit]) -> list[SourceEdit]:
        """Make the edits, last first so that offsets stay true."""
        opened = open_docx(self.content)
        laid = laid_out(opened, DEFAULT)
        roots = [opened.element, *(one.story.root for one in laid.segments)]
        self._number = max(_numbers(roots), default=0)
        done = [edit for edit in reversed(edits) if self._make(opened, laid.segments, edit)]
        if done:
            for story in {id(one.story): one.story for one in laid.segments}.values():
                _keep(story)
            written = io.BytesIO()
            opened.save(written)
            self.content = written.getvalue()
            self.document = read_docx(self.content, DEFAULT)
        return done[::-1]

    def kept(self) -> tuple[bytes, Document]:
        """Return the state that `restore` goes back to."""
        return self.content, self.document

    def restore(self, state: tuple[bytes, Document]) -> None:
        """Take back what was edited since a state was kept."""
        self.content, self.document = state

    def _make(self, opened: Any, segments: list[Segment], edit: SourceEdit) -> bool:  # noqa: ANN401 - no types there
        at_end = edit.start >= len(self.document.source)
        if at_end:
            return self._append(opened, edit)
        segment = next((one for one in segments if one.start <= edit.start and edit.end <= one.end), None)
        if segment is None or any(node.getparent().tag != f"{W}r" for node in shown(segment.element)):
            return False
        start = edit.start - segment.start + segment.lead
        marked = self._change(segment.element, start, start + edit.end - edit.start, edit.new)
        if segment.story.kind != "body" or _is_boxed(segment.element):
            marked = next(([run] for run in opened.element.body.iter(f"{W}r") if not _is_boxed(run)), [])
        return _comment(opened, marked, edit)

    def _append(self, opened: Any, edit: SourceEdit) -> bool:  # noqa: ANN401 - as above
        if opened.paragraphs and is_joined(opened.paragraphs[-1]._p):  # noqa: SLF001 - what follows would be its end
            return False
        paragraph = opened.add_paragraph(edit.new.strip())
        run = paragraph.runs[0]._r  # noqa: SLF001 - the element is wrapped as inserted
        inserted = self._tracked("ins")
        run.addprevious(inserted)
        inserted.append(run)
        return _comment(opened, [run], edit)

    def _change(self, element: Any, start: int, end: int, new: str) -> list[Any]:  # noqa: ANN401 - as above
        """Strike out a stretch of a paragraph, insert the new text after it, and return the runs marked."""
        covered, after = _runs_between(element, start, end)
        marked = []
        for run in covered:
            deleted = self._tracked("del")
            run.addprevious(deleted)
            deleted.append(run)
            for text in run.findall(TEXT):
                text.tag = f"{W}delText"
            marked.append(run)
        if new:
            inserted = self._tracked("ins")
            inserted.append(_run_like(covered[-1] if covered else after, element, new))
            if covered:
                covered[-1].getparent().addnext(inserted)
            elif after is not None:
                after.addprevious(inserted)
            else:
                element.append(inserted)
            marked = [inserted[0]]
        return marked

    def _tracked(self, kind: str) -> Any:  # noqa: ANN401 - as above
        from docx.oxml import OxmlElement  # noqa: PLC0415 - heavy, and few documents need it

        self._number += 1
        tracked = OxmlElement(f"w:{kind}")
        tracked.set(f"{W}id", str(self._number))
        tracked.set(f"{W}author", AUTHOR)
        tracked.set(f"{W}date", f"{self._day}T00:00:00Z")
        return tracked


def _numbers(roots: list[Any]) -> Iterator[int]:
    """Yield the numbers of the tracked changes, bookmarks and the like that there are."""
    for root in {id(root): root for root in roots}.values():
        for element in root.iter():
            told = element.get(f"{W}id", "")
            if told.isdecimal():
                yield int(told)


def _keep(story: Story) -> None:
    """Write a story back whose part holds bytes and no elements."""
    from lxml import etree  # noqa: PLC0415 - heavy, and few documents need it

    if story.kind == "notes":
        written = etree.tostring(story.root, xml_declaration=True, encoding="UTF-8", standalone=True)
        story.part._blob = written  # noqa: SLF001 - there is no public way


def _is_boxed(element: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether an element stands in a text box, where Word allows no comment."""
    return next(element.iterancestors(f"{W}txbxContent"), None) is not None


def _runs_between(element: Any, start: int, end: int) -> tuple[list[Any], Any]:  # noqa: ANN401 - as above
    """Return the runs that hold exactly a stretch of a paragraph's text, and the run that follows it."""
    _explode(element)
    covered, after, at = [], None, 0
    for node in list(shown(element)):
        length = len(text_of(node))
        run = node.getparent()
        if node.tag == TEXT:
            for cut in sorted({start - at, end - at}, reverse=True):
                if 0 < cut < len(node.text or ""):
                    _split(run, node, cut)
        for piece, begin in _pieces(run, node, at, at + length):
            if start <= begin < end:
                covered.append(piece)
            elif begin >= end and after is None:
                after = piece
        at += length
    return covered, after


def _explode(element: Any) -> None:  # noqa: ANN401 - as above
    """Give every text, tab and break a run of its own, formatted as before."""
    for run in {id(node.getparent()): node.getparent() for node in shown(element)}.values():
        content = [child for child in run if child.tag != f"{W}rPr"]
        for child in content:  # emptied first: what is copied for each of them is the format alone
            run.remove(child)
        for child in content[1:][::-1]:
            own = copy.deepcopy(run)
            own.append(child)
            run.addnext(own)
        run.extend(content[:1])


def _split(run: Any, node: Any, cut: int) -> None:  # noqa: ANN401 - as above
    rest = copy.deepcopy(run)
    (other,) = rest.findall(f"{W}t")
    other.text, node.text = node.text[cut:], node.text[:cut]
    other.set(_SPACE, "preserve")
    node.set(_SPACE, "preserve")
    run.addnext(rest)


def _pieces(run: Any, node: Any, begin: int, end: int) -> list[tuple[Any, int]]:  # noqa: ANN401 - as above
    """Return the runs that a text was split into, with the offset at which each begins."""
    pieces, at, current = [], begin, run
    while at < end and current is not None:
        pieces.append((current, at))
        text = current.find(f"{W}t")
        at += len(text.text or "") if text is not None and node.tag == f"{W}t" else 1
        current = current.getnext()
    return pieces


def _run_like(run: Any, element: Any, text: str) -> Any:  # noqa: ANN401 - as above
    """Return a run of new text with the formatting of another."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - heavy, and few documents need it

    model = run if run is not None else next(iter(element.iter(f"{W}r")), None)
    fresh = OxmlElement("w:r")
    style = model.find(f"{W}rPr") if model is not None else None
    if style is not None:
        fresh.append(copy.deepcopy(style))
    written = OxmlElement("w:t")
    written.text = text
    written.set(_SPACE, "preserve")
    fresh.append(written)
    return fresh


def _comment(opened: Any, runs: list[Any], edit: SourceEdit) -> bool:  # noqa: ANN401 - as above
    """Attach the reason to the change."""
    from docx.text.run import Run  # noqa: PLC0415 - heavy, and few documents need it

    if runs:
        marked = [Run(run, opened) for run in (runs[0], runs[-1])]
        reason = f"{edit.reason} ({', '.join(edit.gate_ids)})"
        opened.add_comment(marked, text=reason, author=AUTHOR, initials=AUTHOR[:2])
    return True
