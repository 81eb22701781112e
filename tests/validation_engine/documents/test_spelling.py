"""A text is read as it is spelled, whatever marks that nobody sees stand in its words."""

from __future__ import annotations

import io

import docx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.validation_engine.factories import options, outcome, validated
from validation_engine.corrections.correct import correct
from validation_engine.corrections.docx import DocxEditor
from validation_engine.documents.read import MARKDOWN, TEXT, read, read_text
from validation_engine.documents.spelling import spelled
from validation_engine.engine import default_engine

PLAIN = "We offer a guaranteed 9% a year return from our property bond.\n"
SPELLINGS = {
    "a soft hyphen": PLAIN.replace("ranteed", "\xadran\xadteed"),
    "a soft hyphen at a line's end": PLAIN.replace("ranteed", "ran\xad\nteed"),
    "a space without width": PLAIN.replace("ranteed", "\u200branteed"),
    "a joiner": PLAIN.replace("ranteed", "ran\u2060teed"),
    "marks of direction": PLAIN.replace("guaranteed", "\u202dguaranteed\u202c"),
    "a ligature": PLAIN.replace("ff", "\ufb00"),
    "wide letters": PLAIN.replace("guaranteed", "".join(chr(ord(one) + 0xFEE0) for one in "guaranteed")),
    "letters of a formula": PLAIN.replace(
        "guaranteed", "".join(chr(ord(one) - 97 + 0x1D41A) for one in "guaranteed")
    ),
    "rare spaces": PLAIN.replace(" ", "\u2004"),
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("name", ["letter.txt", "letter.md", "letter.html"])
def test_a_claim_is_found_whatever_nobody_sees_in_it(text: str, name: str) -> None:
    written = f"<p>{text}</p>".replace("\xad\n", "\xad") if name.endswith("html") else text
    result = validated(read(written.encode(), name=name), document_type="investment_promotion")
    claim = outcome(result, "fca_uk.guaranteed_return_claim")
    assert claim.verdict == "FAIL"
    assert written[claim.evidence[0].start : claim.evidence[0].end] == claim.evidence[0].quote


def test_marks_written_as_references_in_html_are_not_read() -> None:
    text = "<p>Our first of&#xfb01;ce sold a guaran&shy;teed in&zwnj;come.</p>"
    assert read(text.encode(), name="a.html").text == "Our first office sold a guaranteed income.\n"


@pytest.mark.parametrize("mark", ["&shy;", "&#8203;", "&zwnj;", "&#xAD;", "<wbr>"])
def test_marks_written_as_references_in_markdown_hide_no_word(mark: str) -> None:
    text = PLAIN.replace("ranteed", f"ran{mark}teed").replace("offer", "o&fflig;er")
    result = validated(read_text(text, MARKDOWN), document_type="investment_promotion")
    (evidence,) = outcome(result, "fca_uk.guaranteed_return_claim").evidence
    assert f"guaran{mark}teed" in evidence.quote


def test_a_claim_in_a_docx_is_found_and_struck_out_with_its_marks() -> None:
    opened, written = docx.Document(), io.BytesIO()
    opened.add_paragraph("Our o\ufb03ce is in Perth. Our bond pays a guaran\xadteed 9% a year. Call us.")
    opened.save(written)
    editor = DocxEditor(written.getvalue(), options().today)
    made = correct(default_engine(), editor, options(document_type="investment_promotion"), apply="all")
    assert "guaran\xadteed" in "".join(edit.old for edit in made.applied)
    assert outcome(made.after, "fca_uk.guaranteed_return_claim").verdict == "PASS"
    assert editor.document.text.startswith("Our office is in Perth.")
    assert "Call us." in editor.document.text


@example("\xad")
@example("\u200bo\ufb03ce\u200b")
@example("a\xad\n b")
@given(st.text("ab \n\xad\u200b\ufb03\uff41e\u0301", max_size=12))
def test_every_spelled_letter_leads_back_to_the_text(text: str) -> None:
    for kind in (TEXT, MARKDOWN):
        document = read_text(text, kind)
        at = [document.source_span(place, place + 1) for place in range(len(document.text))]
        assert document.source == text
        assert all(0 <= start <= end <= len(text) for start, end in at)
        assert at == sorted(at)
    plain = spelled(text)
    assert [plain.at(place) for place in range(len(text))] == sorted(map(plain.at, range(len(text))))
    assert plain.at(len(text)) == len(plain.text)
