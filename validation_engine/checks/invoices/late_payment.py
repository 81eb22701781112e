"""What the Late Payment Act is cited for: 8 per cent a year over base rate, and a sum by the debt's size."""

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
from validation_engine.fields.amounts import find_money, find_percentages
from validation_engine.scan import cues
from validation_engine.scan.cue import Cue
from validation_engine.scan.hits import Span
from validation_engine.scan.quick import Quick
from validation_engine.scan.scopes import clause_before, in_any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.fields.amounts import Money, Percentage

_ACT = Quick(
    r"\blate payment(?: of commercial debts)?(?: \(interest\))?(?: act| legislation| regulations)|"
    r"\bstatutory interest\b|\blate[- ]payment (?:law|rules|regime)|"
    r"\blaws? on (?:the )?late payment|\blate payment of commercial debts",
    re.IGNORECASE,
)
_ACT_CUE = Cue("late[- ]payment|statutory interest")
_POINTS_BACK = re.compile(
    r"\W*(?:this|that|these|those|such|it|both|the (?:right|entitlement))\b", re.IGNORECASE
)
_OF_INTEREST = Quick(
    r"\b(?:interest|late|overdue|unpaid|outstanding|base|compensation|recover\w*|fixed|statutory|surcharge)\b",
    re.IGNORECASE,
)
_NOT_INTEREST = re.compile(
    r"\b(?:vat|discount\w*|deposit|retention|rebate|commission|contract\w*)\b[^.;:]{0,40}$", re.IGNORECASE
)
_DISCOUNT_AFTER = re.compile(
    r" (?:(?:early|prompt|settlement|cash) )*(?:vat|discount|rebate|deposit)\b", re.IGNORECASE
)
_SHORT_PERIOD = re.compile(
    r"[^.;,%]{0,24}?\b(?:(?:per|a|each|every) (?:calendar )?(?:week|month|day)|weekly|monthly|pcm)\b|"
    r" (?:of [\w ]{1,30})?(?:for|in) (?:each|every) (?:week|month|day)\b",
    re.IGNORECASE,
)
_OF_A_YEAR = re.compile(r",? ?(?:\(?(?:a|per|each) (?:year|annum)|p\.? ?a\b|yearly|annual)", re.IGNORECASE)
_SHORT_BEFORE = Quick(r"\b(?:weekly|monthly|daily) (?:\w+ ){0,5}(?:of|at) $", re.IGNORECASE)
_BASE = r"(?:base(?: (?:lending )?rate)?|bank rate|reference rate|bank of england(?:'s)?(?: base)? rate)"
# "Bank Rate (3.75% at the start of the half-year)": the rate that the eight per cent come on top of.
_IS_THE_BASE = re.compile(
    rf"\b{_BASE}\b(?![^%;.]*(?:plus|over|above|\+|\bor\b))[^%;]{{0,60}}$|^\W*(?:at )?{_BASE}\b", re.IGNORECASE
)
_MAKES = re.compile(
    r"(?:=|\b(?:making|so|i\.e\.|that is|in total|in all|which (?:is|makes)|altogether|now)\b)[^%;]{0,30}$",
    re.IGNORECASE,
)
_FIXED = re.compile(
    r"\b(?:fixed|flat|compensation|recover\w*|administration|admin|statutory|penalty|collection|"
    r"late payment|charge of|fee of|sum of|"
    r"(?:each|every|per|any) (?:overdue|late|unpaid) (?:bill|invoice|debt))\b",
    re.IGNORECASE,
)
_CLAIMED = re.compile(
    r"\b(?:adds?|plus|claim|charge|and|with|gives? us|allows? us|lets? us|entitle\w*(?: us)? to|of|or|by)\b"
    r"[^.;\xa3]{0,30}$|[(+&,/]\s*$",
    re.IGNORECASE,
)
_SIZE_OF_DEBT = re.compile(
    r"\b(?:under|below|beneath|less than|up to|over|above|from|at least|exceed\w*|between|not more than|"
    r"beyond|to|(?:debts?|invoices?|bills?|accounts?) (?:of|for|worth)|this (?:invoice|bill)|"
    r"a day|-) *\(?$|\d ?- ?$",
    re.IGNORECASE,
)
_SIZE_AFTER = re.compile(
    r" (?:(?:and|or) (?:over|more|above|under|less)|to \xa3|a day|per day|daily)", re.IGNORECASE
)
_CONDITION = re.compile(r"[^.;]{0,80}\b(?:if|unless|where|when|should|until|failing)\b", re.IGNORECASE)
_OTHER_COST = re.compile(r"\b(?:cheques?|card|bank charge|bounced|returned|cash)\b", re.IGNORECASE)
_OF_THIS_DEBT = re.compile(
    r"[^.;,(\xa3]{0,24}\b(?:on|for) (?:this (?:invoice|bill|debt|one)|"
    r"an? (?:invoice|bill|debt) of this size)\b",
    re.IGNORECASE,
)
_BY_SIZE = (
    (Decimal(1_000), Decimal(40)),
    (Decimal(10_000), Decimal(70)),
    (Decimal("Infinity"), Decimal(100)),
)
_FIXED_SUMS = tuple(fixed for _, fixed in _BY_SIZE)
_BANDS = (Decimal("999.99"), Decimal(1_000), Decimal("9999.99"), Decimal(10_000))
_STATUTORY = Decimal(8)
_FORMERLY = re.compile(
    r"\b(?:used to|once|older?|formerly|previous\w*|some (?:firms|suppliers|people)|others|saw)\b",
    re.IGNORECASE,
)


