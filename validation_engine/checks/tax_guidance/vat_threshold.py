"""The threshold of VAT registration that tax guidance states, against that of the document's day."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

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
from validation_engine.checks.tax_guidance.advice import Advice, advice
from validation_engine.fields.amounts import (
    A_UNIT,
    Money,
    find_money,
)
from validation_engine.fields.periods import NUMBERS
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

_VAT_THRESHOLDS = (
    (date(2024, 4, 1), Decimal(90_000)),
    (date(2017, 4, 1), Decimal(85_000)),
    (date(2016, 4, 1), Decimal(83_000)),
)
_REGISTRATION = re.compile(
    r"\b(?:regist(?:er|ered|ering|ration)|threshold|sign(?:ed|ing|s)? up (?:for|to)|"
    r"compulsory|(?:think|worry|bother) about vat|vat limit|limit for vat|vat number|"
    r"(?:need|have|has|must|required|obliged)\b[^.;]{0,24}\bcharge vat|"
    r"(?:join|enter|stay out of|come into)\b[^.;]{0,24}\b(?:vat|system|scheme))\b",
    re.IGNORECASE,
)
_VAT = re.compile(r"\bvat\b|\bvalue added tax\b", re.IGNORECASE)
_OTHER_LIMIT = Quick(
    r"\b(?:leave the (?:vat )?register|come off|deregist\w*|de-regist\w*|flat[- ]rate|cash accounting|"
    r"annual accounting|"
    r"making tax digital for income|mtd for income|"
    r"landlords?|for income tax|"
    r"corporation|import\w*|distance|penalt\w*|trading allowance|qualifying income|payroll|group)\b",
    re.IGNORECASE,
)
_PASSING = Quick(
    r"(?:\b(?:over|above|below|under|beneath|exceed\w*|more than|less than|pass(?:es|ed)?|reach\w*|"
    r"hits?|tops?|beyond|up to|go(?:es)? past|takes?|compulsory from|"
    r"thresholds?(?:,? (?:of|is|at|stays at|remains|remains at|now|is now|for [\w ]{2,24} is))?|"
    r"limit(?: (?:of|is|at))?|is|"
    r"at)(?: (?:still|only|just|now|currently))?[:,]?|\|) (?:the (?:threshold|limit|figure) of )?$",
    re.IGNORECASE,
)
_PASSED = re.compile(
    r"^ ?(?:vat )?(?:registration )?(?:threshold|limit|in any|over (?:any|the|a)|of (?:taxable )?turnover|"
    r"or more|[^.;\xa3]{0,20} is the (?:vat )?(?:limit|threshold|figure|line))",
    re.IGNORECASE,
)
# "A firm turning over £30,000" has so much, and must do nothing for it.
_TURNING_OVER = re.compile(r"\bturn(?:s|ed|ing)? over (?:about |around |some )?$", re.IGNORECASE)
_BOUND = re.compile(r"\b(?:must|ha(?:s|ve) to|needs? to|required|obliged|compulsory)\b", re.IGNORECASE)
_THOUSANDS = re.compile(
    r"\b((?:seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?) thousand\b"
    r"(?: pounds)?",
    re.IGNORECASE,
)
_THOUSANDS_CUE = Cue("thousand")
_LEAST, _MOST = Decimal(20_000), Decimal(300_000)

_REGISTRATION_CUE = Cue(
    "regist|threshold|limit|about vat|up for|up to vat|compulsory|number|charge vat|join|system|out of|"
    "come into"
)

_FORMER = re.compile(
    r"\b(?:former|old|earlier|previous) (?:limit|threshold|figure|level|line) (?:of )?$", re.IGNORECASE
)


@check("vat_threshold")
def vat_threshold(context: Context) -> CheckResult:
    """The registration threshold stated is that of the document's day."""
    right = next((amount for since, amount in _VAT_THRESHOLDS if context.as_of >= since), None)
    stated = list(_stated_thresholds(context))
    if right is None or not stated:
        return not_applicable("No registration threshold is stated.")
    wrong = [one for one in stated if one.amount != right and not _is_put_right(context, one, right)]
    if not wrong:
        return passed()
    told = f"The VAT registration threshold on {context.as_of.isoformat()} is £{right:,}"
    message = f"{told}, not £{wrong[0].amount:,}."
    return failed(message, *(_replaced(one.start, one.end, f"\xa3{right:,}") for one in wrong))


def _is_put_right(context: Context, one: Money, right: Decimal) -> bool:
    """Whether the sentence names the right threshold too: the other is an earlier or another one."""
    sentence = context.document.sentences[context.document.sentence_at(one.start)]
    named = find_money(context.document.folded, sentence.start, sentence.end)
    return any(money.amount == right for money in named)


def _replaced(start: int, end: int, text: str) -> Finding:
    return Finding(start, end, Edit(start, end, text, "review"))


def _stated_thresholds(context: Context) -> Iterator[Money]:
    folded = context.document.folded
    for one in advice(context, _REGISTRATION_CUE, A_UNIT, _THOUSANDS_CUE):
        amounts = [*find_money(folded, one.start, one.end), *_in_words(one)]
        if not amounts or not (_REGISTRATION.search(one.subject) and _VAT.search(one.subject)):
            continue
        if _OTHER_LIMIT.search(one.text):
            continue
        for money in amounts:
            before, after = folded[one.start : money.start], folded[money.end : one.end]
            if not before.strip():  # a line of its own under its name
                before = f"{one.subject.removesuffix(one.text).rstrip(' :|')} "
            if _FORMER.search(before) or (_TURNING_OVER.search(before) and not _BOUND.search(one.text)):
                continue
            if _LEAST <= money.amount <= _MOST and (_PASSING.search(before) or _PASSED.match(after)):
                yield money


def _in_words(one: Advice) -> Iterator[Money]:
    """Yield thresholds written out: "eighty-five thousand pounds"."""
    for found in _THOUSANDS.finditer(one.text):
        thousands = sum(NUMBERS[word.lower()] for word in re.split(r"[ -]", found[1]))
        start, end = one.start + found.start(), one.start + found.end()
        yield Money(Decimal(thousands) * 1_000, "GBP", start, end)
