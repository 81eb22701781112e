"""Checks a contract's pay against the minimum wage."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING

from validation_engine.checks.employment.terms.working_hours import as_number, weekly_hours
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.fields.amounts import PENNY
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document
    from validation_engine.fields.amounts import Money

# First day, rate from 21, rate from 18, rate of apprentices: gov.uk/national-minimum-wage-rates.
_RATES = (
    (date(2026, 4, 1), Decimal("12.71"), Decimal("10.85"), Decimal("8.00")),
    (date(2025, 4, 1), Decimal("12.21"), Decimal("10.00"), Decimal("7.55")),
    (date(2024, 4, 1), Decimal("11.44"), Decimal("8.60"), Decimal("6.40")),
)
_WEEKS_A_YEAR = 52
_MONTHS_A_YEAR = 12
_PAY = Quick(
    r"\b(?:salary|wage|pay|paid|wages?|remuneration|earn|rate|basic|receive|get|hourly|"
    r"start(?:ing)? (?:on|at))\b",
    re.IGNORECASE,
)
_NOT_PAY = Quick(
    r"\b(?:bonus|commission|allowance|overtime|expenses|mileage|deduct\w*|sick|"
    r"premium|supplement|tips|benefit)\b[^.;]{0,50}$",
    re.IGNORECASE,
)
_EACH = (
    (
        "day",
        re.compile(
            r"^(?: \(?gross\)?)?,?(?: a| per| each| for (?:each|every|an?))(?: full| [\w.]+-hour| working)? "
            r"(?:day|shift)\b|^ ?/ ?(?:day|shift)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "hour",
        re.compile(
            r"^(?: \(?gross\)?)?,?(?: an| per| each| a| every| for (?:each|every)) (?:hour|hr)\b|"
            r"^ ?/ ?(?:hour|hr)\b|^ ?ph\b|^ hourly",
            re.IGNORECASE,
        ),
    ),
    (
        "week",
        re.compile(
            r"^(?: \(?gross\)?)?,?(?: a| per| each| for (?:a|each|every)(?: [\w-]+)?) week\b|^ weekly",
            re.IGNORECASE,
        ),
    ),
    (
        "month",
        re.compile(r"^(?: \(?gross\)?)?,?(?: a| per| each| calendar)* month\b|^ monthly", re.IGNORECASE),
    ),
    (
        "year",
        re.compile(
            r"^(?: \(?gross\)?)?,?(?: a| per| each) (?:full |calendar )?(?:year|annum)\b|^ p\.?a\b|"
            r"^ annual(?:ly)?|^ gross annual",
            re.IGNORECASE,
        ),
    ),
)
_DAILY_HOURS = Quick(
    r"\b(?P<number>\d{1,2}(?:\.\d{1,2}|½)?|six|seven|eight|nine|ten|eleven|twelve)[ -]hours?"
    r"(?:,? (?:\w+ ){0,2}(?:a|per|each|every) (?:working )?(?:day|shift)| (?:day|shift))\b|"
    r"\b(?:day|shift)s? (?:of|lasting|lasts?|is) (?P<other>\d{1,2}(?:\.\d{1,2}|½)?|six|seven|eight|nine|"
    r"ten|eleven|"
    r"twelve) hours",
    re.IGNORECASE,
)
# Said after an amount that comes on top of the wage.
_ADDED = re.compile(
    r"\b(?:premium|supplement|uplift|allowance|extra|bonus|stand-?by|on-call|sleep-?in|overtime|expenses|"
    r"is added|"
    r"on top|in addition|enhancement)\b",
    re.IGNORECASE,
)
# A rate that a later one, told right after it, replaces from a day on.
_GOES_UP = re.compile(
    r"\b(?:going up|goes up|rising|rises|increas\w+) to £[\d.,]+\d(?: (?:an|per) hour)?,? (?:on|from|"
    r"with effect from) \d|^(?: (?:an|per) hour)? (?:until|till|up to) (?:the end of )?(?:\d{1,2} )?"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_AT_FIRST = re.compile(
    r"\b(?:probation\w*|training|trial|initial\w*|at first|starting|"
    r"until)\b",
    re.IGNORECASE,
)
# Less than this for a time is no wage.
_LEAST = {"hour": 3, "day": 20, "week": 50, "month": 200, "year": 1_000}
_BY_LABEL = re.compile(
    r"\b(?:annual|yearly|basic annual|gross annual) (?:\w+ )?(?:salary|pay|wage)\b[^.;]{0,40}$|"
    r"\bsalary\b[^.;]{0,30}$",
    re.IGNORECASE,
)
# "Weekly pay: £528": the label says for which time.
_LABELS = tuple(
    (
        each,
        re.compile(
            rf"\b(?:{name}) (?:(?:gross|basic) )?(?:rate|pay|wages?|salary|earnings)\b[^.;]{{0,30}}$",
            re.IGNORECASE,
        ),
    )
    for each, name in (("hour", "hourly"), ("day", "daily"), ("week", "weekly"), ("month", "monthly"))
)


@check("minimum_wage")
def minimum_wage(context: Context) -> CheckResult:
    """Pay divided by hours is at least the minimum wage of the document's date."""
    rate, pays = _rate(context), list(_pays(context))
    if rate is None or not pays:
        return not_applicable("No pay is stated whose hourly rate could be compared.")
    folded = context.document.folded
    # What is paid at first is the wage too; what else is paid may be on top of it.
    paid = pays[:1] + [one for one in pays[1:] if _is_at_first(context, one[0])]
    hourly = [
        (rated, money) for money, each in paid if (rated := _hourly(folded, money.amount, each)) is not None
    ]
    if not hourly:
        return not_applicable("No hours are stated to divide the pay by.")
    lowest, money = min(hourly, key=itemgetter(0))
    if lowest >= rate:
        return passed()
    message = (
        f"The pay comes to £{lowest:.2f} an hour; the minimum on {context.as_of.isoformat()} is £{rate:.2f}."
    )
    return failed(message, Finding(money.start, money.end))


