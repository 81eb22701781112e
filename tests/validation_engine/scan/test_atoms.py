"""The letters a pattern needs stand in everything that it matches, whatever is left out of them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation_engine.documents.plain import read_plain
from validation_engine.errors import PatternRefused
from validation_engine.scan.atoms import atoms_of
from validation_engine.scan.scanner import PatternSet

_PIECES = st.sampled_from(
    ["guarantee", "(?:d|s)?", " returns?", "(?:no|not any) fees", "compan(?:y|ies)", "[a-c]x", "(?:ab|cde)+",
     "\\d{2}", "\\w*", "[^.]{0,9}", "(?:caf\xe9|bistro)", "\xa35", "(?i:VAT)", "z{2,3}", "(?:free)?", "$"]
)  # fmt: skip
_PATTERNS = st.lists(_PIECES, min_size=1, max_size=4).map("".join)
_TEXTS = st.lists(
    st.sampled_from(
        [
            "guaranteed",
            "Guarantees",
            " returns",
            "no fees",
            "no  fees",
            "not any   fees",
            "companies",
            "COMPANY",
            "bx",
            "abcde",
            "cdeab",
        ]
    )
    | st.sampled_from(["12", " ", "CAF\xc9", "bistro", "\xa35", "vat", "zz", "free", ". ", "A", "word"]),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("pattern", "sets"),
    [
        ("guaranteed? +returns?", [["guarantee return", "guaranteed return"]]),
        ("(?:risk|danger)-free[:;,.]?", [["danger free", "risk free"]]),
        ("(?:no|nil) charge", [["nil charge", "no charge"]]),
        ("(?:apply|write|ring us) .{0,20}today", [["today"], ["apply ", "ring us ", "write "]]),
        ("(?:fees?)? (?:you|we)", [[" we", " you"]]),
        (" +no +(?:longer|more)", [[" no longer", " no more"]]),
        (r"\b(?:fund|bond)\b", [[" bond ", " fund "]]),
        (
            r"\b(?:invest\w*|ISAs?)[^.]{0,9} (?:in|the pa(?:y|id))\b",
            [[" invest", " isa"], [" in ", " the paid ", " the pay "]],
        ),
        (r"(?:\xa3|\$)\d+", [["$", "\xa3"]]),
        (r"\bc/o\B", [[" c o"]]),
        ("^no fee$", [[" no fee "]]),
        ("[a-z]{4}", []),
        ("caf[\xe9\xc9]s", [["caf"]]),
        ("[[:alpha:]]bond", []),
        (r"\pLbonds", []),
    ],
)
def test_sets_are_read_off_the_pattern(pattern: str, sets: list[list[str]]) -> None:
    assert atoms_of(pattern) == sets


@given(patterns=st.lists(_PATTERNS, min_size=1, max_size=5), text=_TEXTS)
def test_no_sentence_in_which_a_pattern_matches_is_passed_by(patterns: list[str], text: str) -> None:
    together = PatternSet({})
    compiled = []
    for pattern in patterns:
        with suppress(PatternRefused):
            number = together.add(pattern)
            compiled.append((number, together.pattern(number)))
    together.freeze()
    document = read_plain(text)
    hits = together.scan(document)
    for number, alone in compiled:
        expected = [
            at
            for at, one in enumerate(document.sentences)
            if alone.search(document.scan[one.start : one.end]) is not None
        ]
        assert hits.at(number) == expected
        assert number in hits.touched or not expected
