"""The scan finds what single patterns find, in linear time, whatever the pattern."""

from __future__ import annotations

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation_engine.documents.plain import read_plain
from validation_engine.errors import PatternRefused
from validation_engine.scan.patterns import expand
from validation_engine.scan.scanner import PatternSet

# Patterns known to take other engines exponential or quadratic time, or to be refused by a linear one.
HOSTILE = [
    r"(a+)+$",
    r"(a|a)*$",
    r"(a|aa)+$",
    r"(.*a){20}",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(x+x+)+y",
    r"([a-zA-Z]+)*$",
    r"(a*)*b",
    r"(a?){30}a{30}",
    r"(\w+\s?)*$",
    r"(.+)+x",
    r"(?:a+)+b",
    r"(\d+)*\.(\d+)*$",
    r"(a+){10}b",
    r"((a+)+)+c",
    r"(([^x])+)*x",
    r"\s*,\s*,\s*,\s*z",
    r"(ab|a)(bc|c)?(d|bcd)*e",
    r"(?:(?:a|b)+)+c",
    r"a.*a.*a.*a.*a.*b",
    r"(?:.{0,50}a){0,50}b",
    r"((((a{0,50}){0,50}){0,50}){0,50})b",
    r"(a{1,60}){1,60}",
    r".{0,1000}z",
    r"(a)\1",
    r"(?=a)b",
    r"(?<!a)b",
    r"(?P<x>a)(?P=x)",
    r"(?>a+)b",
    r"a**",
]


def test_there_are_thirty_hostile_patterns() -> None:
    assert len(HOSTILE) == 30


@pytest.mark.parametrize("pattern", HOSTILE)
def test_a_hostile_pattern_is_refused_or_runs_in_linear_time(pattern: str) -> None:
    patterns = PatternSet({})
    began = time.process_time()
    with suppress(PatternRefused):
        patterns.add(pattern)
    patterns.freeze()
    document = read_plain(("a" * 5_000 + " " + "ab" * 2_500 + " x1, ,") * 4)
    patterns.scan(document)
    assert time.process_time() - began < 2.0


@given(
    st.lists(
        st.sampled_from(["fee", "no fee", "free", "exit charge", "a", "the", "9%", "£5.00", "end. The"]),
        max_size=12,
    )
)
def test_the_scan_finds_exactly_what_each_pattern_finds_alone(words: list[str]) -> None:
    wanted = ["no fee", "fee", "(?:exit|entry) charge", r"\d+%", r"£[\d.,]+", "free"]
    patterns = PatternSet({})
    numbers = [patterns.add(pattern) for pattern in wanted]
    patterns.freeze()
    document = read_plain(" ".join(words))
    hits = patterns.scan(document)
    for number, pattern in zip(numbers, wanted, strict=True):
        alone = [match.span() for match in re.finditer(expand(pattern, {}), document.folded)]
        assert [(span.start, span.end) for span in hits.spans(number)] == alone


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("no risk", "There is no\nrisk here, I believe.", True),
        ("risk", "asterisk", False),
        ("won't", "It won\u2019t happen.", True),
        ("high-risk", "A high–risk bond.", True),
        (r"\d+%", "It is 9% now.", True),
        ("(?:re)?mortgages?", "Remortgages today", True),
        ("you|your data", "your data", True),
    ],
)
def test_patterns_match_whole_words_over_breaks_and_typography(
    pattern: str, text: str, *, found: bool
) -> None:
    patterns = PatternSet({})
    number = patterns.add(pattern)
    patterns.freeze()
    assert bool(patterns.scan(read_plain(text)).spans(number)) is found


def test_a_pattern_that_matches_nothing_at_all_is_refused() -> None:
    with pytest.raises(PatternRefused, match="empty text"):
        PatternSet({}).add("(?:a)?")


@pytest.mark.parametrize(
    "pattern", [r"\b", r"\B", "^", "$", "a|$", r"\b|b", r"(?:a*|x)\b", "| cat /etc/passwd", r"\'; --"]
)
def test_a_pattern_that_matches_nothing_somewhere_is_refused_or_comes_to_an_end(pattern: str) -> None:
    patterns = PatternSet({})
    with suppress(PatternRefused):
        number = patterns.add(pattern)
        patterns.freeze()
        hits = patterns.scan(read_plain("We sum talents, a b. And a cat."))
        assert all(span.start < span.end for span in hits.spans(number))


def test_an_unknown_macro_is_refused_with_those_there_are() -> None:
    with pytest.raises(PatternRefused, match="it has: money"):
        PatternSet({"money": "x"}).add("{mony} now")
