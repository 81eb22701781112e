"""A list goes on from the line that opens it."""

from __future__ import annotations

import pytest

from validation_engine.documents.plain import read_plain
from validation_engine.scan.leads import NONE, lead_of


def lead(text: str, begins: str) -> str | None:
    document = read_plain(text)
    at = next(
        index for index in range(len(document.sentences)) if document.sentence_text(index).startswith(begins)
    )
    found = lead_of(document, at)
    return None if found == NONE else document.sentence_text(found)


@pytest.mark.parametrize(
    ("text", "item", "expected"),
    [
        ("We do not:\n- give advice;\n- hold cash.", "- hold", "We do not:"),
        (
            "6. Rights. The worker may\n (a) speak up;\n (b) call the police.\n7. Law.",
            "(b)",
            "The worker may",
        ),
        ("6. The worker may\n (a) speak up.\n7. Scots law applies.", "7.", None),
        ("We offer two plans.\n- One is short.\n- One is long.", "- One is long", None),
        ("Rights\n- One is short.", "- One", None),
        ("We tell these:\n- HMRC\n- DVLA", "- DVLA", "We tell these:"),
        ("Remember this:\n\nIncome can fall.", "Income", "Remember this:"),
        (
            "Paragraph 3 does not touch information that\n\n  is public; or was known before.",
            "is",
            "Paragraph 3 does not touch information that",
        ),
        ("Reports to HMRC stay open. Nor is calling the police barred.", "Nor", "Reports to HMRC stay open."),
        ("She tells nobody. Nor shall she call the police.", "Nor", None),
    ],
)
def test_an_item_knows_the_sentence_that_leads_to_it(text: str, item: str, expected: str | None) -> None:
    assert lead(text, item) == expected
