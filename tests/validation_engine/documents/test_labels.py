"""Labels and values in two columns of a plain text are read like "Label: value"."""

from __future__ import annotations

import pytest

from validation_engine.documents.read import read_text

TERMS = """
Your job     Stylist
Where        102 Perth Road. Now and then the Ferry shop,
             with bus fares paid.
Kinds, pay   Weekly
"""


def _sentences(text: str) -> list[str]:
    document = read_text(text)
    return [" ".join(document.sentence_text(index).split()) for index, _ in enumerate(document.sentences)]


def test_each_label_is_followed_by_its_whole_value() -> None:
    assert _sentences(TERMS) == [
        "Your job: Stylist",
        "Where: 102 Perth Road.",
        "Now and then the Ferry shop, with bus fares paid.",
        "Kinds, pay: Weekly",
    ]
    assert _sentences("1  Job    Clerk\n2  Base   Perth\n3  Pay    Weekly")[1] == "2 Base: Perth"
    assert _sentences("Job\tStylist\nWhere\tPerth\nPay\tweekly")[1] == "Where:Perth"


def test_the_text_stays_as_it_was_written() -> None:
    assert read_text(TERMS).text == TERMS


@pytest.mark.parametrize(
    "text",
    [
        "Ann Orr          5 May 2026\nBorders Leisure   Galashiels",
        "Net       £10.00\nVAT       £2.00\nTotal     £12.00",
        "First     late     6 months\nFinal     again    a year\nDismissal theft    none",
        "Job       Stylist\n\nSome prose stands between.\n\nWhere     Perth\nPay       weekly",
    ],
)
def test_letterheads_figures_and_tables_get_no_labels(text: str) -> None:
    assert not any(":" in sentence for sentence in _sentences(text))
