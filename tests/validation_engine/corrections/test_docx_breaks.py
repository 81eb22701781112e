"""A run of a DOCX that holds many lines is corrected in one of them, in linear time."""

from __future__ import annotations

import io
import time

import docx

from tests.validation_engine.documents.docx_making import paragraph, saved, with_body
from tests.validation_engine.factories import TODAY
from validation_engine.corrections.docx import DocxEditor
from validation_engine.corrections.edits import SourceEdit
from validation_engine.documents.docx_shown import W

BOLD = "<w:rPr><w:b/></w:rPr>"


def editor_of(lines: int) -> DocxEditor:
    inner = "<w:br/>".join(f"<w:t>Line {number}</w:t><w:tab/>" for number in range(lines))
    return DocxEditor(saved(with_body(paragraph(f"<w:r>{BOLD}{inner}</w:r>"))), TODAY)


def replacing(editor: DocxEditor, old: str, new: str) -> SourceEdit:
    start = editor.document.text.index(old)
    end = start + len(old)
    about = {"gate_ids": ["m.g"], "safety": "safe", "reason": "r", "line": 1, "column": 1}
    return SourceEdit(start=start, end=end, old=old, new=new, **about)  # type: ignore[arg-type]


def test_one_line_of_a_run_is_replaced_and_the_others_stay_as_they_were() -> None:
    editor = editor_of(5)
    before = editor.document.text
    assert editor.edit([replacing(editor, "Line 3", "Row 3")])
    assert editor.document.text == before.replace("Line 3", "Row 3")
    (told, *_) = docx.Document(io.BytesIO(editor.content)).element.body
    assert [one.text for one in told.iter(f"{W}delText")] == ["Line 3"]
    assert all(
        run.find(f"{W}rPr/{W}b") is not None for run in told.iter(f"{W}r") if run.find(f"{W}t") is not None
    )


def test_a_run_of_very_many_lines_is_corrected_in_time() -> None:
    editor = editor_of(10_000)
    edit = replacing(editor, "Line 5000", "Row 5000")
    began = time.process_time()
    editor.edit([edit])
    assert "Line 4999\t\nRow 5000\t\nLine 5001" in editor.document.text
    assert time.process_time() - began < 15.0
