"""What stands where in a DOCX: headers, body, notes and footers, and in each what a reader sees, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from validation_engine.documents.docx_shown import FALLBACK, W, is_on

if TYPE_CHECKING:
    from collections.abc import Iterator

_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NOTES = ("/word/footnotes.xml", "/word/endnotes.xml")
_MARK_GONE = (f"{W}del", f"{W}moveFrom")
_GONE = {*_MARK_GONE, FALLBACK}


class Story(msgspec.Struct, frozen=True):
    """A stream of text with its root element, the part that holds it, and what it is."""

    kind: str
    root: Any
    part: Any


class Told(msgspec.Struct, frozen=True):
    """What stands together: one paragraph, or what deleted marks make one, or a row's by its cells."""

    story: Story
    cells: list[list[Any]]
    is_row: bool = False


def stories(opened: Any) -> Iterator[Story]:  # noqa: ANN401 - python-docx has no types
    """Yield the stories of an opened file in reading order."""
    yield from _edges(opened, "header")
    yield Story("body", opened.element.body, opened.part)
    yield from _notes(opened)
    yield from _edges(opened, "footer")


def told(story: Story, container: Any = None) -> Iterator[Told]:  # noqa: ANN401 - as above
    """Yield paragraphs and rows in reading order, those in content controls, boxes and cells too."""
    joined: list[Any] = []
    for child in story.root if container is None else container:
        name = child.tag
        if name == f"{W}p":
            joined.append(child)
            if is_joined(child):
                continue
        elif name in _GONE or _is_contents(child) or not len(child):
            continue
        yield from _paragraph(story, joined)
        joined = []
        if name == f"{W}tbl":
            yield from _rows(story, child)
        elif name != f"{W}p":
            yield from told(story, child)
    yield from _paragraph(story, joined)


def is_joined(paragraph: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether a paragraph goes on with the next one: the mark at its end is deleted or moved away."""
    about = paragraph.find(f"{W}pPr/{W}rPr")
    return about is not None and any(about.find(mark) is not None for mark in _MARK_GONE)


def _paragraph(story: Story, joined: list[Any]) -> Iterator[Told]:
    """Yield a paragraph, told by the elements that make it, and what stands in its text boxes."""
    if joined:
        yield Told(story, [joined])
    for one in joined:
        yield from _boxes(story, one)


def _edges(opened: Any, kind: str) -> Iterator[Story]:  # noqa: ANN401 - as above
    """Yield the headers or footers that some page shows, each once."""
    seen = set()
    for section in opened.element.body.iter(f"{W}sectPr"):
        shows = {"default": True, "first": is_on(section.find(f"{W}titlePg"))}
        shows["even"] = bool(opened.settings.odd_and_even_pages_header_footer)
        listed = section.findall(f"{W}{kind}Reference")
        for one in sorted(listed, key=lambda one: one.get(f"{W}type", "") != "first"):
            part = opened.part.related_parts.get(one.get(_R_ID))
            if part is not None and shows.get(one.get(f"{W}type", "default")) and part.partname not in seen:
                seen.add(part.partname)
                yield Story(kind, part.element, part)


def _notes(opened: Any) -> Iterator[Story]:  # noqa: ANN401 - as above
    from docx.oxml.parser import parse_xml  # noqa: PLC0415 - heavy, and few documents need it

    for part in opened.part.package.iter_parts():
        if str(part.partname) in _NOTES:
            yield Story("notes", parse_xml(part.blob), part)


def _rows(story: Story, table: Any) -> Iterator[Told]:  # noqa: ANN401 - as above
    """Yield a table's rows, and after each the rows of the tables that its cells hold."""
    for row in _inner(table, f"{W}tr"):
        if row.find(f"{W}trPr/{W}del") is not None:
            continue
        held = [list(told(story, cell)) for cell in _inner(row, f"{W}tc")]
        cells = [[one for inner in cell if not inner.is_row for one in inner.cells[0]] for cell in held]
        yield Told(story, cells, is_row=True)
        yield from (inner for cell in held for inner in cell if inner.is_row)


def _inner(element: Any, name: str) -> Iterator[Any]:  # noqa: ANN401 - as above
    """Yield the rows of a table or the cells of a row, those in a content control too."""
    for child in element:
        if child.tag == name:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml"):
            yield from _inner(child, name)


def _boxes(story: Story, paragraph: Any) -> Iterator[Told]:  # noqa: ANN401 - as above
    """Yield what stands in a paragraph's text boxes; one inside another's paragraph comes with that one."""
    for box in paragraph.iter(f"{W}txbxContent"):
        above = []
        for one in box.iterancestors():
            above.append(one.tag)
            if one.tag == f"{W}p":
                break
        if one is paragraph and _GONE.isdisjoint(above):
            yield from told(story, box)


def _is_contents(element: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether a content control is a table of contents, which says what others say."""
    gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"
