"""A DOCX as people make it: letterheads, content controls, text boxes, tables in tables, tracked changes."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest

from tests.validation_engine.documents.docx_making import (
    joined,
    paragraph,
    run,
    saved,
    with_body,
    with_footnote,
)
from validation_engine.documents.read import read
from validation_engine.errors import DocumentRefused

if TYPE_CHECKING:
    from collections.abc import Callable

BOX = paragraph(run("Boxed one.")) + paragraph(run("Boxed two."))
INNER = (
    f"<w:tbl><w:tr><w:tc>{paragraph(run('Inner'))}</w:tc><w:tc>{paragraph(run('£10'))}</w:tc></w:tr></w:tbl>"
)
GALLERY = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
CASES: dict[str, tuple[str, list[str]]] = {
    "content control": (
        f"<w:sdt><w:sdtContent>{paragraph(run('Controlled.'))}</w:sdtContent></w:sdt>",
        ["Controlled."],
    ),
    "content control in a line": (
        paragraph(run("Dear ") + f"<w:sdt><w:sdtContent>{run('Ms Reid,')}</w:sdtContent></w:sdt>"),
        ["Dear Ms Reid,"],
    ),
    "table of contents": (
        f"<w:sdt>{GALLERY}<w:sdtContent>{paragraph(run('Complaints 4'))}</w:sdtContent></w:sdt>",
        [],
    ),
    "text box with its older form": (
        paragraph(
            run("Before. ")
            + '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>'
            + f"<w:txbxContent>{BOX}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>"
            + f"<v:textbox><w:txbxContent>{BOX}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
            + "</mc:AlternateContent></w:r>"
            + run("After.")
        ),
        ["Before. After.", "Boxed one.", "Boxed two."],
    ),
    "table in a table": (
        f"<w:tbl><w:tr><w:tc>{paragraph(run('Outer'))}{INNER}<w:p/></w:tc></w:tr></w:tbl>",
        ["Outer", "Inner \t £10"],
    ),
    "cell over three rows": (
        "".join(
            ["<w:tbl>"]
            + [
                f"<w:tr><w:tc><w:tcPr><w:vMerge{start}/></w:tcPr>{paragraph(text)}</w:tc>"
                f"<w:tc>{paragraph(run(number))}</w:tc></w:tr>"
                for start, text, number in ((' w:val="restart"', run("Fees"), "1"), ("", "", "2"))
            ]
            + ["</w:tbl>"]
        ),
        ["Fees \t 1", " \t 2"],
    ),
    "tracked changes": (
        paragraph(
            f'<w:ins w:id="1" w:author="x">{run("Kept. ")}</w:ins>'
            '<w:del w:id="2" w:author="x"><w:r><w:delText>Struck. </w:delText></w:r></w:del>'
            f'<w:moveFrom w:id="3" w:author="x">{run("Moved away. ")}</w:moveFrom>'
            f'<w:moveTo w:id="4" w:author="x">{run("Moved here.")}</w:moveTo>'
        ),
        ["Kept. Moved here."],
    ),
    "deleted mark of a paragraph": (
        joined(run(" Your capital"))
        + '<w:bookmarkStart w:id="3" w:name="a"/>'
        + joined("", "moveFrom")
        + paragraph(run(" is guaranteed. "))
        + paragraph(f'<w:pPr><w:rPr><w:ins w:id="8" w:author="x"/></w:rPr></w:pPr>{run("Next.")}'),
        ["Your capital is guaranteed.", "Next."],
    ),
    "deleted mark before a table": (
        joined(run("Fees")) + INNER + joined(run("End.")),
        ["Fees", "Inner \t £10", "End."],
    ),
    "deleted mark in a cell": (
        f"<w:tbl><w:tr><w:tc>{joined(run('Guaran'))}{paragraph(run('teed'))}{paragraph(run('pay'))}</w:tc></w:tr></w:tbl>",
        ["Guaranteed pay"],
    ),
    "hidden text": (
        paragraph(
            run("Hidden. ", "<w:rPr><w:vanish/></w:rPr>")
            + run("Shown.", '<w:rPr><w:vanish w:val="0"/></w:rPr>')
        ),
        ["Shown."],
    ),
    "white or minute text": (
        paragraph(
            run("White. ", '<w:rPr><w:color w:val="FFFFFF"/></w:rPr>')
            + run("Minute. ", '<w:rPr><w:sz w:val="2"/></w:rPr>')
            + run("Small, grey. ", '<w:rPr><w:color w:val="AAAAAA"/><w:sz w:val="10"/></w:rPr>')
            + run("On blue.", '<w:rPr><w:color w:val="FFFFFF"/><w:shd w:fill="000080"/></w:rPr>')
        )
        + "<w:tbl><w:tr><w:tc>"
        + paragraph(run("Heading.", '<w:rPr><w:color w:val="FFFFFF"/></w:rPr>'))
        + "</w:tc></w:tr></w:tbl>",
        ["Small, grey. On blue.", "Heading."],
    ),
    "lines of an address": (
        paragraph(
            "<w:r><w:t>Alder Homes Ltd</w:t><w:br/><w:t>1 High Street</w:t><w:cr/><w:t>Leeds</w:t></w:r>"
        ),
        ["Alder Homes Ltd", "1 High Street", "Leeds"],
    ),
    "tab stops are no text": (
        '<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs></w:pPr>'
        + run("Total due.")
        + "</w:p>",
        ["Total due."],
    ),
    "field and link": (
        paragraph(
            f"<w:hyperlink>{run('Our site')}</w:hyperlink><w:r><w:instrText>PAGE</w:instrText></w:r>"
            f'<w:fldSimple w:instr="PAGE">{run(" 7")}</w:fldSimple>{run(".")}'
        ),
        ["Our site 7."],
    ),
}


def blocks(opened: object) -> list[str]:
    document = read(saved(opened))
    return [document.text[one.start : one.end] for one in document.blocks]


def test_footnotes_are_read_after_the_body() -> None:
    assert blocks(with_footnote(with_body(paragraph(run("Body."))), "Note.")) == ["Body.", "Note."]


def test_a_cell_that_spans_millions_of_columns_costs_nothing() -> None:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="20000000"/></w:tcPr>{paragraph(run("Wide."))}</w:tc>'
    assert blocks(with_body(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>")) == ["Wide."]


@pytest.mark.parametrize("case", CASES)
def test_what_a_reader_sees_is_read_once_and_in_order(case: str) -> None:
    inner, expected = CASES[case]
    assert blocks(with_body(inner)) == expected


def test_every_header_and_footer_that_a_page_shows_is_read_and_no_other() -> None:
    opened = with_body(paragraph(run("Body.")))
    first = opened.sections[0]
    first.different_first_page_header_footer = True
    first.first_page_header.paragraphs[0].text = "Letterhead."
    first.header.paragraphs[0].text = "Header."
    first.even_page_header.paragraphs[0].text = "Never shown."
    first.first_page_footer.paragraphs[0].text = "Registered in Scotland."
    second = opened.add_section()
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "Annex."
    assert blocks(opened) == ["Letterhead.", "Header.", "Annex.", "Body.", "Registered in Scotland."]


def test_a_paragraph_without_a_style_is_read_as_the_same_line_of_a_plain_text() -> None:
    opened = docx.Document()
    for line in ("Complaints", "Tell us what went wrong.", "- First of all.", "Total\t£4"):
        opened.add_paragraph(line)
    assert [block.kind for block in read(saved(opened)).blocks] == ["heading", "paragraph", "item", "row"]


def changed(name: str, change: Callable[[bytes], bytes], *, by: str | None = None) -> bytes:
    """Return a DOCX with one part changed, or under another name."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(with_body(paragraph(run("Hello.")))))) as plain,
        zipfile.ZipFile(written, "w") as archive,
    ):
        for part in plain.namelist():
            held = plain.read(part)
            archive.writestr(
                part.replace(name, by) if by else part,
                held.replace(name.encode(), by.encode()) if by else change(held) if part == name else held,
            )
    return written.getvalue()


def test_a_document_is_found_under_the_name_that_word_on_the_web_gives_it() -> None:
    document = read(changed("document.xml", bytes, by="document2.xml"))
    assert document.text.strip() == "Hello."


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("word/document.xml", b"w:body>", b"w:none>", "document_damaged"),
        ("word/document.xml", b"w:document", b"w:other", "document_damaged"),
        ("word/styles.xml", b"w:styles", b"w:other>", "document_damaged"),
        ("[Content_Types].xml", b"document.main+xml", b"template.main+xml", "document_unreadable"),
    ],
)
def test_a_file_that_is_no_ordinary_document_is_refused(name: str, old: bytes, new: bytes, code: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        read(changed(name, lambda held: held.replace(old, new)))
    assert refused.value.code == code


def test_damaged_notes_are_refused() -> None:
    opened = with_footnote(with_body(paragraph(run("Hello."))), "Note.")
    for part in opened.part.package.iter_parts():
        if str(part.partname) == "/word/footnotes.xml":
            part._blob = b"<w:footnotes"
    with pytest.raises(DocumentRefused):
        read(saved(opened))
