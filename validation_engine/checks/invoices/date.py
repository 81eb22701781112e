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
    needs_review,
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
_LONGEST_NAME, _FAR = 4, 200


@check("invoice_date")
def invoice_date(context: Context) -> CheckResult:
    """Some date is the document's own, not only that of supply, payment or an order."""
    folded, shown, is_unsure = lined(context.document), list[Finding](), False
    for one in each_date(context.document.folded):
        before = _before(folded, one)
        if _is_own(context, one, before):
            return passed()
        shown = shown or [Finding(one.start, one.end)]
        is_unsure = is_unsure or not _OTHER_DATE.search(before)
    message = "No date is given as that of issue." if shown else "The document has no date."
    return (needs_review if is_unsure else failed)(message, *shown)


def _before(folded: str, one: FoundDate) -> str:
    """Return what stands before a date in its cell, else in its line."""
    line = folded[max(folded.rfind("\n", 0, one.start) + 1, one.start - _FAR) : one.start]
    cell = re.split(r"\s{3,}|\t|\|", line)[-1]
    return cell if cell.strip(" *_") else line


def _is_own(context: Context, one: FoundDate, before: str) -> bool:
    if context.document_type == "credit_note" and "invoice" in before.lower():
        return False
    own = _OWN_DATE.search(before)
    if own:
        return not _NOT_OWN_LABEL.search(before[: own.end()]) or "date and tax point" in before.lower()
    if in_own_cell(lined(context.document), one):
        return True
    if _OTHER_DATE.search(before):
        return False
    return len(_WORD.findall(before)) <= _LONGEST_NAME
