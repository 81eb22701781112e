"""A DOCX is corrected by tracked changes that Word can show and undo, and else left as it is."""

from __future__ import annotations

import io

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
from tests.validation_engine.factories import TODAY, options
from validation_engine.corrections.correct import correct
from validation_engine.corrections.docx import DocxEditor
from validation_engine.documents.docx_shown import W, paragraph_text
from validation_engine.documents.read import read
from validation_engine.engine import default_engine


def test_a_docx_is_corrected_by_tracked_changes_with_reasons() -> None:
    opened = docx.Document()
    paragraph = opened.add_paragraph("We comply with the ")
    paragraph.add_run("Data Protection").bold = True
    paragraph.add_run(" Act 1998 at all times.")
    opened.add_paragraph("Unsubscribe at any time.")
    written = io.BytesIO()
    opened.save(written)
    editor = DocxEditor(written.getvalue(), TODAY)
    correction = correct(default_engine(), editor, options(document_type="marketing_email"), apply="all")
    assert [edit.old for edit in correction.applied] == ["Data Protection Act 1998"]
    again = docx.Document(io.BytesIO(editor.content))
    first = again.paragraphs[0]._p
    assert paragraph_text(first) == "We comply with the Data Protection Act 2018 at all times."
    names = [child.tag.rsplit("}", 1)[-1] for child in first]
    assert {"ins", "del"} <= set(names)
    (comment,) = again.comments
    assert "gdpr_uk.outdated_statute" in comment.text
    assert read(editor.content).text.startswith("We comply with the Data Protection Act 2018")
    assert (
        correct(default_engine(), editor, options(document_type="marketing_email"), apply="all").applied == []
    )


CLAIM = "Our bond pays a guaranteed return of 9% a year."
ACT = "We comply with the Data Protection Act 1998."


@pytest.mark.parametrize("where", ["header", "footnote", "text box", "table in a table"])
def test_a_docx_is_corrected_wherever_the_wording_stands(where: str) -> None:
    said, body = paragraph(run(ACT)), paragraph(run("Unsubscribe at any time."))
    nested = f"<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>{said}</w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>"
    box = paragraph(
        f"<w:r><w:pict><v:textbox><w:txbxContent>{said}</w:txbxContent></v:textbox></w:pict></w:r>"
    )
    opened = with_body(body + {"text box": box, "table in a table": nested}.get(where, ""))
    if where == "header":
        opened.sections[0].header.paragraphs[0].text = ACT
    if where == "footnote":
        opened = with_footnote(opened, ACT)
    editor = DocxEditor(saved(opened), TODAY)
    correction = correct(default_engine(), editor, options(document_type="marketing_email"), apply="all")
    assert [edit.old for edit in correction.applied] == ["Data Protection Act 1998"]
    assert "Data Protection Act 2018" in read(editor.content).text
    (comment,) = docx.Document(io.BytesIO(editor.content)).comments
    assert "gdpr_uk.outdated_statute" in comment.text


def test_a_docx_is_corrected_on_both_sides_of_a_deleted_mark() -> None:
    body = joined(run("  We hold data. ") + run(ACT)) + paragraph(run(f" Once more: {ACT}"))
    editor = DocxEditor(saved(with_body(body)), TODAY)
    correct(default_engine(), editor, options(document_type="marketing_email"), apply="all")
    mended = ACT.replace("1998", "2018")
    assert editor.document.text.startswith(f"We hold data. {mended} Once more: {mended}\n")


def test_words_that_no_run_holds_are_left_alone() -> None:
    choice = f"<mc:Choice Requires='w14'><w:t>{CLAIM}</w:t></mc:Choice>"
    body = paragraph(f"<w:r><mc:AlternateContent>{choice}</mc:AlternateContent></w:r>")
    editor = DocxEditor(saved(with_body(body)), TODAY)
    made = correct(default_engine(), editor, options(document_type="investment_promotion"), apply="all")
    assert "fca_uk.guaranteed_return_claim" in {gate for one in made.proposed for gate in one.gate_ids}
    assert editor.document.text.startswith(CLAIM)


def test_nothing_is_added_to_a_last_paragraph_whose_mark_is_deleted() -> None:
    editor = DocxEditor(saved(with_body(joined(run("Our bond aims to pay 9% a year.")))), TODAY)
    made = correct(default_engine(), editor, options(document_type="investment_promotion"), apply="all")
    assert made.proposed
    assert made.applied == []
    assert editor.document.text.rstrip() == "Our bond aims to pay 9% a year."


def test_tracked_changes_of_a_second_correction_bear_numbers_of_their_own() -> None:
    content = saved(with_body(paragraph(run(ACT))))
    for text in (ACT, "As the Data Protection Act 1998 says."):
        opened = docx.Document(io.BytesIO(content))
        if text != ACT:
            opened.add_paragraph(text)
        editor = DocxEditor(saved(opened), TODAY)
        correct(default_engine(), editor, options(document_type="marketing_email"), apply="all")
        content = editor.content
    body = docx.Document(io.BytesIO(content)).element.body
    changes = [*body.iter(f"{W}ins"), *body.iter(f"{W}del")]
    assert len(changes) == len({change.get(f"{W}id") for change in changes}) == 4
