"""The engine's promises: reproducible, dated, honest about the type; a faulty gate never costs the rest."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.validation_engine.factories import MODULES, options, outcome, validated
from validation_engine.custom_gates import CustomRuleset
from validation_engine.engine import default_engine
from validation_engine.errors import EngineError, UnknownName
from validation_engine.gates.document_types import TYPES
from validation_engine.gates.load import parse_gate
from validation_engine.judging.evaluate import Examined, evaluate
from validation_engine.suppressions import Suppression

if TYPE_CHECKING:
    from collections.abc import Callable

PROMOTION = "Grow your money with our equity fund. A guaranteed 9% a year from our property bond.\n"


def test_another_process_gives_the_same_bytes() -> None:
    program = (
        "import sys;from tests.validation_engine.factories import validated;"
        "sys.stdout.buffer.write(validated(sys.argv[1]).to_json())"
    )
    other = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", program, PROMOTION], check=True, capture_output=True
    )
    assert other.stdout == validated(PROMOTION).to_json()


@settings(max_examples=60)
@given(st.text(max_size=600), st.sampled_from(TYPES))
def test_any_text_of_any_type_gets_a_verdict_with_true_evidence(text: str, kind: str) -> None:
    result = validated(text, document_type=kind)
    for module in result.modules.values():
        for one in module.gates:
            assert one.message != "This gate could not be evaluated; a person must look. The fault is logged."
            for evidence in one.evidence:
                assert text[evidence.start : evidence.end] == evidence.quote
                line = text.split("\n")[evidence.line - 1]
                assert line[evidence.column - 1 :].startswith(evidence.quote.split("\n")[0])


def test_every_gate_has_a_verdict_in_every_result() -> None:
    result = validated(PROMOTION)
    assert tuple(result.modules) == MODULES
    told = [one.id for module in result.modules.values() for one in module.gates]
    assert told == [compiled.gate.id for compiled in default_engine().ruleset.gates]


@pytest.mark.parametrize(
    ("text", "given_day", "as_of", "source"),
    [
        ("4 May 2026\n\nDear Ms Orr,\n\nHello.", None, "2026-05-04", "document"),
        ("Dear Ms Orr,\n\nHello.", None, "2026-11-26", "today"),
        ("4 May 2026\n\nHello.", date(2025, 1, 1), "2025-01-01", "request"),
    ],
)
def test_the_day_that_chose_the_rules_is_told(
    text: str, given_day: date | None, as_of: str, source: str
) -> None:
    result = validated(text, as_of=given_day)
    assert (result.as_of, result.as_of_source) == (as_of, source)


def test_the_callers_type_wins_and_the_detected_one_is_shown() -> None:
    result = validated(PROMOTION, document_type="client_terms")
    assert (result.document.type, result.document.detected_type) == ("client_terms", "investment_promotion")
    assert 0 < result.document.type_score <= 1
    assert result.document.type_reasons


def test_an_unknown_document_gets_prohibited_claims_and_formats_but_no_disclosures() -> None:
    result = validated("Our bond is risk-free. VAT reg GB 729 0183 63.", document_type="unknown")
    assert outcome(result, "fca_uk.risk_free_claim").verdict == "FAIL"
    assert outcome(result, "tax_uk.vat_number_checksum").verdict == "FAIL"
    assert outcome(result, "gdpr_uk.lawful_basis").verdict == "NOT_APPLICABLE"


@pytest.mark.parametrize(
    ("text", "gate_id"),
    [
        ("The employee must not report any crime to the police.", "nda_uk.crime_reporting_prohibited"),
        ("A fee of £20 is payable for making a complaint.", "fca_uk.complaint_no_charge"),
        ("This warning will stay on your file indefinitely.", "hr_scottish.warning_indefinite"),
    ],
)
def test_what_no_document_may_say_is_found_in_one_of_unknown_type(text: str, gate_id: str) -> None:
    assert outcome(validated(text, document_type="unknown"), gate_id).verdict == "FAIL"


def test_documents_of_no_kind_are_left_alone() -> None:
    text = (Path(__file__).parent / "kinds" / "unknown.txt").read_text(encoding="utf-8")
    judged = [validated(one, document_type="unknown") for one in text.split("=====\n")]
    assert len(judged) > 50
    assert {result.status for result in judged} == {"PASS"}


def test_a_gate_that_raises_needs_review_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = next(one for one in default_engine().ruleset.gates if one.gate.id == "fca_uk.risk_free_claim")

    def failing(compiled: object, seen: Examined) -> object:
        if compiled is broken:
            raise RuntimeError
        return real(compiled, seen)

    real: Callable[..., object] = evaluate.__globals__["_evaluate"]
    monkeypatch.setitem(evaluate.__globals__, "_evaluate", failing)
    result = validated(f"{PROMOTION} Our bond is risk-free.")
    assert outcome(result, "fca_uk.risk_free_claim").verdict == "NEEDS_REVIEW"
    assert outcome(result, "fca_uk.guaranteed_return_claim").verdict == "FAIL"


def test_a_low_severity_never_fails_a_document() -> None:
    result = validated("Our UTR: 2955839661 is here.", document_type="unknown")
    assert outcome(result, "tax_uk.utr_checksum").verdict == "WARNING"
    assert result.status == "PASS"


def test_a_missing_disclosure_says_where_it_looked() -> None:
    told = outcome(validated(PROMOTION), "fca_uk.capital_at_risk_warning").message
    assert "Looked in all 2 sentences" in told


def test_a_waiver_ends_with_its_last_day_and_hides_nothing() -> None:
    found = outcome(validated(PROMOTION), "fca_uk.guaranteed_return_claim")
    assert found.fingerprint is not None
    waiver = Suppression(
        gate_id=found.id,
        fingerprint=found.fingerprint,
        author="A",
        reason="agreed",
        expires_on=date(2026, 11, 26),
    )
    for day, waived in ((date(2026, 11, 26), True), (date(2026, 11, 27), False)):
        rules_of = date(2027, 3, 1) if waived else date(2020, 3, 1)
        again = outcome(validated(PROMOTION, suppressions=[waiver], today=day, as_of=rules_of), found.id)
        assert (again.verdict, again.waived) == ("FAIL", waived)
        assert again.evidence == found.evidence


@pytest.mark.parametrize(
    ("gate_id", "kind", "one", "other"),
    [
        (
            "fca_uk.capital_at_risk_warning",
            "investment_promotion",
            "Acme Funds. Grow your money with our fund today.",
            "Beta Wealth. Our fund beat inflation.",
        ),
        (
            "nda_uk.agreement_date",
            "mutual_nda",
            "Agreement of A Ltd and B Ltd.",
            "Agreement of C Ltd and D Ltd.",
        ),
    ],
)
def test_what_is_missing_in_one_document_is_waived_in_it_alone_wherever_its_lines_move(
    gate_id: str, kind: str, one: str, other: str
) -> None:
    found = outcome(validated(one, document_type=kind), gate_id)
    assert found.fingerprint is not None
    waiver = Suppression(gate_id=gate_id, fingerprint=found.fingerprint, author="A", reason="agreed")
    again = [validated(text, document_type=kind, suppressions=[waiver]) for text in (f"\n\n{one}", other)]
    assert [outcome(result, gate_id).waived for result in again] == [True, False]


def test_no_module_and_unknown_names_are_refused() -> None:
    with pytest.raises(EngineError, match="at least one"):
        validated("x", modules=[])
    with pytest.raises(UnknownName, match="there are: fca_uk"):
        validated("x", modules=["nope"])
    with pytest.raises(UnknownName, match="leave it out"):
        validated("x", document_type="poem")


def test_the_json_reads_back_as_the_same_result() -> None:
    result = validated(PROMOTION)
    assert msgspec.json.decode(result.to_json(), type=type(result)) == result


ASKED = """\
id: custom.storage
title: Storage
severity: high
kind: required_disclosure
legal_reference: {text: House rules}
document_types: [any]
message: It is not said where things are kept.
why: Readers ask.
suggestion: Say it.
required:
  - name: the place
    patterns: ['stored in']
    alternatives:
      - patterns: ['shed']
        under: ['storage']
  - name: the key
    patterns: ['the key']
    when: [{patterns: ['locked']}]
  - name: the colour
    patterns: ['green']
    when: [{patterns: ['painted']}]
    review: true
