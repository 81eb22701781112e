"""What is known of sentences that came before is what a first look finds."""

from __future__ import annotations

import pytest

from validation_engine.documents.plain import read_plain
from validation_engine.scan.scanner import PatternSet

# With words of their own, with everyday words alone, with none, at the ends of a sentence, in parts of words.
_PATTERNS = ("guaranteed returns?", "you may not", r"\d+(?:\.\d+)? ?%", "^we", "fund$", r"\Bvest\B", "a{40}")


def _found(patterns: PatternSet, text: str) -> list[list[int]]:
    hits = patterns.scan(read_plain(text))
    found = [hits.at(number) for number in range(len(patterns))]
    hits.remember()
    return found


@pytest.fixture
def patterns() -> PatternSet:
    made = PatternSet({})
    for pattern in _PATTERNS:
        made.add(pattern)
    made.freeze()
    return made


@pytest.mark.parametrize(
    "text",
    [
        "We offer guaranteed returns of 9.5%. You may not lose. Invest in our fund",
        "We sell bonds.\n\nWe sell bonds. Guaranteed returns! You may not withdraw 5 % of them.",
        "a" * 4_000 + " guaranteed return. We may not.",
        "",
    ],
)
def test_the_same_text_matches_the_same_at_every_look(patterns: PatternSet, text: str) -> None:
    first, second, third = (_found(patterns, text) for _ in range(3))
    assert first == second == third


def test_known_and_new_sentences_of_one_document_are_found_in_order(patterns: PatternSet) -> None:
    known = "We promise 9% a year. Guaranteed returns."
    for _ in range(3):
        _found(patterns, known)
    text = f"Guaranteed return to all. {known} 7% for some."
    assert _found(patterns, text)[0] == [0, 2]
    assert _found(patterns, text)[2] == [1, 3]
    assert _found(patterns, text) == _found(patterns, text)


def test_a_pattern_that_nobody_asked_for_is_found_when_somebody_does(patterns: PatternSet) -> None:
    text = "You may not sell. Guaranteed returns of 4%."
    for asked in ((0,), (0,), (2,), (1, 2)):
        hits = patterns.scan(read_plain(text))
        assert [hits.at(number) for number in asked] == [[[1], [0], [1]][number] for number in asked]
        hits.remember()
    assert _found(patterns, text)[:3] == [[1], [0], [1]]
