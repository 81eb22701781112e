"""Every format leads to the same sentences, and every sentence back to its place in the original."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest
from fpdf import FPDF
from hypothesis import example, given
from hypothesis import strategies as st

from tests.validation_engine.factories import outcome, validated
from validation_engine.documents import pdf_pages
from validation_engine.documents.read import read, read_text
from validation_engine.engine import default_engine

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

HTML = """<!doctype html><html><head><title>t</title><style>.gone{display:none}</style></head><body>
<h1>Invest &amp; grow</h1><p>Our fund pays &pound;100 <b>guaranteed</b> 9% a year.
<p>Second. <span class="gone">Capital at risk.</span><span style="display: none">Capital at risk.</span></p>
<table><tr><td>Net</td><td>&pound;10.00</td></tr></table><ul><li>One<li>Two</ul></body></html>"""


def sentences(document: Document) -> list[str]:
    return [" ".join(document.text[one.start : one.end].split()) for one in document.sentences]


def test_html_shows_what_a_reader_sees_and_nothing_hidden() -> None:
    document = read(HTML.encode(), name="a.html")
    assert sentences(document) == [
        "Invest & grow",
        "Our fund pays £100 guaranteed 9% a year.",
        "Second.",
        "Net £10.00",
        "One",
        "Two",
    ]


def test_evidence_in_html_is_the_source_at_its_offsets() -> None:
    result = validated(read(HTML.encode(), name="a.html"), document_type="investment_promotion")
    (evidence,) = outcome(result, "fca_uk.guaranteed_return_claim").evidence
    assert HTML[evidence.start : evidence.end] == evidence.quote
    assert "guaranteed" in evidence.quote
    assert evidence.line == 2


def test_a_warning_hidden_in_html_does_not_count() -> None:
    result = validated(read(HTML.encode(), name="a.html"), document_type="investment_promotion")
    assert outcome(result, "fca_uk.capital_at_risk_warning").verdict == "FAIL"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Fee\t\tDue\n", "text/plain"),
        ("Fee | Due", "text/plain"),
        ("| Fee | Due |\n|---|---|\n| 1 | 2 |\n", "text/markdown"),
        ("<table><tr><td>Fee<td>Due</table>", "text/html"),
        ("<table><tr><td><p>Fee</p></td><td><p>Due</p></td></table>", "text/html"),
    ],
)
def test_bars_part_the_cells_of_a_row_in_every_format(text: str, kind: str) -> None:
    row = read_text(text, kind).sentence_text(0)
    assert [cell.strip() for cell in row.strip(" |").split("|")] == ["Fee", "Due"]


def test_docx_gives_paragraphs_tables_headers_and_insertions_but_no_deletions() -> None:
    opened = docx.Document()
    opened.sections[0].header.paragraphs[0].text = "Kelso Foods Ltd"
    opened.add_heading("Title", 1)
    paragraph = opened.add_paragraph("Seen. ")
    hidden = paragraph.add_run("Not seen.")
    hidden.font.hidden = True
    table = opened.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Net", "£10.00"
    written = io.BytesIO()
    opened.save(written)
    document = read(written.getvalue())
    assert sentences(document) == ["Kelso Foods Ltd", "Title", "Seen.", "Net £10.00"]


def test_pdf_gives_page_line_and_column() -> None:
    made = FPDF()
    made.set_font("helvetica", size=11)
    for text in ("Privacy notice", "We keep your records permanently."):
        made.add_page()
        made.multi_cell(0, 6, text)
    result = validated(read(bytes(made.output())), document_type="privacy_notice")
    (evidence,) = outcome(result, "gdpr_uk.retention_indefinite").evidence
    assert (evidence.page, evidence.line, evidence.column) == (2, 1, 4)


def test_a_sentence_over_the_end_of_a_page_is_one_whatever_runs_at_its_head_and_foot() -> None:
    pages = (
        "The fund invests in the shares of companies all over the world. We do not",
        "guarantee returns of 9% a year. Capital is at risk.",
        "End.",
    )
    made = FPDF()
    made.set_font("helvetica", size=11)
    for number, text in enumerate(pages, 1):
        made.add_page()
        for line in ("Alder Funds Ltd", text, f"Page {number} of 3"):
            made.text(20, 20 if line == "Alder Funds Ltd" else 40 if line == text else 270, line)
    document = read(bytes(made.output()))
    assert [" ".join(document.sentence_text(at).split()) for at in range(len(document.sentences))] == [
        "Alder Funds Ltd",
        "The fund invests in the shares of companies all over the world.",
        "We do not guarantee returns of 9% a year.",
        "Capital is at risk.",
        "End.",
        "Page 3 of 3",
    ]
    place = document.place(document.text.index("guarantee"))
    assert (place.page, place.line, place.column) == (2, 2, 1)


def test_letters_that_a_font_draws_as_one_are_two() -> None:
    assert pdf_pages.laid_out(["The \ufb01rst o\ufb03ce"]).text == "The first office\n\n"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("no guaran\u00adtee", "no guarantee"),
        ("we guarantee\u200f 9%\u202c", "we guarantee 9%"),
        ("a state\ufffement", "a statement"),
        ("a state\ufffe\r\nment", "a statement"),
        ("long\ufffeterm, self\ufffeemployed", "long-term, self-employed"),
    ],
)
def test_marks_inside_of_words_of_a_pdf_part_none(page: str, text: str) -> None:
    assert pdf_pages.laid_out([page]).text == text + "\n\n"


def test_a_scan_without_text_needs_review() -> None:
    made = FPDF()
    made.add_page()
    made.rect(10, 10, 50, 50)
    result = validated(read(bytes(made.output())), document_type="privacy_notice")
    assert result.status == "NEEDS_REVIEW"
    assert outcome(result, "gdpr_uk.lawful_basis").verdict == "NEEDS_REVIEW"
    assert outcome(result, "tax_uk.net_sum").verdict == "NOT_APPLICABLE"


@pytest.mark.parametrize("text", ["", " \r\n", "\u200b\ufeff\xad", "- 1 -\n\n- 2 -\n"])
def test_what_has_no_word_needs_review(text: str) -> None:
    assert validated(read_text(text), document_type="privacy_notice").status == "NEEDS_REVIEW"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_usual_encodings(encoding: str) -> None:
    text = "The fee is £40 – it\u2019s due on 4 May 2026. Über alles gilt: naïve façade, crème brûlée.\n" * 4
    assert read(text.encode(encoding)).text.lstrip("\ufeff") == text


@pytest.mark.parametrize(
    "text", ["Total £500", "The charge is £500 a year.", "We don\u2019t guarantee £5.", "£5"]
)
@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_short_text_is_read_as_it_was_written(text: str, encoding: str) -> None:
    if encoding.endswith("e"):
        text = text.replace("\u2019", "'")
    assert read(text.encode(encoding)).text == text


@pytest.mark.parametrize(("stray", "read_as"), [(b"\xa3", "£"), (b"\x92", "\u2019"), (b"\x81", "\ufffd")])
def test_a_stray_byte_in_utf_8_is_one_character_and_changes_no_other(stray: bytes, read_as: str) -> None:
    before, after = "\ufeffThe fee is £40 – it\u2019s due.\n".encode(), "5 a day, or £9.\n".encode()
    document = read(before + stray + after)
    assert document.text == f"The fee is £40 – it\u2019s due.\n{read_as}5 a day, or £9.\n"
    place = document.place(document.text.index("5 a day"))
    assert (place.line, place.column) == (2, 2)


@pytest.mark.parametrize("text", ["CAFÉ\u2019S fee: £40, £50", "£1, £2 – Å\u201cx\u201d"])
def test_windows_1252_with_what_happens_to_be_utf_8_stays_windows_1252(text: str) -> None:
    assert read(text.encode("cp1252")).text == text


def test_lines_that_end_in_a_carriage_return_are_lines() -> None:
    document = read(b"Complaints\r\rTell us.\rThe fee is \xa340.")
    assert sentences(document) == ["Complaints", "Tell us.", "The fee is £40."]
    assert document.place(document.text.index("40")).line == 4


def test_lines_are_lines_where_their_ends_are_mixed() -> None:
    text = "Complaints\rTell us.\r\rThe fee is £40.\nNo more.\r\nThe end."
    expected = ["Complaints", "Tell us.", "The fee is £40.", "No more.", "The end."]
    assert sentences(read(text.encode())) == sentences(read_text(text)) == expected
    assert read(text.encode()).place(text.index("No more")).line == 5


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown", "text/html"])
def test_a_text_has_the_places_and_the_hash_of_the_same_file(kind: str) -> None:
    text = "Fees\r\rThe fee\tis £40.\rNo\tmore.\r\nThe end."
    document, of_file = read_text(text, kind), read(text.encode(), media_type=kind)
    for words in ("fee", "40", "more", "end"):
        assert document.place(text.index(words)) == of_file.place(text.index(words))
    assert document.place(text.index("more")).line == 4
    assert (document.sha256, document.scan) == (of_file.sha256, of_file.scan)


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be"])
def test_utf_32_is_read_without_a_mark(encoding: str) -> None:
    assert read("The fee is £40 \u2013 no more.".encode(encoding)).text == "The fee is £40 \u2013 no more."


BROKEN_HTML = HTML + "<![if !mso]><p>Word</p><![endif]><!ELEMENT a><?php ?> &bogus; &#99999999; <a"
MARKDOWN = (
    "# T\n\n* a\n* b\n\n|a|b|\n|-|-|\n|1|2|\n\n> q\n\n```\ncode\n```\n[x](y) **b** <b>i</b> <!-- c -->\n"
)


@pytest.mark.parametrize(("source", "kind"), [(BROKEN_HTML, "text/html"), (MARKDOWN, "text/markdown")])
@given(
    cuts=st.lists(
        st.tuples(
            st.floats(0, 1),
            st.integers(0, 20),
            st.text(alphabet="<>&;![]()*`|#-\"'=\n\r /a\0%?:", max_size=5),
        ),
        max_size=8,
    )
)
@example(cuts=[(0.0, 0, "<![x"), (0.1, 0, "<![')")])
@example(cuts=[(0.5, 0, "\r")] * 3)
def test_a_damaged_text_is_read_and_every_block_is_of_the_source(
    source: str, kind: str, cuts: list[tuple[float, int, str]]
) -> None:
    for at, length, instead in cuts:
        start = int(at * len(source))
        source = source[:start] + instead + source[start + length :]
    document = read_text(source, kind)
    for block in document.blocks:
        start, end = document.source_span(block.start, block.end)
        assert 0 <= start < end <= len(source)
    assert default_engine().ruleset.detect(document).type


def test_what_word_writes_for_itself_into_html_is_no_text() -> None:
    document = read_text(
        "<p>Fees <![if !supportLists]>are<![endif]> due.</p><![CDATA[x]]><p>Now.</p>", "text/html"
    )
    assert document.text == "Fees are due.\nNow.\n"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"A PDF begins with %PDF-1.7; we take such files.", "text/plain"),
        (b"<?xml version='1.0'?>\n<!DOCTYPE html><html><p>Hi</p></html>", "text/html"),
        (b"<!-- made by us --> <!doctype html><p>Hi</p>", "text/html"),
        (b"The tag <html> opens a page.", "text/plain"),
    ],
)
def test_the_kind_is_told_by_how_the_bytes_begin(content: bytes, kind: str) -> None:
    assert read(content).media_type == kind


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_html_is_known_in_every_encoding_without_a_name(encoding: str, mark: str) -> None:
    document = read((mark + HTML.replace("&pound;", "£")).encode(encoding))
    assert document.media_type == "text/html"
    assert "Our fund pays £100 guaranteed 9% a year." in sentences(document)
    assert read(f"{mark}The tag <html> opens a page.".encode(encoding)).media_type == "text/plain"


def test_a_long_line_that_ends_in_a_postcode_vat_number_or_amount_is_whole() -> None:
    lines = [
        "To: Cowal Hotel Ltd, 1 Marine Parade, Dunoon, Argyll PA23 8HE",
        "Hammers and ladders from our shop in Argyll Street: £400.00",
        "Dunoon Hardware Ltd, 6 Argyll Street, VAT no. 647 9250 08",
        "We deliver to each house in town and round the loch for £15.00 plus VAT.",
    ]
    text = "\n".join(lines).replace(" plus", "\nplus")
    document = read(text.encode())
    assert [document.folded[one.start : one.end].replace("\n", " ") for one in document.blocks] == lines


def test_a_wrapped_line_is_one_sentence_and_a_list_is_many() -> None:
    text = (
        "You may bring a colleague or a trade union representative to the\nhearing if you wish. Thank you."
        "\n\n1. First\n2. Second\nInvoice no. 7 of reg. 14 is due.\n"
        "You won't. It is Ann's. A. Orr says so. Weir LLP. 3 Castle Street wrote."
    )
    assert sentences(read(text.encode())) == [
        "You may bring a colleague or a trade union representative to the hearing if you wish.",
        "Thank you.",
        "1. First",
        "2. Second",
        "Invoice no. 7 of reg. 14 is due.",
        "You won't.",
        "It is Ann's.",
        "A. Orr says so.",
        "Weir LLP. 3 Castle Street wrote.",
    ]
