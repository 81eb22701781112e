"""When an invoice is to be paid."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.checks.dates import months_after
from validation_engine.checks.layout import separated
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Edit,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.fields.dates import each_date
from validation_engine.fields.periods import A_PERIOD, Period, find_periods
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Sentence
    from validation_engine.fields.dates import FoundDate

_TERMS = Quick(
    r"\b(?:terms?|pay(?:ment|able|s|ing)?|paid|due|nett?|settle(?:ment|d)?|days|credit|owe[ds]?|"
    r"from the (?:invoice )?date)\b",
    re.IGNORECASE,
)
_OTHER_TERMS = Quick(
    r"\b(?:end of (?:the )?(?:\w+ )?month|month[- ]end|e\.?o\.?m|month following|following month|receipt|"
    r"delivery|completion|statement|discount|quer(?:y|ies)|interest|late|"
    r"overdue|return(?:ed|s)?|cancel\w*|warrant\w*|guarantee\w*|notice|working|business|hire|complain\w*|"
    r"valid|of the date "
    r"of supply|deposit|part payment|instal\w*|remind\w*|disput\w*|report(?:ed)?|replace\w*)\b",
    re.IGNORECASE,
)
_NET_DAYS = Quick(
    r"\b(?:nett?|terms|strictly)[ :|-]{0,4}(?P<after>\d{1,3})\b"
    r"(?! ?(?:%|st|nd|rd|th|[\xa3/.:,-]\d|\d|e\.?o\.?m)| [a-z])|"
    r"\b(?P<before>\d{1,3}) nett?\b",
    re.IGNORECASE,
)
_DUE = Quick(
    r"\b(?:due(?: date(?: is)?| on| by| for (?:payment|settlement)(?: on| by)?)?|payable (?:by|on)|"
    r"pay(?:ment)? (?:[\w ]{0,24})?(?:by|on or before)|"
    r"(?:that is|that's|i\.e\.?|which (?:is|means|makes it|makes that|takes us to|brings us to|"
    r"falls on|runs out on|ends on|expires on)|so(?: that is)?|meaning|namely|to reach us|in our account|"
    r"last day(?: \w+){0,4})[ ,]{0,2}(?:by|on)?|"
    r"no later than|not later than|on or before|latest|by|"
    r"pay(?:ment)? (?:due )?date|settlement date)(?: is| will be)?[ :|)(*_-]*(?:the |on )?(?:[a-z]+day,? )?$",
    re.IGNORECASE,
)
# A date that follows the days at once is when they end, one that they are counted from is not.
_AT_ONCE = re.compile(r"^[^.;]{0,40}$")
_BEGINS_THEN = re.compile(
    r"\b(?:from|of|after|since|dated|following|issued|invoiced|order\w*|quot\w+|deliver\w*|complet\w*|supplied)\W*"
    r"(?:the )?(?:[a-z]+day,? )?$",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[;:(),]|\. | - ")
_OF_PAYMENT = Quick(
    r"\b(?:terms?|pay\w*|paid|due|settle\w*|nett?|owe\w*|days|weeks|fortnight|month|money|funds?|reach\w*|bank|credit|remit\w*)\b",
    re.IGNORECASE,
)
_OTHER_DATE = Quick(
    r"\b(?:deliver|complet|order|quer|return|reply|vat return|hmrc|book|"
    r"(?:tell|let|ring|write to) us)\w*[^,;.]*$",
    re.IGNORECASE,
)
_BEFORE_DATE = 60
_USUAL_TERMS = frozenset(
    Decimal(days) for days in (7, 10, 14, 15, 20, 21, 28, 30, 31, 35, 42, 45, 60, 90, 120)
)
_ROLL_FORWARD = 3
_SATURDAY = 5


@check("due_date")
def due_date(context: Context) -> CheckResult:
    """The due date is the invoice's date plus the days of its terms."""
    own = context.fields.date
    terms = _terms(context)
    due = _due(context, own, terms)
    if own is None or not terms or due is None:
        return not_applicable("There are not an invoice date, terms in days and a due date.")
    expected = [_ends(own.value, one) for one in terms]
    if any(_is_met(day, due[0]) for day in expected):
        return passed()
    if any(_ends(day.value, one) == due[0] for day in each_date(context.document.folded) for one in terms):
        return not_applicable("The days of the terms run from another date shown, and end as stated.")
    right = expected[0]
    told = f"{int(terms[0].number)} {terms[0].unit}s from {own.value.isoformat()} is {right.isoformat()}"
    message = f"{told}, not {due[0].isoformat()}."
    edit = Edit(due[1], due[2], f"{right.day} {right:%B %Y}", "review")
    return failed(message, Finding(due[1], due[2], edit))


