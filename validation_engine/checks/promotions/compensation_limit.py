"""Check that the limits of the compensation scheme are those of the day."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.checks.layout import cells
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    passed,
)
from validation_engine.fields.amounts import find_money
from validation_engine.scan import cues
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Block, Document

# The Prudential Regulation Authority raised the limit for deposits on this day.
_DEPOSIT_RISE = date(2025, 12, 1)
_DEPOSITS_NOW, _DEPOSITS_BEFORE, _INVESTMENTS = Decimal(120_000), Decimal(85_000), Decimal(85_000)
_FSCS = re.compile(r"\b(?:fscs|financial services compensation scheme)\b", re.IGNORECASE)
_LIMIT = Quick(
    r"\b(?:up to|limit|maximum|protect\w*|cover\w*|compensat\w*|first|no more than|guarantee\w*|claim)\b",
    re.IGNORECASE,
)
_IS_LIMIT = re.compile(
    r"\b(?:up to|limited to|(?:covered|protected|insured|compensated) to|"
    r"limit (?:of|is)|maximum (?:of|is))(?: (?:a|the) (?:total|maximum|limit) of)? $",
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
    r"\b(?:(?:1(?:st)?(?: of)? december|december 1(?:st)?,?) 20|1[./]12[./]|"
    r"(?:30(?:th)?(?: of)? november|november 30(?:th)?,?) 20|"
    r"(?:from|since|in|until|before|the end of) (?:november|december),?) ?(?:20)?25\b",
    re.IGNORECASE,
)
_PAID_IN = Quick(
    r"\b(?:pay in|put in|invest|open|minimum|maximum balance|deposit up to|start with|"
    r"(?:can|may|could) (?:hold|keep|have|save|leave))\b",
    re.IGNORECASE,
)
_DEPOSIT = re.compile(r"\b(?:deposits?|savings?|bank|building society|cash|balances?|saver)\b", re.IGNORECASE)
# Cash with a broker is no deposit: one who tells the limit of deposits elsewhere knows them apart.
_SURELY_DEPOSIT = re.compile(r"\b(?:deposit\w*|savings?|saver\w*|building society)\b", re.IGNORECASE)
_INVESTED = re.compile(r"\binvest\w*", re.IGNORECASE)
# "£85,000 a person for investments": so far an amount may come before what it is for.
_AFTER_AMOUNT = 36
_OTHER_LIMIT = re.compile(
    r"\b(?:temporary high|joint|each is|couple|(?:sell|sold|selling) (?:your|a|the)|"
    r"(?:six|6) months|million|insurance|long[- ]term|annuit\w+)\b",
    re.IGNORECASE,
)


@check("fscs_limit")
def fscs_limit(context: Context) -> CheckResult:
    """Every compensation limit named with the scheme is the one of the day, for deposits or investments."""
    wrong = [
        Finding(money.start, money.end)
        for index, block in enumerate(context.document.blocks)
        if _is_about_fscs(context.document, index)
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


def _is_about_fscs(document: Document, index: int) -> bool:
    """Whether a block names the scheme, or its heading or the columns of its table do."""
    above = {index, document.sections[index], document.first_rows[index]} - {-1}
    blocks = (document.blocks[one] for one in above)
    return any(_FSCS.search(document.folded, one.start, one.end) for one in blocks)


def _is_right_limit(context: Context, block: Block, amount: Decimal, at: int) -> bool:
    text = context.document.folded
    sentence = context.document.sentence_text(context.document.sentence_at(at))
    was_limit = _WAS_LIMIT.search(text, max(block.start, at - 60), at) is not None
    if (
        was_limit
        or (amount == _INVESTMENTS and _INVESTED.search(_up_to(text, block, at)))
        or _is_all_there_is(context, at, amount)
        or _is_told_with_its_day(context, block, amount, at)
        or (_PAID_IN.search(sentence) and not _FSCS.search(sentence))
    ):
        return True
    is_limit = _IS_LIMIT.search(text, max(block.start, at - 30), at) or _is_in_limit_column(context, at)
    if not is_limit and (
        not _LIMIT.search(sentence) or amount < _INVESTMENTS or _is_beside(context, block, amount)
    ):
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
    is_for_investments = "invest" in sentence.lower() or (
        not _SURELY_DEPOSIT.search(sentence)
        and any(money.amount == deposits for money in context.fields.money)
    )
    return amount == deposits or (amount == _INVESTMENTS and is_for_investments)


def _up_to(text: str, block: Block, at: int) -> str:
    """Return what leads to an amount since the one before it, or its sentence, and the few words after it."""
    before = max(text.rfind("\xa3", block.start, at), text.rfind(". ", block.start, at), block.start)
    return text[before : min(at + _AFTER_AMOUNT, block.end)]


def _is_in_limit_column(context: Context, at: int) -> bool:
    """Whether an amount stands in a column of a table that is headed as the scheme's limit."""
    block = context.document.sentences[context.document.sentence_at(at)].block
    own = (one for one in cells(context.document, block) if one.start <= at < one.end)
    return any(_FSCS.search(one.column) and _LIMIT.search(one.column) for one in own)


def _is_beside(context: Context, block: Block, amount: Decimal) -> bool:
    """Whether an amount that is not called the limit is told with the right one, as an example is."""
    right = _DEPOSITS_NOW if context.as_of >= _DEPOSIT_RISE else _DEPOSITS_BEFORE
    told = (money.amount for money in find_money(context.document.folded, block.start, block.end))
    return amount not in (_DEPOSITS_NOW, _DEPOSITS_BEFORE) and right in told


def _is_all_there_is(context: Context, at: int, amount: Decimal) -> bool:
    """Whether a row covers the whole of what it says is held: "£50,000 | £50,000"."""
    block = context.document.sentences[context.document.sentence_at(at)].block
    others = (one for one in cells(context.document, block) if not one.start <= at < one.end)
    folded = context.document.folded
    return amount <= _DEPOSITS_NOW and any(
        money.amount == amount for one in others for money in find_money(folded, one.start, one.end)
    )


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