def _is_at_first(context: Context, money: Money) -> bool:
    return (
        _AT_FIRST.search(context.document.sentence_text(context.document.sentence_at(money.start)))
        is not None
    )


def _hourly(folded: str, amount: Decimal, each: str) -> Decimal | None:
    """Return what an hour is paid, or None where the hours it is paid for are not stated."""
    if each == "hour":
        return amount
    if each == "day":
        found = _DAILY_HOURS.search(folded)
        return _pence(amount / as_number(found["number"] or found["other"])) if found else None
    hours = weekly_hours(folded)
    weekly = {
        "week": amount,
        "month": amount * _MONTHS_A_YEAR / _WEEKS_A_YEAR,
        "year": amount / _WEEKS_A_YEAR,
    }[each]
    return _pence(weekly / hours) if hours else None


def _pence(amount: Decimal) -> Decimal:
    return amount.quantize(PENNY)


def _rate(context: Context) -> Decimal | None:
    folded = context.document.folded
    for since, adult, young, apprentice in _RATES:
        if context.as_of >= since:
            # The rate below 18 has long been that of apprentices.
            if _is_apprentice(context.document) or _UNDER_18.search(folded):
                return apprentice
            return young if _UNDER_21.search(folded) else adult
    return None


_AGE = (
    r"\b(?:aged? (?:{0})\b|(?:you are|you're|is) (?:{0})(?=[,.;)]| and\b| (?:now|years|when|until|so)\b)|"
    r"(?:{0})[- ]years?[- ]old)(?! (?:years )?(?:and|or) (?:over|above|older))"
)
_UNDER_18 = Quick(_AGE.format("16|17"), re.IGNORECASE)
_UNDER_21 = Quick(rf"{_AGE.format('18|19|20')}|\bunder 21\b|\b18 ?(?:to|-) ?20\b", re.IGNORECASE)
_APPRENTICE = Cue("apprentice")
_IS_ONE = re.compile(r"\bapprentice(?:ship)?\b", re.IGNORECASE)
_OF_OTHERS = re.compile(
    r"\b(?:not|no|supervis\w+|manag\w+|train(?:s|ing)? (?:an|the|our|up)|mentor\w*|look(?:s|ing)? after|"
    r"former|"
    r"completed|served|levy|teach\w*|instruct\w*|n't)\b[^.;]{0,30}\bapprentice",
    re.IGNORECASE,
)


def _is_apprentice(document: Document) -> bool:
    """Whether the contract is with an apprentice, not one that only speaks of some."""
    texts = map(document.sentence_text, _APPRENTICE.sentences(document))
    return any(_IS_ONE.search(text) and not _OF_OTHERS.search(text) for text in texts)


def _pays(context: Context) -> Iterator[tuple[Money, str]]:
    """Yield the amounts of pay, with what each is paid for."""
    document = context.document
    for money in context.fields.money:
        index = document.sentence_at(money.start)
        sentence = document.sentences[index]
        before = document.folded[sentence.start : money.start]
        rest = document.folded[money.end : sentence.end]
        if money.currency != "GBP" or _NOT_PAY.search(before) or _ADDED.search(rest[:60]):
            continue
        if _GOES_UP.search(rest[:80]):
            continue
        each = _each(before, rest[:30])
        if each and money.amount >= _LEAST[each] and (each == "hour" or _is_pay(context, index)):
            yield money, each


def _each(before: str, after: str) -> str | None:
    """Return for which time an amount is paid."""
    each = next((name for name, pattern in _EACH if pattern.search(after)), None)
    if each is None:
        each = next((name for name, pattern in _LABELS if pattern.search(before)), None)
    if each is None and _BY_LABEL.search(before):
        return "year"
    return each


def _is_pay(context: Context, index: int) -> bool:
    """Whether a sentence, the one before it in its paragraph or the heading above speaks of pay."""
    document = context.document
    heading = document.sections[document.sentences[index].block]
    above = document.blocks[heading] if heading >= 0 else None
    own = [
        at
        for at in (max(index - 1, 0), index)
        if document.sentences[at].block == document.sentences[index].block
    ]
    return any(_PAY.search(document.sentence_text(at)) for at in own) or (
        above is not None and _PAY.search(document.folded, above.start, above.end) is not None
    )