def _is_met(expected: date, due: date) -> bool:
    """Whether a due date fits: the day itself, a neighbour, or the Monday after a weekend."""
    later = (due - expected).days
    return abs(later) <= 1 or (expected.weekday() >= _SATURDAY and 0 <= later <= _ROLL_FORWARD)


def _ends(own: date, term: Period) -> date:
    """Return the day on which a term that runs from a day ends."""
    if term.unit != "month":
        return own + timedelta(days=int(term.days))
    return months_after(own, int(term.number))


def _terms(context: Context) -> list[Period]:
    document = context.document
    found: list[Period] = []
    rows = {line.start for line in context.fields.invoice.lines}
    for index in A_PERIOD.sentences(document):
        sentence = document.sentences[index]
        is_row = document.blocks[sentence.block].start in rows
        if not is_row and _TERMS.search(document.folded, sentence.start, sentence.end):
            found += [
                one
                for one in find_periods(document.folded, sentence.start, sentence.end)
                if one.unit in ("day", "week", "month")
                and not _OTHER_TERMS.search(_clause(document.folded, sentence, one))
            ]
    return found or list(_net_days(context))


def _net_days(context: Context) -> Iterator[Period]:
    """Yield terms that leave their days out: "net 30"."""
    for found in _NET_DAYS.finditer(separated(context.document)):
        number = Decimal(found["after"] or found["before"])
        if number in _USUAL_TERMS:
            yield Period(number, "day", *found.span())


def _clause(folded: str, sentence: Sentence, one: Period) -> str:
    """Return the words around a period up to the next comma, colon or bracket."""
    before = _CLAUSE_END.split(folded[sentence.start : one.start])[-1]
    return before + folded[one.start : one.end] + _CLAUSE_END.split(folded[one.end : sentence.end])[0]


def _due(context: Context, own: FoundDate | None, terms: list[Period]) -> tuple[date, int, int] | None:
    """Return the first day named as due that is no earlier than the invoice, else the first named at all."""
    first = None
    for day in _named_as_due(context, own, terms):
        if own is None or day[0] >= own.value:
            return day
        first = first or day
    return first


def _named_as_due(
    context: Context, own: FoundDate | None, terms: list[Period]
) -> Iterator[tuple[date, int, int]]:
    document = context.document
    ends = {document.sentence_at(one.start): one.end for one in terms}
    for one in each_date(document.folded, year=own.value.year if own else None):
        if own and one.start == own.start:
            continue
        at = document.sentence_at(one.start)
        before = document.folded[max(document.sentences[at].start, one.start - _BEFORE_DATE) : one.start]
        plain = " ".join(before.split())
        if _OTHER_DATE.search(plain) or _BEGINS_THEN.search(plain):
            continue
        is_told = _DUE.search(plain + " ") and _OF_PAYMENT.search(document.sentence_text(at))
        follows = (
            at in ends and ends[at] <= one.start and _AT_ONCE.match(document.folded[ends[at] : one.start])
        )
        if is_told or follows:
            yield one.value, one.start, one.end
