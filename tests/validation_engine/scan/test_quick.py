"""What is found with RE2's help is what `re` finds alone, and sooner."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from validation_engine import checks, fields
from validation_engine.checks.registry import load_all
from validation_engine.documents.model import Folded
from validation_engine.scan.loose import loosened
from validation_engine.scan.quick import Quick

_PATTERNS = (
    (r"\b(?:VAT|tax) ?(?:no|number)?\.?[ :]{0,3}(?P<number>(?:GB)? ?\d(?: ?\d){7,11})(?!\d)", re.IGNORECASE),
    (r"(?<!not )\bfree\b(?! of)|^free", re.MULTILINE),
    (r"(?:\w+ ){0,3}fees?\b[^.;]{0,60}\bnil$", re.IGNORECASE),
    (r"[^\W\d_]+\.$", 0),
    (r"(?:of [^.]{0,40} )?caf[eé]s?\b", re.IGNORECASE),
    (r"(?i:pay) (.)\1", 0),
    (r"[^_ ]x", 0),
    (r"\s\S\d", 0),
    (r"x?", 0),
    (r"[ (]?\bA\b.{5,}", re.DOTALL),
)
_QUICK = [Quick(pattern, flags) for pattern, flags in _PATTERNS]
_WORDS = st.sampled_from(
    ["VAT no: ", "GB 123 4567 89", "not ", "free", " of", "Free ", "fees", "; nil", "café", "CAFÉS", "é", "_"]
)
_TEXTS = st.lists(_WORDS | st.text("ax_ \n\x85\x1c£²ªA1.;ł", max_size=6), max_size=12).map("".join)


def _shipped() -> list[Quick]:
    load_all()
    for module in pkgutil.iter_modules(fields.__path__):
        importlib.import_module(f"{fields.__name__}.{module.name}")
    modules = [module for name, module in sys.modules.items() if name.startswith("validation_engine.")]
    return [one for module in modules for one in vars(module).values() if isinstance(one, Quick)]


def _spans(pattern: Quick | re.Pattern[str], text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [found.span() for found in pattern.finditer(text, start, end)]


@given(text=_TEXTS, cut=st.tuples(st.integers(0, 60), st.integers(0, 60)), quick=st.sampled_from(_QUICK))
@settings(max_examples=200)
def test_every_stretch_of_every_text_gives_the_matches_of_re(
    text: str, cut: tuple[int, int], quick: Quick
) -> None:
    exact = re.compile(quick.pattern, quick.flags)
    start, end = min(cut), max(cut)
    assert _spans(quick, text, start, end) == _spans(exact, text, start, end)
    assert quick.sub("~", text) == exact.sub("~", text)
    first, found = quick.search(text, start, end), exact.search(text, start, end)
    assert (first and first.span()) == (found and found.span())
    folded = Folded(text.replace("ł", "?"))
    assert _spans(quick, folded, start, end) == _spans(exact, folded, start, end)


def test_every_shipped_pattern_finds_in_letters_what_re_finds() -> None:
    texts = [
        "Dear Ms Grant, we do not guarantee 4.5% a year; VAT no: GB 123 4567 89. If you never paid £85,000?",
        "By 31 March 2026, see our guide. Company No. SC123456. Yours sincerely, Zoë Müller, Café Ltd.",
        "Net total £100.00, VAT at 20% £20.00, to pay £120.00 within 30 days of 5th May, 2026 (2026-05-05).",
        "The CFO alleged that the meeting at 10.30am with Señor Ruiz was recorded. It was previously void.\n",
    ]
    shipped = _shipped()
    assert len(shipped) > len(list(pkgutil.iter_modules(checks.__path__)))
    for quick in shipped:
        exact = re.compile(quick.pattern, quick.flags)
        for text in texts:
            for start, end in ((0, len(text)), (17, 160)):
                assert _spans(quick, text, start, end) == _spans(exact, text, start, end), quick.pattern


def test_a_pattern_that_begins_with_any_word_is_tried_only_where_that_word_goes_on_so() -> None:
    loose = re.compile(loosened(r"\b(?:never|\w+n't) pay", re.IGNORECASE))
    assert [found.start() for found in loose.finditer("Why wait? You don't pay, nor do we ever.")] == [14]


@pytest.mark.parametrize("text", ["vat no " * 4_000 + "1", "vat " * 8_000, "VAT no 1 2 3 4 5 6 " * 1_500])
def test_beginnings_that_lead_nowhere_cost_no_more_than_their_length(text: str) -> None:
    quick = Quick(*_PATTERNS[0])
    inner, tries = quick._begins, 0

    def counted(*given: object) -> object:
        nonlocal tries
        tries += 1
        return inner(*given)

    quick.__dict__["_begins"] = counted
    assert list(quick.finditer(text)) == []
    assert tries <= text.lower().count("vat") + 1
