"""What a pattern takes for a disclosure counts where it is neither denied nor left without an answer."""

from __future__ import annotations

import pytest

from tests.validation_engine.factories import outcome, validated

AUDIT = "| Duty of the processor | Agreed |\n|---|---|\n| Security | Yes |\n| Audits and inspections | No |"
AUDITED = "The processor shall allow for audits and give all information that shows compliance."
PENALTY = "You are called to a disciplinary hearing. We shall not say now what penalty may follow."
KNOWN = (
    "The Recipient shall keep the Confidential Information secret. That duty does not apply to information"
    " which it already lawfully knew before it was disclosed."
)


@pytest.mark.parametrize(
    ("gate", "document_type", "text", "verdict"),
    [
        ("gdpr_uk.processor_audit", "processing_agreement", AUDIT, "FAIL"),
        ("gdpr_uk.processor_audit", "processing_agreement", AUDITED, "PASS"),
        ("hr_scottish.possible_consequences", "disciplinary_invite", PENALTY, "FAIL"),
        ("nda_uk.exclusion_prior_knowledge", "unilateral_nda", KNOWN, "PASS"),
        ("nda_uk.signature_block", "unilateral_nda", "Signed: ____________\nName: ____________", "PASS"),
        ("gdpr_uk.recipients", "privacy_notice", "We use your name to deliver.\nRecipients: none", "PASS"),
    ],
)
def test_a_denial_and_an_empty_answer_disclose_nothing(
    gate: str, document_type: str, text: str, verdict: str
) -> None:
    module, _, _ = gate.partition(".")
    result = validated(text, document_type=document_type, modules=[module])
    assert outcome(result, gate).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Criminal record checks form no part of our process.", "NEEDS_REVIEW"),
        ("Do you run criminal record checks?", "NEEDS_REVIEW"),
        ("Criminal record checks are on a sheet which has a notice of its own.", "NEEDS_REVIEW"),
        ("We run criminal record checks on drivers; nobody else is checked.", "FAIL"),
    ],
)
def test_what_is_called_for_only_by_a_denial_or_a_question_is_for_a_person(text: str, verdict: str) -> None:
    text = f"We are Leith Bikes Ltd and use your name to deliver what you order. {text}"
    result = validated(text, document_type="privacy_notice", modules=["gdpr_uk"])
    assert outcome(result, "gdpr_uk.criminal_data_condition").verdict == verdict
