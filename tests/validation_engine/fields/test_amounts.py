"""What is found once in all of a text is the same as what is found stretch by stretch."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from validation_engine.documents.model import Folded
from validation_engine.documents.plain import read_plain
from validation_engine.fields.amounts import find_amounts, find_percentages

# £ and $ are read as they stand, €, as in folded text, as \xa4.
PIECES = st.sampled_from(
    [
        "£",
        "$",
        "\xa4",
        "EUR",
        "pounds",
        "5",
        "12.50",
        "1,200.00",
        "20%",
        "per cent",
        "-",
        "(",
        ")",
        "5p",
        " ",
        ".",
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join)


@example("20%5.12.50", 0, 7)
@example("20%5.12.50", 0, 8)
@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
def test_a_stretch_holds_what_is_found_in_it_alone(text: str, start: int, length: int) -> None:
    folded, start = Folded(text), min(start, len(text))
    end = min(start + length, len(text))
    for find in (find_amounts, find_percentages):
        assert find(folded, start, end) == find(text, start, end)


@given(st.lists(TEXTS, max_size=6).map("\n\n".join))
def test_a_block_holds_what_is_found_in_it_alone(text: str) -> None:
    document = read_plain(text)
    alone = [find_amounts(str(document.folded), one.start, one.end) for one in document.blocks]
    assert find_amounts.by_block(document) == alone


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,200.00 and \xa31,200.00", [("", "1,200.00"), ("GBP", "\xa31,200.00")]),
        ("-5.00 EUR", [("", "-5.00"), ("EUR", "5.00 EUR")]),
        ("12.50%, 1.2.34, 3.456 and 12.50", [("", "12.50")]),
        ("500 \xa320.00", [("GBP", "500 \xa3"), ("", "20.00")]),
        ("400.00\xa3400.00", [("GBP", "400.00\xa3"), ("", "400.00")]),
        ("AGBP 5, GBP 5 and 50p", [("GBP", "GBP 5"), ("GBP", "50p")]),
        ("5 europe EUR20", [("EUR", "EUR20")]),
    ],
)
def test_amounts_stand_with_their_currency_or_bare(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.currency, text[one.start : one.end]) for one in find_amounts(text)] == found
