"""What a pattern finds counts where the learned reading of its sentence agrees, or at least allows it."""

from __future__ import annotations

import pytest

from tests.validation_engine.factories import GATE, TODAY
from validation_engine.documents.plain import read_plain
from validation_engine.fields import Fields
from validation_engine.gates.compiling import compile_gate
from validation_engine.gates.load import parse_gate
from validation_engine.judging.evaluate import Examined
from validation_engine.judging.plan import Plan
from validation_engine.learned.table import Learned, Weights, WeightTable
from validation_engine.scan.scanner import PatternSet

_KIND = "privacy_notice"
_SAYS = "no_jargon/forbidden"


_CONVEYS = "no_jargon/whom it is for"
_REQUIRING = """required:
  - name: whom it is for
    patterns: ['everyone']
"""


def _verdict(text: str, weights: WeightTable, body: str = GATE) -> tuple[str, list[str]]:
    patterns = PatternSet({})
    gate = compile_gate(parse_gate(body), patterns)
    patterns.freeze()
    document = read_plain(text)
    seen = Examined(document, patterns.scan(document), Fields(document), _KIND, TODAY)
    found = Plan([gate], _KIND, Learned(weights).table).judge(seen, []).gates[0]
    return found.verdict, [one.quote for one in found.evidence]


@pytest.mark.parametrize(
    ("weight", "verdict"),
    [
        (13_400, "FAIL"),
        (13_300, "NEEDS_REVIEW"),
        (2_500, "NEEDS_REVIEW"),
        (2_400, "PASS"),
        (-500, "PASS"),
    ],
)
@pytest.mark.parametrize("text", ["We want synergy", "We want synergy."])
def test_a_fault_of_one_sentence_needs_a_margin_of_1_and_a_doubt_a_quarter_of_0_75(
    text: str, weight: int, verdict: str
) -> None:
    weights = {stem: Weights(100, {_SAYS: weight}) for stem in ("we", "want", "synerg")}
    assert _verdict(text, weights) == (verdict, [] if verdict == "PASS" else ["synergy"])


@pytest.mark.parametrize(("weight", "verdict"), [(10_000, "FAIL"), (9_900, "NEEDS_REVIEW")])
def test_a_fault_of_two_sentences_needs_a_margin_of_0_75_in_each(weight: int, verdict: str) -> None:
    weights = {stem: Weights(100, {_SAYS: weight}) for stem in ("we", "want", "synerg")}
    assert _verdict("We want synergy.\n\nSo we want synergy.", weights) == (verdict, ["synergy"] * 2)


def test_where_nothing_was_learned_the_pattern_alone_decides() -> None:
    assert _verdict("We want synergy.", {}) == ("FAIL", ["synergy"])


def test_one_sentence_that_agrees_is_enough_and_the_others_are_not_shown() -> None:
    weights = {stem: Weights(100, {_SAYS: 30_000}) for stem in ("we", "want")}
    assert _verdict("We want synergy.\n\nOur synergy is known.", weights) == ("FAIL", ["synergy"])


def test_learned_words_alone_make_no_fault() -> None:
    assert _verdict("We want it.", {"want": Weights(100, {_SAYS: 30_000})}) == ("PASS", [])


_APART = GATE.replace("'synergy'", "'synergy of.{0,20}talents'")
_PARTS = "We think that talents here bring us plenty of synergy of sorts."


@pytest.mark.parametrize(
    ("text", "weight", "verdict"),
    [
        (_PARTS, 11_500, "FAIL"),
        (_PARTS, 11_400, "PASS"),
        (_PARTS.replace("synergy", "music").replace("talents", "staff"), 18_000, "PASS"),
        (_PARTS.replace("here bring", "never bring"), 16_100, "FAIL"),
        (_PARTS.replace("here bring", "never bring"), 16_000, "PASS"),
        (_PARTS.replace("plenty", '"plenty"'), 18_000, "PASS"),
        (_PARTS.replace("sorts.", "sorts"), 18_000, "PASS"),
        (f"{_PARTS[:-1]}?", 18_000, "PASS"),
    ],
)
def test_a_long_assertion_where_a_pattern_may_match_can_fail_by_its_reading(
    text: str, weight: int, verdict: str
) -> None:
    weights = {stem: Weights(100, {_SAYS: weight}) for stem in ("talent", "bring", "us", "sort")}
    assert _verdict(text, weights, _APART) == (verdict, [text] if verdict == "FAIL" else [])


