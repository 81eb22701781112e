"""Checks on privacy documents: contact routes, times allowed, broken promises, late answers."""

from __future__ import annotations

import pytest

from tests.validation_engine.factories import outcome, validated


def verdict(gate: str, text: str, kind: str = "privacy_notice") -> str:
    return outcome(validated(text, document_type=kind), f"gdpr_uk.{gate}").verdict


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to us at privacy@larkfield.example.", "PASS"),
        ("Use the contact form on our website.", "PASS"),
        ("Complain to the ICO, Wycliffe House, Wilmslow SK9 5AF, casework@ico.org.uk.", "FAIL"),
        ("We would love to hear from you.", "FAIL"),
    ],
)
def test_the_regulators_address_is_not_the_controllers(text: str, expected: str) -> None:
    assert verdict("controller_contact", text) == expected


def test_an_officers_address_counts_only_beside_the_officer() -> None:
    far = "Write to shop@larkfield.example.\n\nWe plant trees.\n\nOur data protection officer is Dr Sen."
    assert verdict("dpo_contact", far) == "FAIL"
    assert verdict("dpo_contact", f"{far}\n\nHe is at sen@larkfield.example.") == "PASS"


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("one calendar month", "PASS"),
        ("22 working days", "PASS"),
        ("30 working days", "FAIL"),
        ("forty days", "FAIL"),
        ("one month, or three months where a request is complex", "PASS"),
        ("60 days, or 90 days where a request is complex", "FAIL"),
    ],
)
def test_a_request_is_answered_within_a_month(time: str, expected: str) -> None:
    text = f"You may ask for a copy of your data. We will respond to your request within {time}."
    assert verdict("rights_response_time", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We tell the ICO within three days of finding a breach.", "PASS"),
        ("We tell the ICO within three working days of finding a breach.", "FAIL"),
        ("Report to the lead within 5 days, who informs the ICO within 72 hours.", "PASS"),
        ("The ICO is notified without undue delay and within 7 days.", "FAIL"),
        ("The regulator is told of serious breaches.", "FAIL"),
        ("The regulator is told of serious breaches. Change passwords within 72 hours.", "FAIL"),
        ("Change the passwords within four days.", "NOT_APPLICABLE"),
    ],
)
def test_the_regulator_is_told_within_72_hours(text: str, expected: str) -> None:
    assert verdict("breach_ico_72h", text, "breach_procedure") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We never share your data with anyone. Our insurers receive your details.", "FAIL"),
        ("We never share your data with anyone. We do not pass it to insurers.", "PASS"),
        (
            "We never share your data without your consent. Our insurers receive your details.",
            "NOT_APPLICABLE",
        ),
        ("Nothing leaves the UK. Our records are stored in Canada.", "FAIL"),
    ],
)
def test_a_promise_is_broken_only_by_what_the_notice_asserts(text: str, expected: str) -> None:
    assert verdict("sharing_contradiction", text) == expected


@pytest.mark.parametrize(
    ("reply", "body", "expected"),
    [
        ("30 June 2026", "We received your request on 29 May 2026.", "FAIL"),
        ("29 June 2026", "We received your request on 29 May 2026.", "PASS"),
        # 28 February 2026 is a Saturday: Monday 2 March is the last day.
        ("2 March 2026", "We received your request on 31 January 2026.", "PASS"),
        ("3 March 2026", "We received your request on 31 January 2026.", "FAIL"),
        ("20 August 2026", "We received your request on 29 May 2026 and extended the time.", "PASS"),
        ("20 September 2026", "We received your request on 29 May 2026 and extended the time.", "FAIL"),
        ("20 August 2026", "You have been our tenant since 4 May 2011.", "NOT_APPLICABLE"),
        ("14 April 2026", "You sent a letter. It reached this office on 2 March 2026.", "FAIL"),
    ],
)
def test_an_access_request_is_answered_by_the_same_day_of_the_next_month(
    reply: str, body: str, expected: str
) -> None:
    assert verdict("dsar_deadline", f"{reply}\n\nDear Ms Okafor\n\n{body}", "dsar_response") == expected
