"""Parties, dates, courts, mutuality and terms of agreements."""

from __future__ import annotations

from datetime import date

import pytest

from validation_engine.checks.registry import Context, named
from validation_engine.documents.plain import read_plain
from validation_engine.fields import Fields


def verdict(name: str, text: str) -> str:
    document = read_plain(text)
    return named(name)(Context(document, Fields(document), "mutual_nda", date(2026, 3, 1), {})).verdict


@pytest.mark.parametrize(
    ("law", "courts", "expected"),
    [
        ("Scots law", "the Court of Session", "PASS"),
        ("the laws of Scotland", "the courts of London", "FAIL"),
        ("English law", "the English courts", "PASS"),
        ("the law of Northern Ireland", "the courts of England", "FAIL"),
        ("the law of Northern Ireland", "the courts of Northern Ireland", "PASS"),
        ("the law of Northern Ireland", "the Irish courts", "FAIL"),
        ("English law", "the courts of New York", "FAIL"),
        ("the law of Jersey", "the Royal Court of Jersey", "PASS"),
    ],
)
def test_courts_fit_the_law(law: str, courts: str, expected: str) -> None:
    text = f"This agreement is governed by {law}. Disputes go to {courts}, which have jurisdiction."
    assert verdict("jurisdiction_consistent", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "This agreement follows Scots law. The courts of England alone can deal with it.",
            "FAIL",
        ),
        ("Governing law | England and Wales\nJurisdiction | The Scottish courts, exclusively", "FAIL"),
        ("Governing law | Scots law\nCourts | Court of Session, Edinburgh", "PASS"),
        ("Law: Scotland. Courts: England.", "FAIL"),
        ("The governing law is Scots law. Forum: England.", "FAIL"),
        ("English law governs. Any falling-out goes before Edinburgh Sheriff Court.", "FAIL"),
        ("We've gone for Scots law. If it ever comes to court, it'll be Manchester County Court.", "FAIL"),
        ("Which law? That of England and Wales. Which court? The Court of Session, and it alone.", "FAIL"),
        ("The law of Scotland governs. The sheriff at Kirkcaldy decides disputes.", "PASS"),
        ("Scots law and not English law governs. Any dispute is for the English courts.", "FAIL"),
        (
            "English law governs and its High Court decides. The Court of Session may grant interdict.",
            "PASS",
        ),
        (
            "Scots law governs. The English courts have jurisdiction. They were chosen as both trade there.",
            "PASS",
        ),
        (
            "Alder Ltd is registered under the law of Scotland. The English courts decide disputes.",
            "NOT_APPLICABLE",
        ),
    ],
)
def test_law_and_courts_are_told_from_labels_questions_and_plain_words(text: str, expected: str) -> None:
    assert verdict("jurisdiction_consistent", text) == expected


def test_the_courts_that_alone_decide_count_before_others() -> None:
    text = "Scots law governs. The Scottish courts decide disputes about samples."
    assert verdict("jurisdiction_consistent", text + " The English courts alone decide all else.") == "FAIL"


def test_further_courts_beside_the_right_ones_do_no_harm() -> None:
    text = "Scots law governs. The Scottish courts have jurisdiction."
    further = text + " A party may bring proceedings in the courts of England."
    assert verdict("jurisdiction_consistent", further) == "PASS"


def test_roles_alone_identify_nobody() -> None:
    assert verdict("parties_identified", "Between the Company and the Recipient.\n\nSigned: ......") == "FAIL"


def test_people_and_bodies_without_a_legal_form_are_parties_too() -> None:
    text = "Between Fife Council, Fife House, North Street, Glenrothes KY7 5LT and Elspeth Munro."
    assert verdict("parties_identified", text) == "PASS"


def test_names_without_number_or_address_do_not_identify() -> None:
    assert verdict("parties_identified", "Between Gairloch Slate Ltd and Mr Ewan Rae.") == "FAIL"


def test_a_date_inside_a_clause_does_not_date_the_agreement() -> None:
    head = "Confidentiality agreement\n\nThe Recipient shall return it by 4 May 2027.\n\n"
    assert verdict("agreement_date", head) == "FAIL"
    assert verdict("agreement_date", head + "4 May 2026\n\nSigned") == "PASS"


def test_a_mutual_title_needs_duties_of_both() -> None:
    title = "Mutual non-disclosure agreement\n\n"
    one = title + "The Recipient shall keep the information secret. Each party bears its own costs."
    assert verdict("mutuality_consistent", one) == "FAIL"
    both = title + "Each of us may be the Recipient of information. The Recipient shall keep it secret."
    assert verdict("mutuality_consistent", both) == "PASS"


