"""A label without an answer, and a sentence on what is not said, say nothing of what they name."""

from __future__ import annotations

import pytest

from validation_engine.documents.plain import read_plain
from validation_engine.scan.hits import Span
from validation_engine.scan.unanswered import is_left_unsaid, is_unanswered


def says_nothing(text: str, words: str) -> bool:
    document = read_plain(text)
    start = document.text.index(words)
    at = next(i for i, one in enumerate(document.sentences) if one.start <= start < one.end)
    span = Span(start, start + len(words), at)
    return is_unanswered(document, span) or is_left_unsaid(document, span)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Governing law: [to be agreed]", "Governing law"),
        ("Adviser: ____ of ____", "Adviser"),
        ("| Return or destruction | Not required |", "Return or destruction"),
        ("| Confidentiality of staff | No |", "Confidentiality"),
        ("| Governing law | |", "Governing law"),
        ("Log the breach: none", "Log the breach"),
        ("Reasons: none given", "Reasons"),
        ("This agreement contains no governing law clause.", "governing law"),
        ("No data protection law is mentioned in this agreement.", "data protection law"),
        ("Nothing is said here about holidays, sick pay or notice.", "sick pay"),
        ("We do not say under which legal ground we do so.", "legal ground"),
    ],
)
def test_what_is_named_and_left_open_says_nothing(text: str, words: str) -> None:
    assert says_nothing(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Governing law: Scotland", "Governing law"),
        ("| Controller | Blythe Energy Supply plc, Bristol |", "Blythe Energy Supply plc"),
        ("| Confidentiality of staff | No one may see the data unless bound to secrecy |", "Confidentiality"),
        ("Governing law:\nthe law of Scotland", "Governing law"),
        ("Notice: no less than four weeks", "Notice"),
        ("This letter does not set out your pay; your contract gives notice of four weeks.", "notice"),
        ("We do not keep your data longer than six years.", "longer than six years"),
    ],
)
def test_what_has_an_answer_says_it(text: str, words: str) -> None:
    assert not says_nothing(text, words)
