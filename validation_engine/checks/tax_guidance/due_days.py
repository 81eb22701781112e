"""Days that tax guidance names for a return or payment, against the period that it says they belong to."""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date, timedelta
from typing import TYPE_CHECKING

from validation_engine.checks.dates import month_end, months_after
from validation_engine.checks.registry import Finding
from validation_engine.fields.dates import FoundDate, find_dates
from validation_engine.lazy import per_document
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.checks.tax_guidance.advice import Advice
    from validation_engine.documents.model import Document

_MONTHS = [name.lower() for name in month_name]
_QUARTER_TO = re.compile(r"\b(?:quarter|period|three months) (?:to|ended|ending)(?: on)? $", re.IGNORECASE)
_QUARTER_TO_MONTH = re.compile(
    r"\b(?:quarter|period|three months) (?:to|ended|ending)(?: the)?(?: end of)? "
    r"(january|february|march|april|may|june|july|august|september|october|november|december)\b(?! \d)|"
    r"\b(january|february|march|april|may|june|july|august|september|october|november|december) quarter\b",
    re.IGNORECASE,
)
_NTH_OF_MONTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th) (?:day )?of the (second|following|next|"
    r"third) (?:calendar )?month\b",
    re.IGNORECASE,
)
_DUE_ON = re.compile(
    r"\b(?:by|due(?: on| by)?|falls due on|no later than|deadline(?: is| of)?|until|before|(?:is|are|"
    r"means) on|"
    r"means)[: ](?:the )?$",
    re.IGNORECASE,
)
# "Corporation tax payment: 1 January 2027", "| Company tax return | 31 March 2027".
_LABELLED = re.compile(
    r"^[-*\u2022| ]*(?:(?!accounts\b)[\w'()/-]+ ){0,6}"
    r"(?:payments?|pay|payable|paid|returns?|filing|file|tax|ct600|due|deadline|by)"
    r"(?: (?:by|due|date|deadline|day|to hmrc)){0,2} ?[:|] $",
    re.IGNORECASE,
)
_THE_RETURN = re.compile(r"\b(?:vat|returns?|pay(?:ment|able)?|fil(?:e|ing))\b", re.IGNORECASE)
_QUARTERS = re.compile(r"\b(?:quarters?|periods?)\b", re.IGNORECASE)
_DUE = re.compile(r"\b(?:due|deadlines?|pay\w*|file|returns? (?:by|in))\b", re.IGNORECASE)
_END_OF_NEXT = re.compile(
    r"\b(?:last day|end) of the (?:(?:following|next) (?:calendar )?month|month (?:following|after|"
    r"that follows))\b",
    re.IGNORECASE,
)
_EACH_YEAR = re.compile(
    r"\b(?:quarterly|quarter's|quarters|every quarter)\b[^.;]{0,60}"
    r"\bby (?:the )?\d{1,2}(?:st|nd|rd|th)? (?:of )?[a-z]{3,9} (?:each|every) year\b",
    re.IGNORECASE,
)
_YEAR_TO = re.compile(
    r"\b(?:year[- ]ends?(?:ed|ing|s)?(?: (?:of|on|is))?|year (?:to|ends?|ended|ending|runs to)(?: on)?|"
    r"(?:accounting )?period (?:to|ends?|ended|ending)(?: on)?|made up to|accounts to) $",
    re.IGNORECASE,
)
_IS_YEAR_END = re.compile(r" (?:\d{4} )?(?:year[- ]end|accounts)\b", re.IGNORECASE)
_COLUMNS = re.compile(r" *\| *|\t+| {2,}")
_YEAR_HEAD = re.compile(r"\b(?:year|period|accounts)\b", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:not|[a-z]+n't|never|no longer)\b(?! (?:later|more|be later|be more)\b)[^.;:,]{0,60}$",
    re.IGNORECASE,
)
_FOR_US = Quick(
    r"\b(?:we (?:\w+ )?(?:need|want|like|ask|must have|should have|prefer|hope)|(?:to|with|reach|send|"
    r"give|let) us|"
    r"(?:our|the) (?:\w+ )?(?:bookkeepers?|accountants?|clerks?|team|staff|payroll) "
    r"(?:\w+ )?(?:needs?|wants?|likes?|asks?)|"
    r"our (?:office|desk)|bring|drop (?:in|off)|upload|yours|papers|books|records|paperwork|receipts|"
    r"bank statements)\b[^.;,]{0,60}$",
    re.IGNORECASE,
)
_FIRST_DAY_SEVEN = 7
_TWO, _LEAD = 2, 40


def is_denied(one: Advice, start: int) -> bool:
    """Return whether the clause denies what it leads to: "VAT is not due at the end of …"."""
    return _DENIED.search(one.text[: start - one.start]) is not None


def is_for_us(one: Advice, start: int) -> bool:
    """Return whether a time is the author's own: "we need your books by 30 June"."""
    return _FOR_US.search(one.text[: start - one.start]) is not None


