"""Whether an invoice or credit note has a number of its own."""

from __future__ import annotations

import re

from validation_engine.checks.layout import lined
from validation_engine.checks.registry import CheckResult, Context, check, failed, passed
from validation_engine.scan.quick import Quick

_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_VALUE = (
    rf"(?!\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTHS})(?!\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}\b)"
    r"(?!(?:dated?|of|for|to|on|from|total|due|amount|period|is|was|by|within|and)\b)"
    r"(?!(?:issued?|raised|made|sent|drawn|in|at|as|with|against|payable|please|none|undated) )"
    r"(?:[a-z]{1,6}[-/ &.+:]{0,2}){0,3}\d[\w/-]*"
)
_WORD_FOR_NUMBER = r"(?: ?(?:no|nos|number|num|nr|ref|reference|id))?\.?"
_BETWEEN = r"(?![a-z])[*_ ]*#?[*_ ]?[:#|/-]?[*_ ]*#?"
_FOREIGN = Quick(
    r"\b(?:order|po|your|customer|client|account|a/c|payment|job|vat|company|tax|quote|quotation|phone|"
    r"tel|booking|"
    r"contract|utr)\W*$",
    re.IGNORECASE,
)


def _labelled(label: str) -> Quick:
    return Quick(
        rf"\b(?:{label}){_WORD_FOR_NUMBER}{_BETWEEN}{_VALUE}"
        rf"|(?:^|\t| {{2,}}|\|)[*_ |]*(?P<bare>number|no|document|ref|reference|our ref)\.?"
        rf"{_WORD_FOR_NUMBER}{_BETWEEN}{_VALUE}"
        # Under its label, or under the label's column.
        rf"|\b(?:{label}) ?(?:no|number|#)\.?:? *\n+(?![^\n:\d]{{2,30}}:)[*_ ]*{_VALUE}"
        rf"|\b(?:{label}) ?(?:no|number|#)\.?(?: {{2,}}| ?\|)"
        rf"(?! *(?:n/?a|none|tbc|pending|-+)\b)[^\n]*\n+[^\n]*\d",
        re.IGNORECASE | re.MULTILINE,
    )


_INVOICE = _labelled(r"invoice|i n v o i c e|inv|bill|fee note|document|our ref|ref|reference|receipt")
_CREDIT = _labelled(r"credit(?: note| memo)?|cn|credit note ref|document|note")
_OWN_PREFIX = {
    "credit_note": re.compile(r"\b(?:cn|cr|crn)[-/ ]?\d", re.IGNORECASE),
}


@check("document_number")
def document_number(context: Context) -> CheckResult:
    """The document has a number; a credit note's is not that of the invoice it corrects."""
    text = lined(context.document)
    own = _OWN_PREFIX.get(context.document_type)
    if own and own.search(text):
        return passed()
    pattern = _CREDIT if context.document_type == "credit_note" else _INVOICE
    for found in pattern.finditer(text):
        before = text[max(found.start() - 20, 0) : found.start()].rsplit("\n", 1)[-1]
        if found.group().lower().startswith("inv") or not _FOREIGN.search(before):
            return passed()
    return failed("Looked for a number with its label and found none.")
