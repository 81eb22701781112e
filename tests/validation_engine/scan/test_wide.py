"""A wide pattern matches wherever its pattern does, and counts no gap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation_engine.scan.patterns import compile_expanded, compile_wide, expand
from validation_engine.scan.wide import widened

_PIECES = st.sampled_from(
    ["fee", "[^.;]{0,60}", r"(?: [\w,''-]+){0,8}", r"\b(?:no|not)\b", r"\d{4}", "x{2}", "a{5,}?", " ",
     r"[^\]{5}]{4,9}?", "(?-i:[A-Z]{5})", "(?:a(?:b c){1,4}){2}", "[{]{0,9}", "{0,9}", r"\{"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "wide"),
    [
        ("no[^.;]{0,60} fees", "no[^.;]* fees"),
        (r"no(?: [\w,'-]+){0,8}?\b fees", r"no.*\b fees"),
        ("(?:a(?:b|c){4}[^.]{0,9})x", "(?:a.*[^.]*)x"),
        ("(?:no [^.]{0,5}){0,9}.{0,9}[^x]{0,9}fee", ".*[^x]*fee"),
        (r"\d{4}", r"\d*"),
        ("(?:no|not){1,3} x{3}", None),
        (r"\x{41}{0,9}", None),
        ("(?i)no{0,9}", None),
        ("(?P<no>x){0,9}", None),
    ],
)
def test_gaps_are_opened_and_few_repetitions_stay(pattern: str, wide: str | None) -> None:
    assert widened(pattern) == wide


@given(
    pieces=st.lists(_PIECES, min_size=1, max_size=5),
    text=st.text("abcfenotx 1A.;{}]", max_size=80),
)
def test_what_a_pattern_finds_its_wide_form_finds_too(pieces: list[str], text: str) -> None:
    expanded = expand("z?" + "".join(pieces), {})
    wide = widened(expanded)
    try:
        exact = compile_expanded(expanded, expanded)
    except Exception:  # noqa: BLE001 - not a pattern
        return
    if wide is not None and exact.search(text.encode()) is not None:
        assert compile_wide(wide).search(text.encode()) is not None