def vat_days(folded: str, one: Advice) -> Iterator[tuple[Finding, bool]]:
    """Yield days named for a quarter's return, and whether each is the 7th of the second month after it."""
    for late in _END_OF_NEXT.finditer(one.text):
        if not is_denied(one, one.start + late.start()):
            yield Finding(one.start + late.start(), one.start + late.end()), False
    for nth in _NTH_OF_MONTH.finditer(one.text):
        is_right = (nth[1], nth[2].lower()) == ("7", "second")
        if not is_denied(one, one.start + nth.start()):
            yield Finding(one.start + nth.start(), one.start + nth.end()), is_right
    if (yearly := _EACH_YEAR.search(one.text)) and not is_denied(one, one.start + yearly.start()):
        yield Finding(one.start + yearly.start(), one.start + yearly.end()), False
    days = find_dates(folded, one.start, one.end, year=2026)
    if _QUARTERS.search(one.columns) and _DUE.search(one.columns) and len(days) == _TWO:
        yield _seventh(days[0].value.month, days[1])
        return
    yield from _after_quarter(folded, one, days)


def _after_quarter(folded: str, one: Advice, days: list[FoundDate]) -> Iterator[tuple[Finding, bool]]:
    """Yield the days named as due after the quarter that the advice, or what leads to it, is about."""
    months = _quarter_months(one.text) if days else []
    if days and not months and _THE_RETURN.search(one.text):
        months = _quarter_months(one.subject)
    if len(months) == 1:
        for day in days:
            if _is_due_on(folded, one, day) and not is_for_us(one, day.start):
                yield _seventh(months[0], day)


def _quarter_months(text: str) -> list[int]:
    """Return the months in which the quarters end that a text names."""
    days = find_dates(text, year=2026)
    leads = ((day, text[max(day.start - _LEAD, 0) : day.start]) for day in days)
    months = [day.value.month for day, lead in leads if _QUARTER_TO.search(lead)]
    named = (found[1] or found[2] for found in _QUARTER_TO_MONTH.finditer(text))
    return months + [_MONTHS.index(name.lower()) for name in named]


def _is_due_on(folded: str, one: Advice, day: FoundDate) -> bool:
    """Whether what leads to a day makes it a time limit: "due by", or its label."""
    before = folded[one.start : day.start]
    return bool(_DUE_ON.search(before) or _LABELLED.match(before))


def _seventh(month: int, day: FoundDate) -> tuple[Finding, bool]:
    is_right = (day.value.day, day.value.month) == (_FIRST_DAY_SEVEN, (month + 1) % 12 + 1)
    return Finding(day.start, day.end), is_right


def year_end(folded: str, one: Advice) -> FoundDate | None:
    """Return the end of the accounting period that a sentence names; None where there is none or several."""
    days = find_dates(folded, one.start, one.end, year=2026)
    ends = [
        day
        for day in days
        if _YEAR_TO.search(folded[one.start : day.start]) or _IS_YEAR_END.match(folded, day.end, one.end)
    ]
    return ends[0] if len(ends) == 1 else None


@per_document
def only_year_end(document: Document) -> FoundDate | None:
    """Return the end of the accounting period that a letter is about: the only one that it names."""
    ends = [
        one
        for one in find_dates(document.folded)
        if _YEAR_TO.search(document.folded[max(one.start - _LEAD, 0) : one.start])
    ]
    return ends[0] if len({one.value for one in ends}) == 1 else None


def company_row(folded: str, one: Advice) -> Iterator[tuple[FoundDate, str, date, date]]:
    """Yield the days of a row under "Year end | Pay | File", each with its head and what is due when."""
    heads = [head.strip() for head in _COLUMNS.split(one.columns.strip(" |"))]
    days = find_dates(folded, one.start, one.end, year=2026)
    if len(days) == len(heads) and _YEAR_HEAD.search(heads[0]):
        end = days[0].value
        for head, day in zip(heads[1:], days[1:], strict=True):
            yield day, head, _months_after_end(end, 9) + timedelta(days=1), _months_after_end(end, 12)


def company_days(folded: str, one: Advice, end: FoundDate) -> Iterator[tuple[FoundDate, date, date]]:
    """Yield the days named as due, each with those on which the tax is due and the return is."""
    for day in find_dates(folded, one.start, one.end, year=end.value.year):
        if (
            day.start != end.start
            and _is_due_on(folded, one, day)
            and not is_for_us(one, day.start)
            and not is_denied(one, day.start)
        ):
            yield day, _months_after_end(end.value, 9) + timedelta(days=1), _months_after_end(end.value, 12)


def _months_after_end(end: date, months: int) -> date:
    """Return the day so many months after an accounting period: the end of a month follows on one."""
    later = months_after(end, months)
    return month_end(later) if end == month_end(end) else later
