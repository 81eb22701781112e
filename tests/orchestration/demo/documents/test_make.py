from __future__ import annotations

from datetime import date
from random import Random
from time import process_time

import pytest
from stdnum.gb import vat

from orchestration.demo.documents import KINDS, make_document
from orchestration.demo.documents.fields import particulars
from orchestration.demo.documents.kinds import load_kind

FAULTS = [(kind, gate) for kind in KINDS for gate in load_kind(kind).gates()]


def test_there_are_kinds_of_all_five_modules() -> None:
    assert len(KINDS) >= 15
    assert {load_kind(kind).module for kind in KINDS} == {
        "fca_uk",
        "gdpr_uk",
        "hr_scottish",
        "nda_uk",
        "tax_uk",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_writes_the_same_document(kind: str) -> None:
    assert make_document(kind, Random(7), 0.5) == make_document(kind, Random(7), 0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_documents_are_of_sensible_length_and_fully_filled(kind: str) -> None:
    for seed in range(40):
        document = make_document(kind, Random(seed), 0.5)
        assert 500 <= len(document.text) <= 3000
        assert "{" not in document.text


def test_without_faults_every_document_is_compliant() -> None:
    assert not any(make_document(kind, Random(3)).planted_faults for kind in KINDS)


@pytest.mark.parametrize(("kind", "gate"), FAULTS)
def test_a_named_fault_changes_the_document_and_is_reported(kind: str, gate: str) -> None:
    faulty = make_document(kind, Random(11), [gate])
    assert faulty.planted_faults == (gate,)
    assert gate.startswith(f"{faulty.module}.")
    assert faulty.text != make_document(kind, Random(11)).text


def test_fewer_faults_are_planted_where_quality_is_higher() -> None:
    def faulty(probability: float) -> int:
        rng = Random(5)
        return sum(bool(make_document("privacy_notice", rng, probability).planted_faults) for _ in range(500))

    assert faulty(0.1) < faulty(0.4) < faulty(0.8)


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="no kind of document is called 'poem'"):
        make_document("poem", Random(1))


def test_a_fault_that_the_kind_cannot_have_is_refused() -> None:
    with pytest.raises(KeyError, match=r"privacy_notice cannot be made to break tax_uk\.net_sum"):
        make_document("privacy_notice", Random(1), ["tax_uk.net_sum"])


def test_vat_numbers_are_valid_and_wrong_ones_are_not() -> None:
    for seed in range(200):
        values = particulars(Random(seed), "tax_uk", date(2026, 5, 4))
        assert vat.is_valid(values["vat_number"])
        assert not vat.is_valid(values["vat_number_wrong"])


def test_a_quoted_weekday_is_the_weekday_of_its_date() -> None:
    values = particulars(Random(2), "hr_scottish", date(2026, 5, 4))
    weekday, day, month, year = values["hearing"].split()
    assert date(int(year), ["May", "June"].index(month) + 5, int(day)).strftime("%A") == weekday
    assert not values["hearing_wrong_weekday"].startswith(weekday)


def test_two_thousand_documents_are_made_in_a_second() -> None:
    rng = Random(1)
    make_document(KINDS[0], rng)
    started = process_time()
    for number in range(1000):
        make_document(KINDS[number % len(KINDS)], rng, 0.4)
    assert process_time() - started < 0.5
