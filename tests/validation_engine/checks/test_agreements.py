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
    ],
)
def test_courts_fit_the_law(law: str, courts: str, expected: str) -> None:
    text = f"This agreement is governed by {law}. Disputes go to {courts}, which have jurisdiction."
    assert verdict("jurisdiction_consistent", text) == expected


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


def test_a_term_in_quotes_brackets_or_a_definition_is_defined() -> None:
    use = " The Recipient shall use it for the Purpose."
    assert verdict("defined_terms_used", 'To quote for work (the "Purpose").' + use) == "PASS"
    assert verdict("defined_terms_used", "Purpose: to quote for work." + use) == "PASS"
    assert verdict("defined_terms_used", "To quote for work." + use) == "FAIL"
