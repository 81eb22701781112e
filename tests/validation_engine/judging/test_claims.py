"""A claim that no pattern matches is heard where the reading is sure of it, and surer where it denies."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.validation_engine.factories import outcome, validated
from validation_engine.gates.schema import Margins
from validation_engine.judging.claims import borne_out
from validation_engine.scan.hits import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from validation_engine.results import GateOutcome

RECITAL = (
    "This agreement settles her claims.\n\nA. Miss Menon says that in the spring of 2026 the then head chef"
    " harassed her.\n\nB. The Company pays her \u00a34,000."
)
MAY_SAY = (
    "This agreement settles her claims. Whatever else it says:\n\n  - you can say to anyone that you were"
    " harassed or discriminated against, if you believe that you were."
)
GRIEVANCE = (
    "This agreement settles her claims.\n\nA. She raised a grievance in January saying that her manager had"
    " harassed her because of her sex and that she had been passed over.\n\nB. She leaves."
)
WONDERED = "Borrow from us. Someone else asked whether the price is about to vanish. It is not."
COURT = "If we can't settle on a figure, we'll raise it as a claim in the county court."
LAPSES = "A first warning lapses after six months. We do not keep one hanging over somebody for life."
MIXED = (
    "We hold clients' money. All sums arriving for clients are banked in the firm's own current account,"
    " out of which we also meet rent, salaries and other outgoings."
)
OPEN = "There is no closing date on this account and nobody will chase you if you go away and think about it."
BLOW = "No line of this letter prevents you from whistleblowing, that is, from making a protected disclosure."
GUIDE = "The fund grew by 9% in 2025. Figures tell what happened; they are no reliable guide to what comes."
SPARE = "Every single reader should be putting their spare money into this fund."
NO_WORD = "Miss Menon may breathe no word to any person of how the head chef harassed her."
OUR_RENT = "What clients pay us goes into the account from which we pay our own rent and wages."
APART = (
    "We hold clients' money. All sums arriving for clients are banked in a client account held on trust,"
    " out of which we never meet rent, salaries and other outgoings of our own."
)


def found_by(gate: str, document_type: str, text: str) -> GateOutcome:
    module, _, _ = gate.partition(".")
    return outcome(validated(text, document_type=document_type, modules=[module]), gate)


def judged(gate: str, document_type: str, text: str) -> str:
    return found_by(gate, document_type, text).verdict


@pytest.mark.parametrize(
    ("gate", "document_type", "opening", "claim"),
    [
        ("fca_uk.implied_personal_advice", "social_media_promotion", "", SPARE),
        ("nda_uk.harassment_gag", "settlement_agreement", "This agreement settles her claims. ", NO_WORD),
        ("fca_uk.client_money_segregation", "client_terms", "We hold clients' money. ", OUR_RENT),
    ],
)
def test_a_sure_reading_fails_without_a_pattern_and_shows_the_whole_sentence(
    gate: str, document_type: str, opening: str, claim: str
) -> None:
    found = found_by(gate, document_type, opening + claim)
    assert (found.verdict, [one.quote for one in found.evidence]) == ("FAIL", [claim])


@pytest.mark.parametrize(
    ("gate", "document_type", "text", "matched"),
    [
        ("hr_scottish.english_forum", "disciplinary_policy", COURT, "county court"),
        (
            "fca_uk.client_money_segregation",
            "client_terms",
            MIXED,
            "banked in the firm's own current account",
        ),
    ],
)
def test_a_match_that_the_reading_bears_out_fails_and_shows_what_the_pattern_found(
    gate: str, document_type: str, text: str, matched: str
) -> None:
    found = found_by(gate, document_type, text)
    assert (found.verdict, [one.quote for one in found.evidence]) == ("FAIL", [matched])


@pytest.mark.parametrize(
    ("gate", "document_type", "text"),
    [
        ("nda_uk.harassment_gag", "settlement_agreement", RECITAL),
        ("nda_uk.harassment_gag", "settlement_agreement", GRIEVANCE),
        ("nda_uk.harassment_gag", "settlement_agreement", MAY_SAY),
        ("fca_uk.pressure_selling", "credit_promotion", WONDERED),
        ("hr_scottish.warning_indefinite", "disciplinary_policy", LAPSES),
        ("fca_uk.client_money_segregation", "client_terms", APART),
    ],
)
def test_what_is_reported_permitted_or_denied_is_no_claim_however_it_reads(
    gate: str, document_type: str, text: str
) -> None:
    assert judged(gate, document_type, text) == "PASS"


@pytest.mark.parametrize(
    ("gate", "document_type", "text", "verdict"),
    [
        ("fca_uk.exit_barrier", "client_terms", OPEN, "PASS"),
        ("nda_uk.whistleblowing_prohibited", "employee_nda", BLOW, "NEEDS_REVIEW"),
        ("fca_uk.past_performance_warning", "investment_promotion", GUIDE, "PASS"),
    ],
)
def test_a_reading_that_is_sure_spares_a_person_the_look_unless_it_is_critical(
    gate: str, document_type: str, text: str, verdict: str
) -> None:
    assert judged(gate, document_type, text) == verdict


def borne_out_of(heard: Mapping[int, float], *, plain: bool = False, told: str = "It is so.") -> list[int]:
    """Return which sentences count, each with a match, the same words and heard as surely as given."""
    gate = SimpleNamespace(id="custom.gate", margins=Margins(agrees=0.75, lone=1.0))
    said = SimpleNamespace(reaches=lambda _gate, _element, sentence, margin: heard[sentence] >= margin)
    spans = {Span(10 * at, 10 * at + 5, at): plain for at in heard}
    compiled: Any = SimpleNamespace(gate=gate)
    sentences = [SimpleNamespace(start=10 * at) for at in heard]
    document = SimpleNamespace(sentences=sentences, sentence_text=lambda _: told, folded=told * 10)
    seen: Any = SimpleNamespace(said=said, document=document)
    return [span.sentence for span in borne_out(compiled, spans, seen)]


def test_a_claim_of_one_sentence_must_be_heard_more_surely_than_one_of_several() -> None:
    assert borne_out_of({0: 0.9}) == []
    assert borne_out_of({0: 1.0}) == [0]
    assert borne_out_of({0: 0.9, 1: 0.1}) == []
    assert borne_out_of({0: 0.9, 1: 0.8}) == [0, 1]
    assert borne_out_of({0: 0.1}, plain=True) == [0]


def test_a_claim_that_is_only_told_of_the_past_is_left_to_a_person_however_surely_it_is_heard() -> None:
    assert borne_out_of({0: 9.0}, told="The old leaflet said so.") == []
    assert borne_out_of({0: 9.0}, told="The old leaflet said so.", plain=True) == [0]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Our privacy notice. The 2016 booklet named the Data Protection Act 1998.", "NEEDS_REVIEW"),
        ("Our privacy notice. We process your data under the Data Protection Act 1998.", "FAIL"),
    ],
)
def test_a_law_that_was_named_once_is_no_fault_of_today(text: str, verdict: str) -> None:
    assert judged("gdpr_uk.outdated_statute", "privacy_notice", text) == verdict
