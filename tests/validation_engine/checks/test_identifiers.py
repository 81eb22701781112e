"""A number is judged only with its label near it, and rightly whatever its spacing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.gb import vat

from tests.validation_engine.checks.checking import checked
from tests.validation_engine.factories import outcome, validated


@pytest.mark.parametrize(
    ("gate", "text", "verdict"),
    [
        ("vat_number_checksum", "VAT registration number: GB729018336", "PASS"),
        ("vat_number_checksum", "VAT No. 729 0183 36", "PASS"),
        ("vat_number_checksum", "VAT no: GB 729 0183 36 001", "PASS"),
        ("vat_number_checksum", "VAT reg XI 729 0183 36", "PASS"),
        ("vat_number_checksum", "VAT reg no 729 0183 35", "FAIL"),
        ("vat_number_checksum", "Registered in England | VAT registered 729 0183 35", "FAIL"),
        ("vat_number_checksum", "Order 729 0183 35", "NOT_APPLICABLE"),
        ("company_number_format", "Registered in Scotland No. SC612908", "PASS"),
        ("company_number_format", "company number 09213344", "PASS"),
        ("company_number_format", "Company registration number 92133", "FAIL"),
        ("company_number_format", "Orrin Ltd, a company numbered 09213344", "PASS"),
        ("company_number_format", "Registered in Scotland, SC6129", "FAIL"),
        ("company_number_format", "Registered in England & Wales No: 123456789", "FAIL"),
        ("company_number_format", "Company number                 09213344", "PASS"),
        ("company_number_format", "VAT registration number GB 729 0183 36", "NOT_APPLICABLE"),
        ("company_number_format", "Lorn Seaweed Limited, registered in Scotland (SC70113)", "FAIL"),
        ("company_number_format", "Tay Genomics Ltd (SC611902), a company", "PASS"),
        ("company_number_format", "Alder (Holdings) Ltd (2004)", "NOT_APPLICABLE"),
        ("iban_checksum", "IBAN GB29NWBK60161331926819", "PASS"),
        ("iban_checksum", "IBAN: DE89 3704 0044 0532 0130 00", "PASS"),
        ("iban_checksum", "IBAN GB28 NWBK 6016 1331 9268 19", "FAIL"),
        ("iban_checksum", "Our IBAN is GB64 LOYD 8708 2928 9685 63.", "FAIL"),
        ("iban_checksum", "| IBAN | GB71 HBUK 1092 5022 0716 53 |", "FAIL"),
        ("iban_checksum", "IBAN:          GB29 NWBK 6016 1331 9268 19", "PASS"),
        ("company_number_format", "Companies House number 092-133", "FAIL"),
        ("company_number_format", "Partners of Poole LLP, partnership number OC12345", "FAIL"),
        ("company_number_format", "Company registration no. 0A21B344", "FAIL"),
        ("company_number_format", "Companies House number 14785236\n20 tins at £5.00", "PASS"),
        ("nino_format", "NI no: JK 12 34 5 A", "FAIL"),
        ("nino_format", "Your National Insurance number, as shown in March 2026, is ZZ 98 76 54 A.", "FAIL"),
        ("nino_format", "National Insurance number: given on 5 April 2026", "NOT_APPLICABLE"),
        ("nino_format", "NI number AB123456C", "PASS"),
        ("nino_format", "National Insurance number BG 12 34 56 C", "FAIL"),
        ("nino_format", "National Insurance number on our records: BG 12 34 56 C", "FAIL"),
        ("utr_checksum", "UTR 1955839661", "PASS"),
        ("utr_checksum", "The unique taxpayer reference (UTR) is shown as 4404424519.", "WARNING"),
        ("utr_checksum", "| UTR | 9369546450 |", "WARNING"),
        ("utr_checksum", "Unique Taxpayer Reference: 2955839661", "WARNING"),
    ],
)
def test_a_labelled_number_is_judged(gate: str, text: str, verdict: str) -> None:
    assert outcome(validated(text, document_type="vat_invoice"), f"tax_uk.{gate}").verdict == verdict


@given(st.integers(0, 9_999_999))
def test_either_scheme_of_check_digits_is_accepted_and_a_transposition_is_not(body: int) -> None:
    digits = f"{body:07d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(8, 1, -1), strict=True))
    for addend in (0, 55):
        check = 97 - (total + addend) % 97
        number = f"{digits}{check:02d}"
        if check < 97 and vat.is_valid(number):
            told = outcome(
                validated(f"VAT reg GB {number}", document_type="vat_invoice"), "tax_uk.vat_number_checksum"
            )
            assert told.verdict == "PASS"
    wrong = f"{digits}{(97 - total % 97 + 11) % 97:02d}"
    if not vat.is_valid(wrong):
        told = outcome(
            validated(f"VAT reg GB {wrong}", document_type="vat_invoice"), "tax_uk.vat_number_checksum"
        )
        assert told.verdict == "FAIL"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("VAT registration number GB 353 4547 09\n12 High Street\nTotal £12.00", "PASS"),
        ("VAT registration number GB 353 4547 90\n12 High Street", "FAIL"),
    ],
)
def test_a_vat_number_ends_with_its_line(text: str, verdict: str) -> None:
    assert checked("vat_number", text).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("VAT registration number GB 712 4491 54\n12 High Street", "NOT_APPLICABLE"),
        ("VAT registration number 712 4491 54", "NOT_APPLICABLE"),
        ("Registered in Scotland, company number SC612908\n14 Mill Lane", "PASS"),
        ("Registered in England and Wales No. 9213344", "FAIL"),
        ("Registered in Northern Ireland, company no. NI041234", "PASS"),
        ("Registered in Ireland, company number 512345", "NOT_APPLICABLE"),
    ],
)
def test_a_company_number_is_one_of_the_british_register(text: str, verdict: str) -> None:
    assert checked("company_number", text).verdict == verdict
