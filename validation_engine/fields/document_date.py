"""The document's own date: labelled, or standing alone near the top."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from validation_engine.fields.dates import FoundDate, find_dates
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

# How a letter reaches its reader.
_SENT = (
    r"(?:sent|posted|handed(?: over)?|given|delivered|served|written|issued|e-?mailed)"
    r"(?: (?:out|over))?(?: to (?:you|the employee|him|her))?(?: (?:by|in) [\w-]+)?(?: on)?"
)
_LABEL = Quick(
    r"\b(?:date of (?:issue|"
    r"(?:this )?letter|this (?:agreement|notice|document|invoice|bill|account|statement|credit note))|"
    rf"letter date|(?:this |(?<!\w ))(?:letter|notice|invitation),? (?:(?:is|was) )?(?:being )?{_SENT}|"
    rf"(?<!\w )letter(?=:)|"
    r"(?:this letter|(?:receiv\w+|g[ia]ven?|handed|send|sent|posted|serve)(?: you)? this (?:letter|"
    r"invitation)) "
    rf"(?:of|on)|i am writing(?: (?:this|to you))?(?: on)?|{_SENT}(?=[:|])|today is|"
    r"issue date|(?:issued|invoiced)(?: on)?|"
    r"made out(?: on)?|invoice date|"
    r"date of invoice|credit note date|dated?(?: this)?|"
    r"last (?:updated|reviewed|revised|changed|amended|edited)(?: on)?|"
    r"updated(?: on)?|revised(?: on)?|printed(?: (?:on|in))?|"
    r"effective(?: from| date)?|"
    r"(?:invoice|bill|fee note)(?: no\.?| number)? [a-z]{0,6}[-/ ]?\d[\w/-]{0,16}(?=,? |,? of )|"
    r"version date|version of|"
    r"(?:adopted|approved) by (?:the |our )?(?:\w+ ){0,2}(?:board|trustees|governors|directors|committee|"
    r"council|partners|session)(?: on)?|"
    r"published(?: on)?|made on|sent(?=:)|date and tax point|tax point|this (?:notice|policy|"
    r"agreement) (?:was last updated|is dated|takes effect)"
    r"(?: on)?)\b(?:(?: ?/ ?| ?& ?|,? and |, )(?:tax point|(?:time|date) of supply|supply date))?"
    r"[ ,:*_|]{0,40}(?:of |on |the )?",
    re.IGNORECASE,
)
_NOT_OWN = Quick(
    r"\b(?:due|payable|payment|hearing|meeting|supply|delivery|birth|start|launch|inception|maturity|"
    r"closing|end|received|expiry|request|"
    r"against|respect|original|earlier|previous|last|our|your|replaces|cancels|credits?|to|and)\b[^.]{0,12}$",
    re.IGNORECASE,
)
# After the date of an appointment stands its place.
_APPOINTMENT = re.compile(
    r"[ |.*\n]*(?:(?:time|start)\b ?[:|][^|\n]{0,30}?[ |\n]+)?(?:place|venue|where|location)\b ?[:|"
    r"]",
    re.IGNORECASE,
)
_TOP = 700
_FAR = 4_000
_NEXT = 2
_ALONE = re.compile(
    r"^[ *_#]*(?:(?-i:[A-Z][a-z'-]+(?: [A-Z][a-z'-]+){0,2}), *|date[:.]? *|"
    # "Branch leaflet, 27 October 2025"
    r"(?:[\w'-]+ ){0,3}(?:leaflet|brochure|newsletter|fact ?sheet|booklet|flyer|bulletin|guide|"
    r"update)[,:]? +|"
    r"(?:(?:sales|tax|vat) )?invoice (?:(?:no|number)\b[.:]? ?)?[a-z0-9/-]{1,20} +)?$",
    re.IGNORECASE,
)
# At the end of the row that names the company or the invoice, or gives its number.
_BESIDE_NAME = re.compile(
    r"^[^:]*\b(?:ltd|limited|llp|plc|invoice(?: \S{1,16})?|"
    r"(?:invoice|bill|receipt|account|statement|note)(?: (?:no|number|ref))?\W{0,3} \S{0,12}\d)"
    r"\.? {3,}$",
    re.IGNORECASE,
)
_CELLS = re.compile(r" *\| *|\t+| {3,}|\n")
# A place, a number or a firm: no name of some other date.
_NO_LABEL = re.compile(r"\d[\w/-]*$|\b(?:ltd|limited|llp|plc|invoice|credit note)\.?$", re.IGNORECASE)
_OTHER_CELL = re.compile(
    r"\b(?:orders?|ordered|po|due|pay\w*|paid|suppl\w+|deliver\w*|works?|jobs?|quot\w+|visit\w*|hire\w*|"
    r"days?|hours?|weeks?|contract|certificate|your|customer)\b",
    re.IGNORECASE,
)
_BESIDE = 80
# A title ends in a capitalised word, a number or a bracket, which no wrapped sentence before a date does.
_TITLE = re.compile(r"(?:^|[ \n])[A-Z0-9(][\w&')-]* *$")
_BOTTOM = 600


def document_date(document: Document) -> FoundDate | None:
    """Return the date the document gives itself, or None."""
    folded = document.folded
    top = [one for one in find_dates(folded, 0, _TOP) if not _APPOINTMENT.match(folded, one.end)]
    alone = next((one for one in top if _stands_alone(document, one)), None)
    found = (
        alone
        or next(filter(partial(in_own_cell, document.text), top), None)
        or _labelled(folded, 0, _TOP, top)
    )
    if found or len(folded) <= _TOP:
        return found
    found = _labelled(folded, _TOP, _FAR, find_dates(folded, _TOP, _FAR))
    if found or len(folded) <= _FAR:
        return found
    bottom = max(len(folded) - _BOTTOM, _FAR)
    return _labelled(folded, bottom, len(folded), find_dates(folded, bottom))


def _labelled(folded: str, start: int, end: int, found: list[FoundDate]) -> FoundDate | None:
    if not found:
        return None
    for label in _LABEL.finditer(folded, start, end):
        if _NOT_OWN.search(folded[max(label.start() - 24, 0) : label.start()]):
            continue
        following = next((one for one in found if 0 <= one.start - label.end() <= _NEXT), None)
        if following:
            return following
    return None


def _stands_alone(document: Document, one: FoundDate) -> bool:
    sentence = document.sentences[document.sentence_at(one.start)]
    before = _on_its_line(document.folded[sentence.start : one.start])
    after = document.folded[one.end : sentence.end].strip(" .*_")
    return not after and bool(_ALONE.match(before) or _BESIDE_NAME.search(before))


def in_own_cell(text: str, one: FoundDate) -> bool:
    """Return whether a date has a cell to itself beside what is no label: "Unit 4, Leith   6 August 2026"."""
    before = _CELLS.split(text[max(one.start - _BESIDE, 0) : one.start].rpartition("\n")[2])
    after = _CELLS.split(text[one.end : one.end + _BESIDE] + "   ")[0]
    is_alone = len(before) > 1 and not before[-1] and not after.strip(" .*_")
    return is_alone and bool(_NO_LABEL.search(before[-2])) and not _OTHER_CELL.search(before[-2])


def _on_its_line(before: str) -> str:
    """Return what stands before a date on its line, where the line above is a name or a title."""
    above, _, line = before.rpartition("\n")
    return line if _TITLE.search(above) else before
