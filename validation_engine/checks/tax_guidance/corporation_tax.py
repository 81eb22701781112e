"""Whether a sentence of tax guidance is about corporation tax."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.checks.tax_guidance.advice import Advice

_CORPORATION = Quick(
    r"\bcorporation tax|\bcompan(?:y|ies)(?:'s?)? tax\b(?! return)|\bct600\b|"
    r"\bcompany(?:'s)? (?:tax (?:bill|return)|return)\b|"
    r"\b(?:nine|9) months (?:and|plus|\+) (?:a|one|1) day\b|"
    r"\bcompany (?:pays|must pay|has to pay) (?:its|the) tax\b",
    re.IGNORECASE,
)
# "You pay it nine months after your accounting period", under a heading on companies.
_ACCOUNTING_PERIOD = Quick(
    r"\b(?:accounting (?:period|year|date)|(?:company|financial) year(?:[ -]end)?|year[- ]end)\b",
    re.IGNORECASE,
)
_COMPANIES = re.compile(r"\bcompan(?:y|ies)\b|\bltd\b", re.IGNORECASE)
_OTHER_PAYMENT = re.compile(r"\b(?:vat|paye|dividends?|wages|creditors|pension)\b", re.IGNORECASE)
_PAYS = re.compile(r"\b(?:pa(?:y|ys|id|yment|yable|ying)|bill|liability)\b", re.IGNORECASE)


def is_about_corporation_tax(one: Advice) -> bool:
    """Return whether it names the tax, or tells when a company pays after its accounting period."""
    if _CORPORATION.search(one.subject):
        return True
    is_after_period = _ACCOUNTING_PERIOD.search(one.text) and _COMPANIES.search(one.subject)
    return bool(is_after_period and _PAYS.search(one.text) and not _OTHER_PAYMENT.search(one.text))