@check("late_payment")
def late_payment(context: Context) -> CheckResult:
    """Interest under the Act is 8 per cent a year over base rate, and the fixed sums are £40, £70, £100."""
    is_cited, wrong = False, list[Finding]()
    totals = frozenset(one.amount for one in context.fields.invoice.totals)
    for index in sorted({near for at in _citing(context) for near in _passage(context, at)}):
        # Whether what is right is claimed at all is only asked until something is.
        rates = _rates(context, index, doubtful=is_cited)
        sums = _sums(context, index, totals, doubtful=is_cited)
        is_cited = is_cited or bool(rates or sums)
        wrong += [Finding(one.start, one.end) for one in _wrong_rates(context, index, rates)]
        wrong += [Finding(one.start, one.end) for one in sums if not _is_sum_of_the_act(context, one)]
    if not is_cited:
        return not_applicable("The Act is not cited with a rate or a fixed sum.")
    return failed(None, *wrong) if wrong else passed()


def _rates(context: Context, index: int, *, doubtful: bool) -> list[Percentage]:
    """Return the rates that a sentence claims; `doubtful` where they matter only if some may be wrong."""
    sentence = context.document.sentences[index]
    rates = find_percentages(context.document.folded, sentence.start, sentence.end)
    if doubtful and all(_is_statutory(context, index, one) for one in rates):
        return []
    return [one for one in rates if _is_claimed(context, index, one)]


def _sums(context: Context, index: int, totals: frozenset[Decimal], *, doubtful: bool) -> list[Money]:
    """Return the fixed sums that a sentence claims, but totals; only those that are wrong if `doubtful`."""
    sentence = context.document.sentences[index]
    return [
        one
        for one in find_money(context.document.folded, sentence.start, sentence.end)
        if one.amount not in totals
        and not (doubtful and _is_sum_of_the_act(context, one))
        and _is_fixed_sum(context, index, one)
    ]


def _citing(context: Context) -> Iterator[int]:
    document = context.document
    return (at for at in _ACT_CUE.sentences(document) if _ACT.search(document.sentence_text(at)))


def _passage(context: Context, index: int) -> Iterator[int]:
    """Yield the sentence that cites the Act, the next of its block, and the one it points back to."""
    document = context.document
    yield index
    for near in (index - 1, index + 1):
        if not 0 <= near < len(document.sentences):
            continue
        is_joined = document.sentences[near].block == document.sentences[index].block
        points = near > index or _POINTS_BACK.match(document.sentence_text(index))
        if is_joined and points and _OF_INTEREST.search(document.sentence_text(near)):
            yield near


def _around(context: Context, index: int, start: int, end: int) -> tuple[str, str]:
    sentence, folded = context.document.sentences[index], context.document.folded
    return folded[sentence.start : start], folded[end : sentence.end]


def _is_said(context: Context, index: int, start: int, end: int) -> bool:
    """Whether a figure is claimed, and not denied, quoted, asked or told of others."""
    before, after = _around(context, index, start, end)
    span = Span(start, end, index)
    if _FORMERLY.search(before) or in_any(context.document, span, ("quotation", "question")):
        return False
    if _CONDITION.match(after):  # "£70 is due if you do not pay" denies nothing
        return cues.NEGATION.search(clause_before(before, after)) is None
    return not in_any(context.document, span, ("negation",))


def _is_claimed(context: Context, index: int, rate: Percentage) -> bool:
    before, after = _around(context, index, rate.start, rate.end)
    is_other = _NOT_INTEREST.search(before) or _DISCOUNT_AFTER.match(after)
    return not is_other and _is_said(context, index, rate.start, rate.end)


def _wrong_rates(context: Context, index: int, rates: list[Percentage]) -> Iterator[Percentage]:
    """Yield the rates that are neither eight a year, nor the base rate, nor both together."""
    bases = [one.value for one in rates if _is_base(context, index, one)]
    for one in rates:
        is_base = one.value - _STATUTORY in bases or _is_base(context, index, one)
        is_short = _is_of_short_period(*_around(context, index, one.start, one.end))
        if is_short or not (is_base or one.value == _STATUTORY):
            yield one


def _is_statutory(context: Context, index: int, rate: Percentage) -> bool:
    is_short = _is_of_short_period(*_around(context, index, rate.start, rate.end))
    return rate.value == _STATUTORY and not is_short


def _is_of_short_period(before: str, after: str) -> bool:
    if _OF_A_YEAR.match(after):
        return False
    return bool(_SHORT_PERIOD.match(after) or _SHORT_BEFORE.search(before))


def _is_base(context: Context, index: int, rate: Percentage) -> bool:
    before, after = _around(context, index, rate.start, rate.end)
    return bool(_IS_THE_BASE.search(before) or _IS_THE_BASE.match(after)) and not _MAKES.search(before)


def _is_fixed_sum(context: Context, index: int, money: Money) -> bool:
    before, after = _around(context, index, money.start, money.end)
    if abs(money.amount) in _BANDS or _SIZE_OF_DEBT.search(before) or _SIZE_AFTER.match(after):
        return False
    if _OTHER_COST.search(before + after):
        return False
    is_meant = _FIXED.search(before) or _FIXED.search(after) or _CLAIMED.search(before)
    return bool(is_meant) and _is_said(context, index, money.start, money.end)


def _is_sum_of_the_act(context: Context, money: Money) -> bool:
    """Whether a sum is one of the three, and where it is that on this very bill, the one for its size."""
    of_this = _OF_THIS_DEBT.match(context.document.folded, money.end)
    gross = context.fields.invoice.one("gross") if of_this else None
    if gross is not None:
        due = next(fixed for limit, fixed in _BY_SIZE if gross.amount < limit)
        return money.amount in (due, *(_FIXED_SUMS if gross.is_weak else ()))
    return abs(money.amount) in _FIXED_SUMS
