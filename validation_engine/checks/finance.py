"""Checks on documents of financial firms: reference numbers, compensation limits, claims to be free."""

from __future__ import annotations

import re
from datetime import date
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
from validation_engine.fields.amounts import find_money
from validation_engine.scan import cues
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Block

_FRN = re.compile(
    r"\b(?:frn|firm reference (?:number|no)|(?:fca|financial services) register (?:number|"
    r"no)|register number)"
    r"\.?[ :(]{0,3}(?:is |of )?(?P<number>[A-Z]{0,2}\d[\dA-Z]*(?: \d{3}\b)?)",
    re.IGNORECASE,
)
_FRN_FORM = re.compile(r"\d{6,7}")
# The Prudential Regulation Authority raised the limit for deposits on this day.
_DEPOSIT_RISE = date(2025, 12, 1)
_DEPOSITS_NOW, _DEPOSITS_BEFORE, _INVESTMENTS = Decimal(120_000), Decimal(85_000), Decimal(85_000)
_FSCS = re.compile(r"\b(?:fscs|financial services compensation scheme)\b", re.IGNORECASE)
_LIMIT = Quick(
    r"\b(?:up to|limit|maximum|protect\w*|cover\w*|compensat\w*|first|no more than|guarantee\w*|claim)\b",
    re.IGNORECASE,
)
_IS_LIMIT = re.compile(
    r"\b(?:up to|limited to|limit (?:of|is)|maximum (?:of|is))(?: (?:a|the) (?:total|maximum|limit) of)? $",
    re.IGNORECASE,
)
_WAS_LIMIT = re.compile(
    r"\b(?:(?:before (?:that|then|this)|until (?:then|that|(?:\w+ )?\w+ \d{4}))\b[^.;]{0,30}|"
    r"(?:the )?(?:limit|it|figure|cover|maximum) (?:was|stood at|had been|used to be)(?: only)?|"
    r"used to be|previously|formerly|(?:rose|raised|up|increased|went up) from|instead of|not|no longer|"
    r"old (?:limit|figure) (?:of|was)) $",
    re.IGNORECASE,
)
# "On 1 December 2025 this goes up to £120,000": both limits are told, with the day that parts them.
_DAY_OF_RISE = re.compile(
    r"\b(?:1(?:st)?(?: of)? december|december 1(?:st)?,?|1[./]12[./]|"
    r"(?:from|since|in|until|before|the end of) (?:november|december),?) ?(?:20)?25\b",
    re.IGNORECASE,
)
_PAID_IN = Quick(
    r"\b(?:pay in|put in|invest|open|minimum|maximum balance|deposit up to|start with)\b", re.IGNORECASE
)
_DEPOSIT = re.compile(r"\b(?:deposits?|savings?|bank|building society|cash|balances?|saver)\b", re.IGNORECASE)
_OTHER_LIMIT = re.compile(
    r"\b(?:temporary high|joint|million|insurance|long[- ]term|annuit\w+)\b", re.IGNORECASE
)


_REGISTER = Cue("frn|firm reference|register n")
_BEFORE_NUMBER, _AFTER_NUMBER = 24, 48


@check("firm_reference_number")
def firm_reference_number(context: Context) -> CheckResult:
    """Every labelled firm reference number is six or seven digits."""
    folded = context.document.folded
    found = [
        number
        for near, far in _REGISTER.windows(folded, 0, len(folded), _BEFORE_NUMBER, _AFTER_NUMBER)
        for number in _FRN.finditer(folded, near, far)
    ]
    if not found:
        return not_applicable("The document quotes no firm reference number.")
    wrong = [one for one in found if not _FRN_FORM.fullmatch(one["number"].replace(" ", ""))]
    return failed(None, *(Finding(*one.span("number")) for one in wrong)) if wrong else passed()


@check("fscs_limit")
def fscs_limit(context: Context) -> CheckResult:
    """Every compensation limit named with the scheme is the one of the day, for deposits or investments."""
    wrong = [
        Finding(money.start, money.end)
        for block in context.document.blocks
        if _FSCS.search(context.document.folded, block.start, block.end)
        for money in find_money(context.document.folded, block.start, block.end)
        if not _is_right_limit(context, block, money.amount, money.start)
    ]
    if not wrong:
        return passed()
    right = _DEPOSITS_NOW if context.as_of >= _DEPOSIT_RISE else _DEPOSITS_BEFORE
    message = (
        f"On {context.as_of.isoformat()} the scheme's limit is £{right:,} a person for deposits and "
        f"£{_INVESTMENTS:,} for investments."
    )
    return failed(message, *wrong)


def _is_right_limit(context: Context, block: Block, amount: Decimal, at: int) -> bool:
    text = context.document.folded
    sentence = context.document.sentence_text(context.document.sentence_at(at))
    was_limit = _WAS_LIMIT.search(text, max(block.start, at - 60), at) is not None
    if (
        was_limit
        or _is_told_with_its_day(context, block, amount, at)
        or (_PAID_IN.search(sentence) and not _FSCS.search(sentence))
    ):
        return True
    is_limit = _IS_LIMIT.search(text, max(block.start, at - 30), at) is not None
    if not is_limit and (not _LIMIT.search(sentence) or amount < _INVESTMENTS):
        return True
    if (amount > _DEPOSITS_NOW and _OTHER_LIMIT.search(sentence)) or cues.HISTORY.search(
        text, block.start, block.end
    ):
        return True
    deposits = _DEPOSITS_NOW if context.as_of >= _DEPOSIT_RISE else _DEPOSITS_BEFORE
    if context.document_type == "savings_promotion":
        return amount == deposits
    if not _DEPOSIT.search(sentence):
        return amount == _INVESTMENTS
    return amount == deposits or (amount == _INVESTMENTS and "invest" in sentence.lower())


def _is_told_with_its_day(context: Context, block: Block, amount: Decimal, at: int) -> bool:
    """Whether a limit for deposits is told with the day on which it changed or will change.

    Beside the other limit, or as the one that a document from before that day announces.
    """
    text = context.document.folded
    if amount not in (_DEPOSITS_NOW, _DEPOSITS_BEFORE):
        return False
    one = context.document.sentences[context.document.sentence_at(at)]
    if amount == _DEPOSITS_NOW and _DAY_OF_RISE.search(text, one.start, one.end):
        return True
    told = {money.amount for money in find_money(text, block.start, block.end)}
    return told >= {_DEPOSITS_NOW, _DEPOSITS_BEFORE} and bool(
        _DAY_OF_RISE.search(text, block.start, block.end)
    )
