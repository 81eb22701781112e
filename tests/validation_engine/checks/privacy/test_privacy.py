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
        ("Complain to the ICO at Wycliffe House, Water Lane, Wilmslow SK9 5AF.", "FAIL"),
    ],
)
def test_the_regulators_address_is_not_the_controllers(text: str, expected: str) -> None:
    assert verdict("controller_contact", text) == expected


def test_an_officers_address_counts_only_beside_the_officer() -> None:
    far = "Write to shop@larkfield.example.\n\nWe plant trees.\n\nOur data protection officer is Dr Sen."
    assert verdict("dpo_contact", far) == "FAIL"
    assert verdict("dpo_contact", f"{far}\n\nHe is at sen@larkfield.example.") == "PASS"
    assert verdict("dpo_contact", "Data protection officer\nDr Sen\nTel 0131 496 0111") == "PASS"
    assert verdict("dpo_contact", "Data protection officer\nDr Sen\nThe Old Mill\nKelso TD5 7AB") == "PASS"


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
        ("| Right | How | Our time |\n| Access | in writing | 60 days |", "FAIL"),
        ("| What | Kept for |\n| Access requests | 60 days |", "NOT_APPLICABLE"),
        ("Your rights\nAccess: 40 days\nErasure: 40 days", "FAIL"),
        ("Ask to see or erase what we hold. We turn these round inside 40 days.", "FAIL"),
        ("Ask to see what we hold. Jean takes about six weeks to put the copies together.", "FAIL"),
        (
            "Ask us to erase your data. Backups are overwritten after 90 days, but we answer in a month.",
            "PASS",
        ),
        ("Ask us to erase your data. Accounts take 60 days to disappear from Google.", "NOT_APPLICABLE"),
        ("We answer access requests in one month (the old policy of 40 days is gone).", "PASS"),
        (
            "You asked for a copy of your data. As it takes in eleven years of records, we take a month.",
            "PASS",
        ),
        ("Requests to erase data are handled in 90 days.", "FAIL"),
        ("Your rights:\n- a copy\n- erasure\n\nYou'll get your answer within 45 days.", "FAIL"),
        ("Right to work papers: two years. People we did not take on: six months.", "NOT_APPLICABLE"),
        ("How long? If you do not take a flat: six months. Then it is erased.", "NOT_APPLICABLE"),
        ("You may object to marketing. Allow six weeks for mailings at the printer.", "NOT_APPLICABLE"),
        ("How long will it take to get a copy of my data? Up to 60 days.", "FAIL"),
        ("Allow 45 days for a reply to your request.", "FAIL"),
        (
            "You asked for a copy of the film. The recorder only goes back 45 days, so we provide less.",
            "NOT_APPLICABLE",
        ),
        ("If we refuse your request you have twelve months to go to the sheriff.", "NOT_APPLICABLE"),
        ("We provide reports of requests every three months.", "NOT_APPLICABLE"),
        ("Yours to ask for, with our answer inside ten weeks:\n- sight of your file", "FAIL"),
        ("| Right | Our answer comes within |\n| Correction | 30 days |\n| Access | 90 days |", "FAIL"),
        ("Your rights\n\nComplain to us if you like. We deal with it in eight weeks.", "NOT_APPLICABLE"),
    ],
)
def test_only_the_time_of_the_answer_counts(text: str, expected: str) -> None:
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
        ("| Who | By when |\n| Information Commissioner | ten days |", "FAIL"),
        ("Notify the ICO: not later than 72 hrs.", "PASS"),
        ("We have 72 hours from when we know. In that time the Commissioner gets our report.", "PASS"),
        ("Report to the Commissioner by the third day at the latest.", "PASS"),
        ("Report to the ICO within 72h. The board meets within ten days of telling the ICO.", "PASS"),
        ("She reports online to the Commissioner. Three days at the outside.", "PASS"),
        ("Within three days of our noticing. She tells the ICO online.", "PASS"),
        ("She reports online to the Commissioner. Ten days at the outside.", "FAIL"),
        ("After an inquiry, which takes up to 72 hours, the ICO is notified within 30 days.", "FAIL"),
        ("By hour 24. She scores it.\n\nBy hour 72. Unless harm is unlikely, the ICO is told.", "PASS"),
        ("By hour 24. She scores it.\n\nBy hour 120. Unless harm is unlikely, the ICO is told.", "FAIL"),
        ("# Within 72 hours\n\nThe lead tells the Information Commissioner online.", "PASS"),
        ("# First 24 hours\n\nChange the passwords.\n\n# After that\n\nThe ICO is told.", "FAIL"),
        ("The ICO has to know within 72 hours. The trustees get a report in three weeks.", "PASS"),
        ("We tell the Commissioner. We've got 72 hours for that.", "PASS"),
        ("Who tells the ICO, and when? The manager, in no more than 72 hours.", "PASS"),
        ("Notify the ICO (72 hrs). Notify the charity regulator (no set time; we say ten days).", "PASS"),
        (
            "The regulator is told the same day. A loss last year was reported eleven days late to the ICO.",
            "PASS",
        ),
        ("4. Commissioner (three days). Use the online form.\n5. Insurer (seven days).", "PASS"),
        ("In 2021 the council told the ICO after nine days. We report within 72 hours.", "PASS"),
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
        ("All data is kept within the UK. Messages are stored on servers in the United States.", "FAIL"),
        ("No third party ever receives your data. Mailchimp gets your e-mail address.", "FAIL"),
        ("Your details are not passed to anyone. We send your number to the courier.", "FAIL"),
        ("We share it with no one. Only the courier gets your address.", "NOT_APPLICABLE"),
        (
            "We will never share your data with anyone.\n\nFirms that help us\n- Kraken, Leeds, post bills",
            "FAIL",
        ),
        ("We never share your data with anyone. ADP runs our payroll and receives your name.", "FAIL"),
        ("We do not share it with just anyone. The courier gets your address.", "NOT_APPLICABLE"),
        ("We never share your data with anyone.\nRecipients: Royal Mail, our bank.", "FAIL"),
        ("| Do you share it? | No, with nobody |\n| Who receives it? | Our printer |", "FAIL"),
        ("All data stays in the UK. Our team in Manila has access to it.", "FAIL"),
        ("No one but us ever sees your data. Mailchimp holds your e-mail address.", "FAIL"),
        ("We never share your data with anyone.\n\nWho receives it\n- our bank\n- our vet", "FAIL"),
        (
            "We never share your data with anyone who'd sell to you. The courier gets your address.",
            "NOT_APPLICABLE",
        ),
        (
            "Health notes are never shown to anyone outside the clinic. Your name goes to our accountants.",
            "PASS",
        ),
        ("Health notes are never shown to anyone. Health notes go to our insurers.", "FAIL"),
        (
            "Your data never leaves the UK. Our staff in Ireland have their own notice and can't see it.",
            "PASS",
        ),
        (
            "What you tell the counsellor isn't shared with anyone. Hours are shared with our accountants.",
            "PASS",
        ),
        ("We have never passed children's information to any firm. Our courier gets your address.", "FAIL"),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Date of reply: 15.06.2026\nDate of request: 01.05.2026", "FAIL"),
        ("| Request received | 2 March 2026 |\n| Reply sent | 31 March 2026 |", "PASS"),
        ("Edinburgh, 18 August 2026\nYour access request dated 6 July 2026 is answered here.", "FAIL"),
        ("Date received: 1 March 2026\nLetter sent 6 May 2026", "FAIL"),
        ("| Request received | 2 March 2026 |\n| Reply sent | 5 May 2026 |\n| Extension | None |", "FAIL"),
        ("We are replying today, 9 June 2026, to your request of 4 March 2026.", "FAIL"),
        ("11 September 2026\nWe received your letter dated 9 August 2026 on 11 August 2026.", "PASS"),
        ("Request in: 3 June 2026\nReply out: 1 September 2026", "FAIL"),
        (
            "30 June 2026\nYour request of 7 June 2026. Enclosed is a letter we received on 4 June 2021.",
            "PASS",
        ),
        (
            "1 July 2026\nYou asked on 3 May 2026. It was not clear what for; you told us on 10 June 2026.",
            "PASS",
        ),
        (
            "1 July 2026\nYour request came on 3 May 2026. On 25 May we let you know we needed until July.",
            "PASS",
        ),
    ],
)
def test_a_reply_tells_its_dates_in_lines_rows_and_letters(text: str, expected: str) -> None:
    assert verdict("dsar_deadline", text, "dsar_response") == expected


