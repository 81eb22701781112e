"""When an invoice is to be paid, and what late payment costs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

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
from validation_engine.fields.amounts import find_money, find_percentages
from validation_engine.fields.periods import A_PERIOD, Period, find_periods
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

_TERMS = Quick(r"\b(?:terms?|pay(?:ment|able|s)?|paid|due|net|settle(?:ment|d)?|days)\b", re.IGNORECASE)
_OTHER_TERMS = Quick(
    r"\b(?:end of (?:the )?month|month[- ]end|e\.?o\.?m|receipt|delivery|completion|statement|discount|"
    r"quer(?:y|ies)|interest|late|"
    r"overdue|return(?:ed|s)?|cancel\w*|warrant\w*|guarantee\w*|notice|working|business|hire|complain\w*|"
    r"valid|of the date "
    r"of supply|deposit|part payment|instal\w*)\b",
    re.IGNORECASE,
)
_DUE = Quick(
    r"\b(?:due(?: date| on| by| for payment(?: on| by)?)?|payable (?:by|on)|"
    r"pay(?:ment)? (?:[\w ]{0,24})?(?:by|on or before)|"
    r"that is,?(?: by)?|no later than|not later than|on or before|by|"
    r"payment date)[ :]{0,3}(?:the )?(?:[a-z]+day,? )?$",
    re.IGNORECASE,
)
_BARE_DATE = re.compile(r"\((?:by |i\.e\.,? )?$|: *$", re.IGNORECASE)
_ROLL_FORWARD = 3
_SATURDAY = 5
_ACT = re.compile(
    r"\blate payment(?: of commercial debts)?(?: \(interest\))?(?: act| legislation| regulations)|"
    r"\bstatutory interest\b|\blate[- ]payment (?:law|rules|regime)|"
    r"\blaws? on (?:the )?late payment|\blate payment of commercial debts",
    re.IGNORECASE,
)
_ACT_CUE = Cue("late[- ]payment|statutory interest")
_PER_SHORT_PERIOD = Quick(
    r"\b(?:per|a|each|every) (?:week|month|day|calendar month)\b|\b(?:weekly|monthly|daily|pcm)\b",
    re.IGNORECASE,
)
_BASE = re.compile(r"\b(?:base|bank of england|reference|boe)\b", re.IGNORECASE)
_OF_THE_BASE = Quick(
    r"\b(?:currently|now|at present|standing at|making|in total|which is|i\.e\.)\b|\(", re.IGNORECASE
)
_FIXED = re.compile(
    r"\b(?:fixed (?:sum|charge|fee|amount)s?|compensation|debt recovery|recovery cost|administration|"
    r"(?:each|every|per) (?:overdue|late|unpaid) (?:bill|invoice|debt))\b",
    re.IGNORECASE,
)
_FIXED_SUMS = (Decimal(40), Decimal(70), Decimal(100))
_BANDS = (Decimal("999.99"), Decimal(1000), Decimal("9999.99"), Decimal(10000))
_STATUTORY = Decimal(8)


@check("due_date")
def due_date(context: Context) -> CheckResult:
    """The due date is the invoice's date plus the days of its terms."""
    own = context.fields.date
    terms = _terms(context)
    due = _due(context, own.start if own else -1)
    if own is None or not terms or due is None:
        return not_applicable("There are not an invoice date, terms in days and a due date.")
    expected = [own.value + timedelta(days=int(one.days)) for one in terms]
    if any(_is_met(day, due[0]) for day in expected):
        return passed()
    right = expected[0]
    told = f"{int(terms[0].days)} days from {own.value.isoformat()} is {right.isoformat()}"
    message = f"{told}, not {due[0].isoformat()}."
    edit = Edit(due[1], due[2], f"{right.day} {right:%B %Y}", "review")
    return failed(message, Finding(due[1], due[2], edit))


def _is_met(expected: date, due: date) -> bool:
    """Whether a due date fits: the day itself, a neighbour, or the Monday after a weekend."""
    later = (due - expected).days
    return abs(later) <= 1 or (expected.weekday() >= _SATURDAY and 0 <= later <= _ROLL_FORWARD)


def _terms(context: Context) -> list[Period]:
    document = context.document
    found = []
    for index in A_PERIOD.sentences(document):
        sentence, text = document.sentences[index], document.sentence_text(index)
        if _TERMS.search(text) and not _OTHER_TERMS.search(text):
            found += [
                one
                for one in find_periods(document.folded, sentence.start, sentence.end)
                if one.unit in ("day", "week")
            ]
    return found


def _due(context: Context, own: int) -> tuple[date, int, int] | None:
    document = context.document
    for one in context.fields.dates:
        if one.start == own:
            continue
        sentence = document.sentences[document.sentence_at(one.start)]
        before = document.folded[max(sentence.start, one.start - 60) : one.start]
        if "deliver" in before.lower() or "complet" in before.lower():
            continue
        if _DUE.search(before) or (_BARE_DATE.search(before) and _TERMS.search(before)):
            return one.value, one.start, one.end
    return None


@check("late_payment")
def late_payment(context: Context) -> CheckResult:
    """Interest under the Act is 8 per cent a year over base rate, and the fixed sums are £40, £70, £100."""
    document = context.document
    wrong, seen = [], 0
    for index in _ACT_CUE.sentences(document):
        sentence = document.sentences[index]
        if not _ACT.search(document.sentence_text(index)):
            continue
        end = _end_of_passage(context, index)
        passage = document.folded[sentence.start : end]
        rates = find_percentages(document.folded, sentence.start, end)
        sums = [one for one in find_money(document.folded, sentence.start, end) if _FIXED.search(passage)]
        seen += len(rates) + len(sums)
        if rates and not _rate_is_right(passage, [one.value for one in rates]):
            wrong.append(Finding(rates[0].start, rates[0].end))
        wrong += [
            Finding(one.start, one.end) for one in sums if abs(one.amount) not in (*_FIXED_SUMS, *_BANDS)
        ]
    if not seen:
        return not_applicable("The Act is not cited with a rate or a fixed sum.")
    return failed(None, *wrong) if wrong else passed()


def _rate_is_right(passage: str, rates: list[Decimal]) -> bool:
    if _PER_SHORT_PERIOD.search(passage):
        return False
    return _STATUTORY in rates or (
        bool(_BASE.search(passage)) and bool(_OF_THE_BASE.search(passage)) and len(rates) > 1
    )


def _end_of_passage(context: Context, index: int) -> int:
    """Return the end of the sentence, or of the next where it goes on in the same block."""
    sentences = context.document.sentences
    following = index + 1
    if following < len(sentences) and sentences[following].block == sentences[index].block:
        return sentences[following].end
    return sentences[index].end
