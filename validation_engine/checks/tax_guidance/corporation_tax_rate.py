"""Rates and limits of corporation tax that tax guidance states, against those of the document's day."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.checks.tax_guidance.advice import Advice, advice
from validation_engine.fields.amounts import (
    A_PERCENTAGE,
    Money,
    Percentage,
    find_money,
    find_percentages,
)
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

_CORPORATION = Quick(
    r"\b(?:corporation tax|company tax|ct at|compan(?:y|ies) (?:with profits|pays?|(?:is|are) taxed)|"
    r"profits of (?:\w+ )?compan(?:y|ies)|"
    r"compan(?:y|ies)(?:'s?)? (?:pays? on (?:its|their)|tax|rate)\b|company(?:'s profits?|"
    r"\b[^.;]{0,40}\bprofits?)\b[^.;]{0,30}\btax(?:ed)?)\b",
    re.IGNORECASE,
)
_OTHER_RATE = Quick(
    r"\b(?:r ?& ?d|research|s(?:ection)? ?455|loans?|dividends?|patent|allowances?|expensing|interest|"
    r"penalt\w*|vat|income tax|"
    r"national insurance|capital gains|pillar|relief of|pension|charit\w*|credit|main pool|special rate|"
    r"increase\w*|abroad|overseas|countries|ireland|irish|german\w*|france|french|america\w*|"
    r"quarterly|surcharge|levy)\b",
    re.IGNORECASE,
)
_EVERY = Quick(
    r"\b(?:flat|single|one rate|only rate|uniform|"
    r"(?:every|each|all) (?:limited |uk |scottish )?compan(?:y|ies)"
    r"(?! (?:with|whose|that|which|making|earning|under|below|over|above|in)\b)|"
    r"(?:large|big) (?:or|and) small|small (?:or|and) (?:large|big)|"
    r"all profits|any profit|"
    r"whatever|regardless|irrespective|no matter|however (?:large|small|little|much|big)|"
    r"(?:does not|doesn't) matter|of any size|"
    r"across the board|same rate)\b",
    re.IGNORECASE,
)
_ONE_RATE = re.compile(
    r"(?<!no )(?<!not )(?<!never )\b(?:one|a single|a flat|the same) (?:flat |"
    r"single )?rate (?:\w+ ){0,4}(?:for|on) "
    r"(?:all|every|any) (?:size of )?compan(?:y|ies)",
    re.IGNORECASE,
)
_NOT_EVERY = re.compile(
    r"\b(?:not (?:all|every|each)|no (?:flat|single)|not (?:a )?(?:flat|single)|"
    r"rather than (?:a )?(?:flat|single))\b",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    r"\b(?:up to|below|under|less than|not exceed\w*|not more than|no more than) $", re.IGNORECASE
)
_EVEN = re.compile(r"\b(?:even|whether|including|too)\b[^.;]*$", re.IGNORECASE)
_OVER = re.compile(r"\b(?:over|above|exceeding|more than|beyond|past|from) $", re.IGNORECASE)
_SMALL, _MAIN, _MARGINAL = Decimal(19), Decimal(25), Decimal("26.5")
_RATES_SINCE_2023 = (_SMALL, _MAIN, _MARGINAL)
# What 25 % less marginal relief comes to.
_ON_AVERAGE = re.compile(
    r"\b(?:work(?:s|ed|ing)? out|effective\w*|averages?|overall|in effect|blended|comes? (?:out|"
    r"down) (?:at|to))\b",
    re.IGNORECASE,
)
_A_PROFIT = re.compile(
    r"\b(?:profits? of|(?:made|makes?|earn(?:s|ed)?)(?: a profit of)?)(?: \w+)? $", re.IGNORECASE
)
_MAIN_BEFORE = re.compile(r"\bmain rate\b[^.;\d%]{0,24}$", re.IGNORECASE)
_SMALL_BEFORE = re.compile(r"\bsmall (?:profits|companies) rate\b[^.;\d%]{0,24}$", re.IGNORECASE)
_SMALL_AFTER = re.compile(r" small (?:profits|companies) rate\b", re.IGNORECASE)
_CUT = re.compile(r"[;,](?!\d)|\.(?!\d)| (?:and|but) ")
_SHARED = re.compile(
    r"\b(?:first|associated|group|close investment|marginal|relief|instal\w*|non-resident)\b", re.IGNORECASE
)
_LOWER, _UPPER = Decimal(50_000), Decimal(250_000)
_NEW_RATES = date(2023, 4, 1)
_NEAR = 90


_CORPORATION_CUE = Cue("corporation tax|company tax|compan(?:y|ies)|ct at")
_RATE_CUE = Cue("rate")


@check("corporation_tax_rate")
def corporation_tax_rate(context: Context) -> CheckResult:
    """Rates and limits of corporation tax are those of the financial year."""
    if context.as_of < _NEW_RATES:
        return not_applicable("The rates before April 2023 are not looked at.")
    seen, wrong = 0, []
    for one in advice(context, _CORPORATION_CUE, A_PERCENTAGE, _RATE_CUE):
        if _CORPORATION.search(one.subject) and (same := _ONE_RATE.search(one.text)):
            seen += 1
            wrong.append(Finding(one.start + same.start(), one.start + same.end()))
            continue
        rates = find_percentages(context.document.folded, one.start, one.end)
        if not rates or not _CORPORATION.search(one.subject) or _OTHER_RATE.search(one.text):
            continue
        seen += len(rates)
        wrong += _wrong_rates(one, rates) or _wrong_limits(context, one, rates)
    if not seen:
        return not_applicable("No rate of corporation tax is stated.")
    return failed(None, *wrong) if wrong else passed()


def _wrong_rates(one: Advice, rates: list[Percentage]) -> list[Finding]:
    if (
        len({rate.value for rate in rates}) == 1
        and _EVERY.search(one.text)
        and not _NOT_EVERY.search(one.text)
        and not _is_limited(one)
    ):
        return [Finding(rates[0].start, rates[0].end)]
    misnamed = [rate for rate in rates if _is_misnamed(one, rate)]
    return [Finding(rate.start, rate.end) for rate in misnamed] or [
        Finding(rate.start, rate.end)
        for rate in rates
        if rate.value not in _RATES_SINCE_2023
        and not (_SMALL < rate.value < _MARGINAL and _ON_AVERAGE.search(one.text, 0, rate.start - one.start))
    ]


def _is_limited(one: Advice) -> bool:
    """Whether a rate is told of profits on one side of a limit, and not of any profit "even below" it."""
    befores = (one.text[: money.start] for money in find_money(one.text))
    return any(
        (_UP_TO.search(before) or _OVER.search(before)) and not _EVEN.search(before) for before in befores
    )


def _is_misnamed(one: Advice, rate: Percentage) -> bool:
    """Whether a rate bears the other one's name: "main rate: 19%", "the 25% small profits rate"."""
    before, after = one.text[: rate.start - one.start], one.text[rate.end - one.start :]
    if rate.value == _SMALL:
        return bool(_MAIN_BEFORE.search(before))
    return rate.value == _MAIN and bool(_SMALL_BEFORE.search(before) or _SMALL_AFTER.match(after))


