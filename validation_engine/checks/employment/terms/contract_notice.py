"""A contract's notice from the employer against the statutory minimum for longer service."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.checks.employment.terms.notice_wording import is_notice
from validation_engine.checks.registry import CheckResult, Context, Finding, failed, not_applicable, passed
from validation_engine.fields.periods import Period, find_periods
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

# A week for each year of service, from two years to twelve.
MOST_WEEKS = 12
TWO_YEARS = 2
_PAIR = 2
WEEK = Decimal(7)
_EMPLOYER_ENDS = Quick(
    r"\b(?:our notice|notice from (?:us|the (?:company|employer))|"
    r"(?:company|employer|we|either (?:party|side|of us)|us|trust|charity|the "
    r"(?:firm|business)) (?:\w+ )?(?:may|can|will|shall|must|is|gives?|owes?)|by (?:us|the "
    r"(?:company|employer)|either)|employment may be|(?:give|gives|owe|owes) you)\b",
    re.IGNORECASE,
)
_WHATEVER = re.compile(
    r"\b(?:however long|regardless of|irrespective of|whatever|no matter how|however many)\b[^.;]{0,40}\b"
    r"(?:serv\w+|years|employ\w+|length|worked|been (?:here|with us))\b",
    re.IGNORECASE,
)
_STATUTE = Quick(
    r"\b(?:statutory|for (?:each|every)|per (?:complete )?year|section 86|whichever "
    r"is (?:the )?(?:greater|longer)|employment rights act|minimum required "
    r"by law)\b",
    re.IGNORECASE,
)
_NOTICE_HEAD = re.compile(r"\bnotice\b", re.IGNORECASE)
_THEIRS = re.compile(
    r"\b(?:from you|you (?:must )?give|your notice|from the employee|to us)\b", re.IGNORECASE
)
_THAT_MANY = re.compile(r"^(?:\+|s?,? (?:or|and) (?:more|over|above)|s? (?:plus|onwards))", re.IGNORECASE)


def contract_notice(context: Context) -> CheckResult:
    """Return whether the notice that a contract gives falls below the minimum for any length of service."""
    document = context.document
    notices = [one for one in context.fields.periods if is_notice(document, one)]
    rows = list(_short_rows(document))
    if not notices and not rows:
        return not_applicable("No notice is stated.")
    short = [one for one in notices if _undercuts(document, one)] or rows
    if not short:
        return passed()
    quote = document.text[short[0].start : short[0].end]
    message = f"Notice of {quote} from the employer falls below the statutory minimum for longer service."
    return failed(message, *(Finding(one.start, one.end) for one in short))


def _short_rows(document: Document) -> Iterator[Period]:
    """Yield the notice that is too short in rows such as "5 years or more | 3 weeks"."""
    rows = document.first_rows
    for sentence in document.sentences:
        first = rows[sentence.block]
        if first in (-1, sentence.block):
            continue
        head = document.folded[document.blocks[first].start : document.blocks[first].end]
        if not _NOTICE_HEAD.search(head) or _THEIRS.search(head):
            continue
        found = find_periods(document.folded, sentence.start, sentence.end)
        if len(found) == _PAIR and _falls_short(document.folded, *found):
            yield found[1]


def _falls_short(folded: str, service: Period, notice: Period) -> bool:
    if service.unit != "year" or service.number < TWO_YEARS or not _THAT_MANY.match(folded[service.end :]):
        return False
    return notice.days < min(int(service.number), MOST_WEEKS) * WEEK


def _undercuts(document: Document, period: Period) -> bool:
    """Whether the employer's notice is fixed whatever the service, or too short for that named."""
    text = document.sentence_text(document.sentence_at(period.start))
    if _STATUTE.search(text) or not _EMPLOYER_ENDS.search(text):
        return False
    if _WHATEVER.search(text + _goes_on(document, period)) and period.days < MOST_WEEKS * WEEK:
        return True
    sentence = document.sentences[document.sentence_at(period.start)]
    after = re.compile(r"(?i)\b(?:after|once|from|more than|over|at least)\b[^.;]{0,20}$")
    for service in find_periods(document.folded, sentence.start, sentence.end):
        if (
            service.unit == "year"
            and service.number >= TWO_YEARS
            and after.search(document.folded[sentence.start : service.start])
        ):
            return period.days < min(int(service.number), MOST_WEEKS) * WEEK
    return False


def _goes_on(document: Document, period: Period) -> str:
    """Return the sentence after that of a period, where its paragraph has one."""
    index = document.sentence_at(period.start)
    last = index + 1 == len(document.sentences)
    if last or document.sentences[index + 1].block != document.sentences[index].block:
        return ""
    return f" {document.sentence_text(index + 1)}"
