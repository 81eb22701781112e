"""In whatever order hits are asked for, they are what RE2 finds sentence by sentence."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation_engine.documents.plain import read_plain
from validation_engine.errors import PatternRefused
from validation_engine.scan.scanner import PatternSet

# With words of their own, with everyday words alone, with none, at the ends of a sentence, in parts of words.
_PATTERNS = (
    "guaranteed returns?",
    "you may not",
    r"\d+(?:\.\d+)? ?%",
    "^we",
    "fund$",
    r"\Bvest\B",
    "[a-z]{9}",
)
_SENTENCES = st.lists(
    st.sampled_from(
        ["Guaranteed  returns here.", "You may not.", "We pay 9 %.", "It is our fund.", "We invest.", "Oh."]
    ),
    max_size=40,
)


@pytest.fixture(scope="module")
def patterns() -> PatternSet:
    made = PatternSet({})
    for pattern in _PATTERNS:
        made.add(pattern)
    made.freeze()
    return made


def _all(patterns: PatternSet, number: int, texts: list[bytes]) -> list[int]:
    return [at for at, text in enumerate(texts) if patterns.pattern(number).search(text) is not None]


@given(sentences=_SENTENCES, asked=st.lists(st.tuples(*[st.integers(0, 6), *[st.integers(0, 39)] * 2])))
def test_what_is_asked_first_does_not_change_what_is_found(
    patterns: PatternSet, sentences: list[str], asked: list[tuple[int, int, int]]
) -> None:
    document = read_plain(" ".join(sentences))
    hits = patterns.scan(document)
    for number, one, other in asked:
        first, last = sorted((one, other))
        expected = _all(patterns, number, document.scans)
        within = [at for at in expected if first <= at <= last]
        assert hits.matches_between(number, first, last) is bool(within)
        assert next(hits.sentences(number), None) == next(iter(expected), None)
        assert hits.may_match(number) or not expected
    for number in range(len(_PATTERNS)):
        assert hits.at(number) == _all(patterns, number, document.scans)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("\xa3\\d+", "It costs \xa35."),
        ("(?:caf\xe9|bistro)", "The CAF\xc9 is open."),
        ("\u20ac ?9", "It costs \u20ac9."),
        ("\xd7", "Two \xd7 three."),
        ("na\xefve \xa7 4", "A na\xefve   \xa7 4."),
        ("don\u2019t", "We don't."),
    ],
)
def test_patterns_with_letters_and_signs_beyond_ascii_are_found(pattern: str, text: str) -> None:
    patterns = PatternSet({})
    number = patterns.add(pattern)
    patterns.freeze()
    assert patterns.scan(read_plain(text)).at(number) == [0]


@pytest.mark.parametrize("pattern", ["a \u2192 b", "\u4e2d\u6587", "Brand\u2122", "{arrow} now"])
def test_a_pattern_with_a_character_that_searched_text_never_holds_is_refused(pattern: str) -> None:
    with pytest.raises(PatternRefused, match="Latin-1, which lacks it"):
        PatternSet({"arrow": "\u2192"}).add(pattern)


@pytest.mark.parametrize("pattern", [r"(?:.*)*x", r"[a-z].*", r"\d.*\d", r"(.+)+\d", r".*[a-z]"])
def test_a_pattern_that_runs_to_the_end_costs_no_square_of_the_document(pattern: str) -> None:
    patterns = PatternSet({})
    number = patterns.add(pattern)
    patterns.freeze()
    document = read_plain("The quick brown fox, 12 of them, jumps over 3 lazy dogs. " * 8_000)
    began = time.process_time()
    assert len(patterns.scan(document).at(number)) == 8_000
    assert time.process_time() - began < 3.0


@given(st.lists(st.sampled_from(["a1 b2.", "Zz 9.", "x.", "long " * 300 + "7.", "A 1b 22 c."]), max_size=60))
def test_what_is_found_over_the_whole_text_is_what_each_sentence_holds(pieces: list[str]) -> None:
    patterns = PatternSet({})
    numbers = [patterns.add(pattern) for pattern in (r"\d.*\d", r"[a-z]\d", r"\B.\B", r"[^.]+\.")]
    patterns.freeze()
    document = read_plain("\n".join(pieces))
    hits = patterns.scan(document)
    for number in numbers:
        assert hits.at(number) == _all(patterns, number, document.scans)