def test_the_next_line_may_name_the_interest() -> None:
    basis = "Lawful basis: legitimate interests"
    assert verdict("legitimate_interest_named", f"{basis}\nThe interest: stopping card fraud") == "PASS"
    assert verdict("legitimate_interest_named", f"{basis}\nYou can object at any time") == "FAIL"
    own_line = "Legitimate interests\nOur interest is to keep burglars out of the yard."
    assert verdict("legitimate_interest_named", own_line) == "PASS"
    assert verdict("legitimate_interest_named", "Our basis is Article 6(1)(f).") == "FAIL"
    in_brackets = "Cameras watch the car park for everyone's safety at night (legitimate interest)."
    assert verdict("legitimate_interest_named", in_brackets) == "NEEDS_REVIEW"


@pytest.mark.parametrize(
    ("gate", "text", "expected"),
    [
        ("purposes_specified", "| Data | Purpose |\n| Name | General purposes |", "FAIL"),
        ("purposes_specified", "| Data | Purpose |\n| Name | Posting your order |", "PASS"),
        ("retention_indefinite", "| Data | Retention |\n| Cards | No limit |", "FAIL"),
        ("retention_indefinite", "| Data | Retention |\n| Cards | 2 years |", "NOT_APPLICABLE"),
        ("data_source", "| Data | Source |\n| Income | Third parties |", "FAIL"),
        ("recipients", "| Recipient | Why |\n| Quillon Freight | Delivery |", "PASS"),
        ("recipients", "| Recipient | Why |\n| Third parties | Delivery |", "FAIL"),
        ("legitimate_interest_named", "| Data | Basis |\n| Visits | Legitimate interests |", "FAIL"),
        ("legitimate_interest_named", "| Why | Basis |\n| Stopping theft | Legitimate interests |", "PASS"),
    ],
)  # fmt: skip
def test_a_cell_is_read_under_the_head_of_its_column(gate: str, text: str, expected: str) -> None:
    assert verdict(gate, text) == expected


@pytest.mark.parametrize(
    ("gate", "kind", "text", "expected"),
    [
        (
            "processor_instructions",
            "processing_agreement",
            "The Host need not obey any instructions.",
            "FAIL",
        ),
        ("processor_assistance", "processing_agreement", "The Host will not help with requests.", "FAIL"),
        ("processor_audit", "processing_agreement", "| Audits | None |", "FAIL"),
        (
            "processor_subprocessors",
            "processing_agreement",
            "No sub-processors may be used.",
            "NOT_APPLICABLE",
        ),
        ("breach_register", "breach_procedure", "There is no incident log.", "WARNING"),
        ("breach_individuals", "breach_procedure", "Members are never told that data was lost.", "FAIL"),
        ("withdraw_consent", "consent_form", "I know that my consent cannot be revoked.", "FAIL"),
        ("marketing_opt_out", "marketing_email", "New in store: hats. Unsubscribing costs £2.", "FAIL"),
        (
            "consent_preticked",
            "consent_form",
            "No answer? We will take it that you have refused.",
            "NOT_APPLICABLE",
        ),
    ],
)
def test_what_is_denied_in_so_many_words_is_not_given(gate: str, kind: str, text: str, expected: str) -> None:
    assert verdict(gate, text, kind) == expected
