"""Charges beside a claim to be free that do not contradict it: somebody else's, and another product's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.checks.registry import Finding
    from validation_engine.documents.model import Document

_THEM = (
    r"(?:couriers?|solicitors?|conveyancers?|lenders?|post office|surveyors?|valuers?|notar(?:y|ies)|shops?|"
    r"land registry|registers of scotland|hmrc|government|(?:cash ?)?machines?|atms?|accountants?|"
    r"(?:other|another|your|their|your own|your old|your current|the new|the old) "
    r"(?:bank|firm|platform|provider|broker|adviser)s?)"
)
_OF_ANOTHER = Quick(
    rf"\b{_THEM}(?:'s|s')? "
    r"(?:(?:may|might|will|can|could|does|do|usually|often|normally|still|also|own|itself|then) ){0,3}"
    r"(?:charges?|adds?|takes?|fees?|wants?|asks?|costs?|makes?|deducts?)\b|"
    r"\b(?:not|never|none of (?:it|that|which)(?: is| comes| goes)?) (?:to us|ours)\b|"
    rf"\b(?:pay|paid|payable|goes|go|due|owed)(?: \w+)? to (?:them|him|her|(?:the |your )?{_THEM})\b",
    re.IGNORECASE,
)
# One of several to choose from, of which the others may cost.
CHOICE = Quick(
    r"\b(?:some|others?|either|options?|alternative(?:ly)?|instead|choose|choice|versions?|"
    r"(?:take|have) your pick|up to you|whichever)\b",
    re.IGNORECASE,
)
# What a line or row is about: "Fix A: 4.89%, no product fee".
_LABEL = re.compile(r"\W*([^:|.?!]{2,32}?)(?:[:|]| {3})")
_WORD = re.compile(r"\w{3,}")
_MONEY = re.compile(r"\b(?:fees?|charges?|costs?|prices?|commission)\b", re.IGNORECASE)


def is_of_another(text: str) -> bool:
    """Whether a sentence tells what somebody else charges: "the courier's charge is £12"."""
    return bool(_OF_ANOTHER.search(text))


def are_alternatives(document: Document, claim: Finding, charge: Finding, kind: str) -> bool:
    """Whether two lines tell of two products of one sort, one with a charge that the other has not.

    Args:
        document: Has the lines.
        claim: Says that the one is free.
        charge: Says what is taken for the other.
        kind: The charge that the claim is about, empty where it is about any.
    """
    lines = (document.sentence_text(document.sentence_at(span.start)) for span in (claim, charge))
    first, second = map(_LABEL.match, lines)
    if not first or not second or _MONEY.search(f"{first[1]} {second[1]}"):
        return False
    one, other = _words(first[1]), _words(second[1])
    return first[1] != second[1] and (bool(kind) or bool(one & other))


def _words(label: str) -> set[str]:
    return set(_WORD.findall(label.lower()))