@pytest.mark.parametrize(
    ("duties", "expected"),
    [
        ("What you tell us we keep quiet, and what we tell you, you keep quiet.", "PASS"),
        ("Whichever of us is getting it must hold it in confidence.", "PASS"),
        ("What one side tells the other stays with it.", "PASS"),
        (
            "The company that passes information on is the Owner. The Holder shall keep it confidential.",
            "PASS",
        ),
        (
            "Beck undertakes to keep it secret. Alder is not bound by what it learns of the other party.",
            "FAIL",
        ),
        ("Alder shall keep Beck's papers safe. Beck shall treat Alder's as confidential.", "PASS"),
        ("We'll keep your secrets. You'll keep ours.", "PASS"),
        ("Who is given it (the Keeper) tells no one. Either company may be the Keeper.", "PASS"),
        ("The Recipient shall not disclose it. Employees shall keep it secret.", "FAIL"),
        ("The recipient keeps it confidential.", "FAIL"),
        ("Beck shall keep it secret. Neither party bars a protected disclosure.", "FAIL"),
        ("Secrets are guarded.", "NEEDS_REVIEW"),
        ("Beck Foods Ltd shall keep Alder's plans secret. Alder Ltd shall keep Beck's secret.", "PASS"),
        ("Neither party shall reveal the other's drawings.", "PASS"),
        ("Each party keeps the other's papers secret. Only the Buyer is bound.", "FAIL"),
        ("Each party's papers are secret. The duty of secrecy falls on Alder alone.", "FAIL"),
        ("Each party shall keep it secret. Alder gives no undertaking of secrecy for its part.", "FAIL"),
        ("Each shall keep it secret. Either party may use its own papers as it pleases.", "PASS"),
        ("| Who is bound | Alder Ltd only |\n| Secret | Each party's prices |", "FAIL"),
    ],
)
def test_duties_of_both_are_told_in_many_words(duties: str, expected: str) -> None:
    assert verdict("mutuality_consistent", f"Mutual non-disclosure agreement\n\n{duties}") == expected


def test_a_one_way_title_does_not_go_with_duties_of_both() -> None:
    title = "Unilateral confidentiality agreement\n\n"
    both = "Both companies will keep secret what they learn of each other."
    assert verdict("mutuality_consistent", title + both) == "FAIL"
    assert verdict("mutuality_consistent", title + "Each party may disclose that talks are held.") == "PASS"
    one = "Alder Ltd shall keep Beck Ltd's plans secret."
    assert verdict("mutuality_consistent", title + one) == "PASS"
    other = " Beck Ltd shall keep Alder Ltd's plans secret."
    assert verdict("mutuality_consistent", title + one + other) == "FAIL"


def test_a_term_in_quotes_brackets_or_a_definition_is_defined() -> None:
    use = " The Recipient shall use it for the Purpose."
    assert verdict("defined_terms_used", 'To quote for work (the "Purpose").' + use) == "PASS"
    assert verdict("defined_terms_used", "Purpose: to quote for work." + use) == "PASS"
    assert verdict("defined_terms_used", "Purpose   | to quote for work.\n" + use) == "PASS"
    assert verdict("defined_terms_used", "That bid is the Purpose." + use) == "PASS"
    assert verdict("defined_terms_used", "To quote for work." + use) == "FAIL"
    assert verdict("defined_terms_used", "The Purpose is not defined." + use) == "FAIL"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It may be shown to the Clean Team.", "FAIL"),
        ('"Clean Team" means four actuaries. It may be shown to the Clean Team.', "PASS"),
        ("It may be shown to Clean Team Limited.", "NOT_APPLICABLE"),
        ('The survey ("Project Data") is secret until May. The Project Data may then be used.', "PASS"),
    ],
)
def test_a_term_of_two_words_is_defined_and_the_name_of_a_company_is_none(text: str, expected: str) -> None:
    assert verdict("defined_terms_used", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "We want to weave together. We'll refer to that as the Project. Use it for the Project only.",
        "Termination Date    31 March 2026\nYour job ends on the Termination Date.",
        "Purpose - seeing whether we can weave together.\nUse it for the Purpose only.",
        "By Relevant Information we mean recipes. Keep the Relevant Information safe.",
        "Tell your Authorised Persons, being your directors. Authorised Persons keep it too.",
        "Words in capitals have the meaning given in our Services Agreement. Use it for the Purpose.",
        "THE PROJECT\nA mill. Everything about the Project stays between us.",
    ],
)
def test_a_term_is_defined_in_plain_words_and_lists_too(text: str) -> None:
    assert verdict("defined_terms_used", text) != "FAIL"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("agreement_date", "Signed on the third of March, two thousand and twenty-six."),
        ("agreement_date", "This binds us as from 3rd March 2026, whenever each signs."),
        ("agreement_date", "TL/17 | 3 March 2026 | Private"),
        ("parties_identified", "Company 1: Oban Oysters Limited, company 512873\nCompany 2: Pereira Lda"),
        ("parties_identified", "The University of Strathmore (SC015263) and Pentland Optics Ltd agree."),
        (
            "jurisdiction_consistent",
            "Scots law governs. The County Court claim in Carlisle is withdrawn by this agreement.",
        ),
        ("mutuality_consistent", "Two-way NDA\n\nThe Taker is whichever of us is told. The Taker keeps it."),
        (
            "mutuality_consistent",
            "Mutual NDA\n\nOban is bound in respect of Beck's papers and Beck in respect of Oban's.",
        ),
    ],
)
def test_less_common_forms_of_agreements_are_no_fault(name: str, text: str) -> None:
    assert verdict(name, text) != "FAIL"
