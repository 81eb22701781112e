"""Making Tax Digital for Income Tax: the income from which it binds, and the year from which."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

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
from validation_engine.checks.tax_guidance.due_days import is_denied
from validation_engine.fields.amounts import A_UNIT, find_money
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.fields.amounts import Money

_MTD = Quick(
    r"\b(?:making tax digital|mtd|quarterly (?:digital )?(?:updates|reporting)|digital tax)\b", re.IGNORECASE
)
_INCOME = Quick(
    r"\b(?:income tax|itsa|it\b|landlords?|rents?|rental|sole traders?|self[- ]employed|"
    r"qualifying income|self assessment)",
    re.IGNORECASE,
)
_STEPS = {Decimal(50_000): 2026, Decimal(30_000): 2027, Decimal(20_000): 2028}
_START = re.compile(r"\b(?:april|from|since|in|until) (?:6 april )?(20[2-3]\d)\b(?![/-]\d)", re.IGNORECASE)
# What a return for 2024-25 shows binds from April 2026.
_ON_RETURN = re.compile(r"\b(20\d\d)[-/](?:20)?\d\d(?: tax)? returns?\b", re.IGNORECASE)
_YEARS_LATER = 2
_THIS_YEAR = re.compile(r"\b(?:this april|april (?:of )?this year|this (?:tax )?year)\b", re.IGNORECASE)
_STARTS = re.compile(
    r"\b(?:starts?|begins?|joins?|applies|compulsory|mandatory|mandated|comes? in|kicks? in|must|"
    r"ha(?:ve|s) to|covers?|delayed until|put off until|postponed (?:to|until))\b",
    re.IGNORECASE,
)
_EARNS = Quick(
    r"\b(?:(?:came|comes?|amount(?:s|ed)?) to|totalled|"
    r"turnover of|rents? of|receipts of|sales of|you (?:earn|make|take|turn over|gross)|"
    r"\ba (?:[\w-]+ ){1,3}with(?: \w+ of)?)[:,]? $",
    re.IGNORECASE,
)
# What makes up somebody's income: "£34,000 of sales and £9,500 of caravan rent".
_OF_SOMEBODY = re.compile(
    r" (?:of|from|in) (?:[\w-]+ )?"
    r"(?:sales|rents?|takings|fees|lettings?|work|landings|costs|income|turnover)\b",
    re.IGNORECASE,
)
_PERSON = Quick(
    r"\b(?:his|her|mr|mrs|ms|"
    r"your (?:sister|brother|wife|husband|partner|son|daughter|mother|father|own)|a client|"
    r"come to(?! (?:more|over|above|at least))|profit of|penalt\w*|for example)\b",
    re.IGNORECASE,
)
_INCOME_OVER = Quick(
    r"\b(?:over|above|more than|exceed\w*|earning|income of|at least|under|below|threshold(?: (?:of|is|"
    r"falls to|drops to))?|limit(?: (?:of|is))?|is|"
    r"to|and|between|with|(?:starts?|begins?|kicks? in)\b[^.;£]{0,40} at)[:,]? (?:income (?:over|above) )?$",
    re.IGNORECASE,
)
_THRESHOLD_COLUMN = re.compile(r"\b(?:thresholds?|income|limit|over|above|turnover)\b", re.IGNORECASE)
_WHATEVER = Quick(
    r"\b(?:whatever|regardless of|irrespective of|however (?:little|small|low)|"
    r"no matter (?:what|how (?:much|little)))\b"
    r"[^.;]{0,24}\b(?:earn\w*|income|turnover|make|take|takings|receive|size|level)\b|"
    r"\b(?:all|every|each) (?:self[- ]employed (?:person|people|trader)s?|sole traders?|landlords?)\b"
    r"(?! (?:with|whose|over|above|earning|who|registered))",
    re.IGNORECASE,
)
_VAT, _ASIDE = re.compile(r"\bvat\b", re.IGNORECASE), re.compile(r"[,;:(]| - ")
_NOT_INCOME = re.compile(r"\b(?:vat|not|n't|never|nobody|eventually|voluntar\w+)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[;:]|,? (?:and|but|then|while|with) ")
_MTD_CUE = Cue("digital|mtd|quarterly")
_TOLD_CUE = Cue(
    r"20[23]\d|whatever|regardless|irrespective|however|no matter|(?:all|every|each) (?:self|sole|landlord)"
)


@check("mtd_income_tax")
def mtd_income_tax(context: Context) -> CheckResult:
    """Thresholds and starts of Making Tax Digital for Income Tax belong together."""
    folded, seen, wrong = context.document.folded, 0, []
    for one in advice(context, _MTD_CUE, A_UNIT, _TOLD_CUE):
        if not _MTD.search(one.subject) or not _INCOME.search(one.subject) or _PERSON.search(one.text):
            continue
        amounts = [
            money
            for money in find_money(folded, one.start, one.end)
            if money.amount >= 1_000  # noqa: PLR2004 - smaller sums are fees and fines
            and not _is_of_vat(one, money)
            and not _EARNS.search(folded[one.start : money.start])
            and not _OF_SOMEBODY.match(folded, money.end, one.end)
            and (
                _INCOME_OVER.search(folded[one.start : money.start]) or _THRESHOLD_COLUMN.search(one.columns)
            )
        ]
        years = [int(year) for year in _START.findall(one.text)]
        if not years and _THIS_YEAR.search(one.text):
            years = [context.as_of.year]
        years = years or [int(year) + _YEARS_LATER for year in _ON_RETURN.findall(one.text)]
        judged = [] if _VAT.search(one.text) else list(_told(one, folded, years, is_apart=not amounts))
        seen += len(amounts) + len(judged)
        wrong += [finding for finding, right in judged if not right]
        wrong += [Finding(money.start, money.end) for money in amounts if money.amount not in _STEPS]
        wrong += [
            Finding(money.start, money.end)
            for money, year in _paired(one, amounts, years)
            if _STEPS.get(money.amount, year) != year
        ]
    if not seen:
        return not_applicable("No threshold of Making Tax Digital for Income Tax is stated.")
    return failed(None, *wrong) if wrong else passed()


def _is_of_vat(one: Advice, money: Money) -> bool:
    """Whether an amount may be one of VAT, which is named before it or right after."""
    before, after = one.text[: money.start - one.start], one.text[money.end - one.start :]
    return bool(_VAT.search(before) or _VAT.search(_ASIDE.split(after, maxsplit=1)[0]))


def _told(one: Advice, folded: str, years: list[int], *, is_apart: bool) -> Iterator[tuple[Finding, bool]]:
    """Yield what is said of who is bound, and from when where that stands apart from a threshold."""
    earned = list(_earned(one, folded, years))
    yield from earned or (_starts(one) if is_apart else [])
    if not find_money(folded, one.start, one.end):
        yield from _of_all(one)


def _paired(one: Advice, amounts: list[Money], years: list[int]) -> Iterator[tuple[Money, int]]:
    """Yield amounts with the years they belong to: in order, else where a clause has one of each."""
    named = [money for money in find_money(one.text) if money.amount >= min(_STEPS)]
    if len(years) == len(amounts) >= len(named):
        yield from zip(amounts, years, strict=True)
        return
    at = one.start
    for cut in (*(found.start() for found in _CLAUSE.finditer(one.text)), len(one.text)):
        end = one.start + cut
        own = [money for money in amounts if at <= money.start < end]
        told = _START.findall(one.text, at - one.start, cut)
        if len(own) == len(told) == 1:
            yield own[0], int(told[0])
        at = end


def _earned(one: Advice, folded: str, years: list[int]) -> Iterator[tuple[Finding, bool]]:
    """Yield what somebody bound from a year is said to earn, and whether it passes that year's step."""
    steps = {year: amount for amount, year in _STEPS.items()}
    if len(years) != 1 or years[0] not in steps:
        return
    for money in find_money(folded, one.start, one.end):
        if _EARNS.search(folded[one.start : money.start]):
            yield Finding(money.start, money.end), money.amount > steps[years[0]]


def _of_all(one: Advice) -> Iterator[tuple[Finding, bool]]:
    """Yield what binds everybody, whatever the income: there is no such step."""
    found = _WHATEVER.search(one.text)
    if found and _STARTS.search(one.text) and not _NOT_INCOME.search(one.text):
        yield (
            Finding(one.start + found.start(), one.start + found.end()),
            is_denied(one, one.start + found.start()),
        )


def _starts(one: Advice) -> Iterator[tuple[Finding, bool]]:
    """Yield the years in which it is said to start, and whether it does in any of them."""
    if _STARTS.search(one.text):
        for year in _START.finditer(one.text):
            start = one.start + year.start(1)
            yield Finding(start, start + 4), int(year[1]) in _STEPS.values()