def _wrong_limits(context: Context, one: Advice, rates: list[Percentage]) -> list[Finding]:
    """Return limits that do not belong to their rate: 19 % up to £50,000, 25 % over £250,000."""
    folded, found = context.document.folded, _wrong_limits_before(context, one, rates)
    found += _too_low(folded, one, rates)
    for index, rate in enumerate(rates):
        stop = rates[index + 1].start if index + 1 < len(rates) else one.end
        money = next(iter(find_money(folded, rate.end, min(stop, rate.end + _NEAR))), None)
        if money is None:
            continue
        between = folded[rate.end : money.start].lower()
        if (
            rate.value == _SMALL
            and re.search(r"up to|below|under|less|not exceed|not more|until", between)
            and money.amount != _LOWER
        ):
            found.append(Finding(money.start, money.end))
        if (
            rate.value == _MAIN
            and re.search(r"over|above|exceed|more than", between)
            and money.amount != _UPPER
        ):
            found.append(Finding(money.start, money.end))
    return found


def _wrong_limits_before(context: Context, one: Advice, rates: list[Percentage]) -> list[Finding]:
    """Return limits named before their rate: "profits under £50,000 pay 19 %, above £250,000 it is 25 %"."""
    folded, found, begin = context.document.folded, [], one.start
    for rate in rates:
        for money in find_money(folded, begin, rate.start):
            before = folded[one.start : money.start]
            is_too_low = rate.value == _SMALL and _UP_TO.search(before)
            is_too_high = rate.value == _MAIN and _OVER.search(before)
            if (is_too_low or is_too_high) and money.amount not in (_LOWER, _UPPER):
                found.append(Finding(money.start, money.end))
            elif (begin == one.start or _CUT.search(folded[begin : money.start])) and _is_of_others(
                rate, money, folded[money.end : rate.start], before
            ):
                found.append(Finding(rate.start, rate.end))
        begin = rate.end
    return found


def _is_of_others(rate: Percentage, money: Money, between: str, before: str) -> bool:
    """Whether a rate is told of the profits that bear the other: "profits over £250,000: 19%"."""
    if find_money(between) or _CUT.search(between.replace(", ", " ", 1)):
        return False
    is_large = rate.value == _SMALL and money.amount >= _UPPER and _OVER.search(before)
    is_small = rate.value == _MAIN and money.amount <= _LOWER and _UP_TO.search(before)
    return bool(is_large or is_small)


def _too_low(folded: str, one: Advice, rates: list[Percentage]) -> list[Finding]:
    """Return the rate that alone is named for a profit that bears the other one."""
    if len(rates) > 1 or rates[0].value not in (_SMALL, _MAIN) or _SHARED.search(one.text):
        return []
    is_small = rates[0].value == _SMALL
    over = [
        money
        for money in find_money(folded, one.start, one.end)
        if (money.amount > _LOWER) == is_small and _A_PROFIT.search(folded[one.start : money.start])
    ]
    return [Finding(rates[0].start, rates[0].end)] if over else []