def test_what_is_learned_alone_makes_no_fault_of_a_short_sentence() -> None:
    weights = {stem: Weights(100, {_SAYS: 90_000}) for stem in ("talent", "bring")}
    assert _verdict("Our talents bring synergy of sorts.", weights, _APART) == ("PASS", [])


def test_a_gate_may_ask_its_patterns_for_a_margin_of_its_own() -> None:
    weights = {stem: Weights(100, {_SAYS: 8_000}) for stem in ("we", "want", "synerg")}
    own = GATE.replace("examples:", "margins: {agrees: 0.6, lone: 0.6}\nexamples:")
    assert _verdict("We want synergy", weights) == ("NEEDS_REVIEW", ["synergy"])
    assert _verdict("We want synergy", weights, own) == ("FAIL", ["synergy"])


def test_a_gate_may_take_no_claim_without_a_pattern() -> None:
    weights = {stem: Weights(100, {_SAYS: 18_000}) for stem in ("talent", "bring", "us", "sort")}
    own = _APART.replace("examples:", "margins: {alone: 10}\nexamples:")
    assert _verdict(_PARTS, weights, own)[0] == "PASS"


def test_a_gate_may_ask_for_more_before_a_disclosure_is_perhaps_made() -> None:
    weights = {"want": Weights(100, {_CONVEYS: 60_000})}
    strict = _requiring("margins: {touched: 10}\n")
    assert _verdict("We want all of you here.", weights, _requiring())[0] == "NEEDS_REVIEW"
    assert _verdict("We want all of you here.", weights, strict)[0] == "FAIL"


@pytest.mark.parametrize(("weight", "verdict"), [(80_000, "PASS"), (79_000, "NEEDS_REVIEW")])
def test_a_disclosure_that_no_pattern_finds_is_made_where_it_reads_for_certain(
    weight: int, verdict: str
) -> None:
    weights = {"want": Weights(100, {_CONVEYS: weight})}
    assert _verdict("We want all of you here.", weights, _requiring())[0] == verdict


def _requiring(more: str = "") -> str:
    start, end = GATE.index("forbidden:"), GATE.index("examples:")
    return GATE[:start] + _REQUIRING + more + GATE[end:]


@pytest.mark.parametrize(("weight", "verdict"), [(7_500, "PASS"), (7_400, "FAIL"), (-500, "FAIL")])
def test_a_disclosure_whose_sentence_reads_otherwise_is_none(weight: int, verdict: str) -> None:
    weights = {stem: Weights(100, {_CONVEYS: weight}) for stem in ("we", "want", "everyon", "her")}
    assert _verdict("We want everyone here today.", weights, _requiring())[0] == verdict


def test_a_disclosure_shown_by_its_form_is_not_read() -> None:
    weights = {"want": Weights(100, {_CONVEYS: -500})}
    by_form = _requiring("    read: false\n")
    assert _verdict("We want everyone here today.", weights, by_form)[0] == "PASS"


def test_a_heading_is_too_short_to_be_read() -> None:
    weights = {"for": Weights(100, {_CONVEYS: -500})}
    assert _verdict("We ask: for everyone", weights, _requiring())[0] == "PASS"


def test_one_sentence_that_conveys_it_is_enough() -> None:
    weights = {stem: Weights(100, {_CONVEYS: 9_000}) for stem in ("our", "shop", "open", "to", "everyon")}
    said = "We want everyone here today.\n\nOur shop is open to everyone."
    assert _verdict(said, weights, _requiring())[0] == "PASS"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("We want all of you here.", "NEEDS_REVIEW"),
        ("We want none of you here, and none is allowed.", "FAIL"),
    ],
)
def test_what_is_touched_on_only_to_be_refused_is_not_conveyed(text: str, verdict: str) -> None:
    weights = {"want": Weights(100, {_CONVEYS: 60_000})}
    assert _verdict(text, weights, _requiring())[0] == verdict
