"""An agreement falls into numbered clauses, headed sections and the lines that sign it."""

from __future__ import annotations

from validation_engine.documents.plain import read_plain
from validation_engine.fields import Fields

AGREEMENT = """\
MUTUAL CONFIDENTIALITY AGREEMENT

This agreement is made between Kelso Foods Ltd and Dunbar Mills Ltd, and is signed below.

1. Each party keeps secret what the other discloses.

It does so for \u201cfive years\u201d.

1.1 Nothing binds a party as to what it knew before.

(2) The law of Scotland governs this agreement.

Clause 3.2.1 The courts of Scotland decide.

Signed for and on behalf of Kelso Foods Ltd

Director: Morag Baird
"""
POLICY = """\
LEAVE

Twenty-eight days a year.

SICKNESS

PAY

Wages are paid on Fridays.

They are paid by transfer.
"""


def _fields(text: str) -> Fields:
    return Fields(read_plain(text))


def test_each_clause_reaches_to_the_next_number() -> None:
    clauses = _fields(AGREEMENT).clauses
    assert [one.number for one in clauses] == ["1", "1.1", "2", "3.2.1"]
    assert [(one.text[:14], one.text[-14:]) for one in clauses[:2]] == [
        ("1. Each party ", ' "five years".'),
        ("1.1 Nothing bi", "t knew before."),
    ]
    assert [one.start for one in clauses[1:]] == [one.end for one in clauses[:-1]]
    assert clauses[-1].end == len(AGREEMENT)


def test_a_number_that_opens_no_clause_is_none() -> None:
    text = "28 days are allowed.\n\nThe rent is 1.5 times the old one.\n\n2026\n\n100. No list goes so far."
    assert _fields(text).clauses == []


def test_sections_stand_under_their_headings_and_empty_ones_are_left_out() -> None:
    found = [(one.heading, one.text.strip()) for one in _fields("Read this first.\n\n" + POLICY).sections]
    assert found == [
        ("", "Read this first."),
        ("LEAVE", "Twenty-eight days a year."),
        ("PAY", "Wages are paid on Fridays.  They are paid by transfer."),
    ]


def test_signing_counts_at_the_foot_alone() -> None:
    found = [AGREEMENT[start:end] for start, end in _fields(AGREEMENT).signatures]
    assert found == ["Signed", "for and on behalf of", "Director:"]
