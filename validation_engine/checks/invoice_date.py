"""The day on which an invoice was issued."""

from __future__ import annotations

import re

from validation_engine.checks.layout import lined
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    passed,
)
from validation_engine.fields.dates import FoundDate, each_date
from validation_engine.fields.document_date import in_own_cell
from validation_engine.scan.quick import Quick

_OTHER_DATE = Quick(
    r"\b(?:due|payable|paid?|payment|before|by|supply|supplied|deliver\w*|tax point|period|from|to|until|"
    r"between|work|works|"
    r"complet\w+|visit\w*|order\w*|quot\w+|letter|e-?mail|booking|hire|start|end|ended|against|original|"
    r"statement|"
    r"invoices?|credits?|since|on)\b[^\n]{0,30}$",
    re.IGNORECASE,
)
_OWN_DATE = Quick(
    r"(?:\b(?:(?:invoice |issue )?date(?: of (?:the )?(?:issue|invoice|credit(?: note)?|bill|document|"
    r"this (?:\w+ ){0,2}\w+))?|tax point and date|"
    r"(?:issued|invoiced|billed)(?: on)?|(?:made out|drawn up|prepared)(?: on)?|dated|raised(?: on)?|"
    r"sent(?: out)?(?: on)?)"
    r"(?:(?: ?/ ?| ?& ?|,? and |, | ?\((?:and |& ?|also )?(?:the )?)(?:tax point|(?:time|date) of supply|"
    r"supply date|supplied|delivered))?"
    r"[^\n\w]{0,40}"
    r"(?:[a-z]{3,6}day[ ,]{0,2})?|\b(?:invoice|credit note|inv)\b[^\n]{0,24}(?:,| of| dated|[-\xb7/@;.]|"
    r"\s{2,}) *)$",
    re.IGNORECASE,
)
_NOT_OWN_LABEL = Quick(
    r"\b(?:due|payment|supply|delivery|order|completion|period|original|of receipt)\b", re.IGNORECASE
)
_WORD = re.compile(r"[a-z][a-z'-]*", re.IGNORECASE)
_LONGEST_NAME = 4


@check("invoice_date")
def invoice_date(context: Context) -> CheckResult:
    """Some date is the document's own, not only that of supply, payment or an order."""
    shown: list[Finding] = []
    for one in each_date(context.document.folded):
        if _is_own(context, one):
            return passed()
        shown = shown or [Finding(one.start, one.end)]
    return failed("No date is given as that of issue." if shown else "The document has no date.", *shown)


def _is_own(context: Context, one: FoundDate) -> bool:
    folded = lined(context.document)
    line = folded.rfind("\n", 0, one.start) + 1
    before = re.split(r"\s{3,}|\t|\|", folded[line : one.start])[-1]
    if not before.strip(" *_"):
        before = folded[line : one.start]
    if context.document_type == "credit_note" and "invoice" in before.lower():
        return False
    own = _OWN_DATE.search(before)
    if own:
        return not _NOT_OWN_LABEL.search(before[: own.end()]) or "date and tax point" in before.lower()
    if in_own_cell(folded, one):
        return True
    if _OTHER_DATE.search(before):
        return False
    return len(_WORD.findall(before)) <= _LONGEST_NAME
