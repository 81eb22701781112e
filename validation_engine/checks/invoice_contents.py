"""What an invoice must say of itself and of what was supplied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
from validation_engine.fields.invoice_totals import amounts_in
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Block, Document

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
    r"issued(?: on)?|(?:made out|drawn up|prepared)(?: on)?|dated|raised(?: on)?|sent(?: out)?(?: on)?)"
    r"(?:(?: ?/ ?| ?& ?|,? and |, | ?\((?:and |& ?|also )?(?:the )?)(?:tax point|(?:time|date) of supply|"
    r"supply date))?"
    r"[^\n\w]{0,40}"
    r"(?:[a-z]{3,6}day[ ,]{0,2})?|\b(?:invoice|credit note|inv)\b[^\n]{0,24}(?:,| of| dated|[-\xb7/@;.]|"
    r"\s{2,}) *)$",
    re.IGNORECASE,
)
_NOT_OWN_LABEL = Quick(
    r"\b(?:due|payment|supply|delivery|order|completion|period|original|of receipt)\b", re.IGNORECASE
)
_VAGUE_WORDS = frozenset(
    [
        "as",
        "per",
        "to",
        "for",
        "the",
        "our",
        "your",
        "all",
        "and",
        "of",
        "we",
        "us",
        "you",
        "work",
        "works",
        "services",
        "service",
        "professional",
        "consultancy",
        "goods",
        "items",
        "item",
        "job",
        "jobs",
        "carried",
        "out",
        "done",
        "completed",
        "provided",
        "supplied",
        "rendered",
        "undertaken",
        "agreed",
        "discussed",
        "quoted",
        "quote",
        "quotation",
        "ordered",
        "order",
        "requested",
        "instructed",
        "instructions",
        "arranged",
        "usual",
        "previously",
        "various",
        "sundry",
        "sundries",
        "miscellaneous",
        "misc",
        "general",
        "last",
        "this",
        "week",
        "month",
        "quarter",
        "year",
        "in",
        "on",
        "with",
        "by",
        "telephone",
        "phone",
        "conversation",
        "email",
        "site",
        "supply",
        "products",
        "product",
        "charges",
        "charge",
        "description",
        "details",
        "labour",
        "materials",
        "recent",
        "verbally",
        "below",
        "above",
        "only",
        "x",
        "being",
        "re",
        "amount",
        "fee",
    ]
)
_VAGUE_CORE = frozenset(
    [
        "agreed",
        "discussed",
        "rendered",
        "various",
        "sundry",
        "sundries",
        "miscellaneous",
        "misc",
        "usual",
        "quoted",
        "ordered",
        "requested",
        "instructed",
        "arranged",
        "instructions",
        "conversation",
    ]
)
_BARE_SUPPLY = frozenset(
    ["services", "goods", "work", "works", "labour", "items", "products", "supply", "materials", "job"]
)
_NO_ITEM = Quick(
    r"\b(?:total|vat|net|gross|due|balance|subtotal|sub-total|pay|payable|paid|terms|interest|bank|"
    r"sort code|account|deposit|"
    r"registered|discount|less|invoice|cis|deduct\w*|receipt|change|visa|card|cash|contactless|threshold|"
    r"turnover|amount)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z][a-z'-]*", re.IGNORECASE)
_FIGURE = re.compile(r"[\xa3\xa4$]? ?\d[\d,.]*%?")
_SERVICE = Quick(
    r"\b(?:fees?|services?|install\w*|labour|inspection|visits?|repairs?|hours?|days?|hire|design\w*|"
    r"survey\w*|report|"
    r"advice|call-?out|supply and fit\w*|maintenance|rent|subscription|delivery|fixed price|including|"
    r"work|training|"
    r"preparation|materials|support|licen[cs]e|cleaning|consult\w*|project|contract|package|stage|removal|"
    r"per|each|set of|pack of)\b"
    r"|\d",
    re.IGNORECASE,
)
_LOT = re.compile(
    r"\b(?:assorted|job lot|the lot|various (?:items|goods|products|parts|tools)|mixed goods)\b",
    re.IGNORECASE,
)
_SEVERAL_GOODS = 3
# "Oak frame, made and erected, one": what is done to it, or how many, are no other goods.
_DONE = re.compile(r" *(?:\w+ed|made|hung|laid|cut|built|sewn|one|a|each)\b(?: \w+)?$", re.IGNORECASE)
_LONGEST_NAME, _LONGEST_GOODS = 4, 6


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


@check("description")
def description(context: Context) -> CheckResult:
    """Where something stands for the supply, it says more than "as agreed"."""
    vague: list[tuple[int, int]] = []
    lead = ""
    for block, money in zip(context.document.blocks, amounts_in(context.document), strict=True):
        before, lead = lead, lead if money else _words(context.document, block)
        text = _words(context.document, block)
        if _is_vague(text, money=bool(money)):
            if (
                before.rstrip().endswith(":")
                and len(before.split()) > _LONGEST_NAME
                and not _is_vague(before, money=False)
            ):
                return passed()
            vague.append((block.start, block.end))
        elif money and _WORD.search(text) and not _NO_ITEM.search(text):
            return passed()
    if any(not _is_vague(line.description, money=True) for line in context.fields.invoice.lines):
        return passed()
    return failed(None, *(Finding(start, end) for start, end in vague)) if vague else passed()


def _words(document: Document, block: Block) -> str:
    """Return the words of a block that name no amount."""
    return _FIGURE.sub(" ", document.folded[block.start : block.end])


def _is_vague(text: str, *, money: bool) -> bool:
    words = [word.lower().strip("'-") for word in _WORD.findall(text)]
    if not words or any(word not in _VAGUE_WORDS for word in words):
        return False
    return any(word in _VAGUE_CORE for word in words) or (
        money and any(word in _BARE_SUPPLY for word in words)
    )


@check("quantity_unit_price")
def quantity_unit_price(context: Context) -> CheckResult:
    """No line lumps several kinds of goods together without saying how many of each."""
    counted = {line.start for line in context.fields.invoice.lines if line.quantity is not None}
    folded = context.document.folded
    lumps = [
        Finding(block.start, block.end)
        for block, money in zip(context.document.blocks, amounts_in(context.document), strict=True)
        if money
        and block.start not in counted
        and not _NO_ITEM.search(text := _words(context.document, block))
        and _is_lump(text, folded[block.start : block.end])
    ]
    return failed(None, *lumps) if lumps else passed()


def _is_lump(words: str, text: str) -> bool:
    described = re.split(r"[\xa3\xa4$]|\b(?:GBP|EUR|USD)\b| {3,}|\||\t", text)[0].strip(" :-=*")
    if _SERVICE.search(described):
        return False
    if _LOT.search(words):
        return True
    parts = [
        part for part in re.split(r",| and | & | \+ |/", described) if part.strip() and not _DONE.match(part)
    ]
    return len(parts) >= _SEVERAL_GOODS and all(len(part.split()) <= _LONGEST_GOODS for part in parts)
