"""A forbidden claim that a pattern finds is a fault where the learned reading of its sentence agrees."""

from __future__ import annotations

import pytest

from tests.validation_engine.factories import GATE, TODAY
from validation_engine.documents.plain import read_plain
from validation_engine.evaluate import Examined
from validation_engine.fields import Fields
from validation_engine.gates.compiling import compile_gate
from validation_engine.gates.load import parse_gate
from validation_engine.learned.table import Learned, Weights, WeightTable
from validation_engine.plan import Plan
from validation_engine.scan.scanner import PatternSet

_KIND = "privacy_notice"
_SAYS = "no_jargon/forbidden"


def _verdict(text: str, weights: WeightTable) -> tuple[str, list[str]]:
    patterns = PatternSet({})
    gate = compile_gate(parse_gate(GATE), patterns)
    patterns.freeze()
    document = read_plain(text)
    seen = Examined(document, patterns.scan(document), Fields(document), _KIND, TODAY)
    found = Plan([gate], _KIND, lambda: Learned(weights)).judge(seen, []).gates[0]
    return found.verdict, [one.quote for one in found.evidence]


@pytest.mark.parametrize(
    ("weight", "verdict"),
    [(20_000, "FAIL"), (17_000, "FAIL"), (16_900, "NEEDS_REVIEW"), (-500, "NEEDS_REVIEW")],
)
def test_a_fault_needs_a_margin_of_0_85(weight: int, verdict: str) -> None:
    weights = {stem: Weights(100, {_SAYS: weight}) for stem in ("we", "want", "synerg")}
    assert _verdict("We want synergy.", weights) == (verdict, ["synergy"])


def test_where_nothing_was_learned_the_pattern_alone_decides() -> None:
    assert _verdict("We want synergy.", {}) == ("FAIL", ["synergy"])


def test_one_sentence_that_agrees_is_enough_and_the_others_are_not_shown() -> None:
    weights = {stem: Weights(100, {_SAYS: 30_000}) for stem in ("we", "want")}
    assert _verdict("We want synergy.\n\nOur synergy is known.", weights) == ("FAIL", ["synergy"])


def test_learned_words_alone_make_no_fault() -> None:
    assert _verdict("We want it.", {"want": Weights(100, {_SAYS: 30_000})}) == ("PASS", [])