doubtful: [{patterns: ['somewhere']}]
examples:
  passes: [{text: It is stored in Leith.}, {text: "Storage\\n\\nA shed in Leith."}]
  fails: [{text: A shed in Leith.}, {text: It is stored in Leith and locked.}]
  not_applicable: [{text: Nothing.}]
"""


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Storage\n\nA shed in Leith.", "PASS"),
        ("It is stored in Leith and locked. The key is here.", "PASS"),
        ("A shed in Leith.", "FAIL"),
        ("It is stored in Leith and locked.", "FAIL"),
        ("It is stored in Leith and painted.", "NEEDS_REVIEW"),
        ("It is stored in Leith, locked and painted.", "FAIL"),
        ("It is somewhere in Leith.", "NEEDS_REVIEW"),
    ],
)
def test_what_is_required_may_be_said_in_other_ways_or_in_doubt(text: str, verdict: str) -> None:
    custom = CustomRuleset([parse_gate(ASKED)], {}, 1)
    result = default_engine().validate(text, options(), custom)
    assert outcome(result, "custom.storage").verdict == verdict


AGREEMENT = "MUTUAL NON-DISCLOSURE AGREEMENT\n\nThis agreement is made between Acme Ltd and Beta Ltd.\n\n"


@pytest.mark.parametrize(
    ("text", "document_type"),
    [
        ("We met Mr Smith on 5 January 2026. " * 2_000, "vat_invoice"),
        ("corporation tax at 25% is due on 1 January 2027, " * 1_500, "mutual_nda"),
        (AGREEMENT + "1." * 30_000, "mutual_nda"),
        ("www." * 15_000, "privacy_notice"),
    ],
)
def test_one_line_of_what_a_check_looks_for_is_validated_in_linear_time(
    text: str, document_type: str
) -> None:
    began = time.process_time()
    validated(text, document_type=document_type)
    assert time.process_time() - began < 5.0
