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
from validation_engine.scan.topics import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Block, Document

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
    if _PAID_IN.search(sentence) and not _FSCS.search(sentence):
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


_CLAIM = Quick(
    r"\b(?:(?:completely|entirely|totally|absolutely|wholly|100%|genuinely|always) (?:free|fee[- ]free)"
    r"(?: of (?:all )?(?:fees|charges|costs?|charge))?"
    r"|(?:fee|charge|commission)[- ]free|free of (?:all |any )?(?:fees|charges)"
    r"|(?:no|zero|without(?: any)?|0%) (?:\w+ )?(?:fees|charges|"
    r"costs)(?: or (?:charges|fees|costs))?"
    r"(?: of any kind| at all| whatsoever| whatever| ever| to pay)?"
    r"|(?:without paying|not) a penny in (?:fees|charges)|free (?:dealing|trading|trades|investing|transfers)"
    r"|free to (?:use|join|hold|own)|(?:costs?|pay)(?: (?!for\b)\w+)? (?:absolutely )?nothing(?: at all)?"
    r"|(?:not|\w+n't|never) cost (?:you |anyone )?a (?:single )?penny(?! (?:more|extra)))"
    r"(?! (?:for(?! (?:investors|customers|members|savers|you|anyone|borrowers)\b)|on|to|if|when|"
    r"unless|until|in|during|other|except|apart|while|beyond|with|as|"
    r"from(?! (?:the )?(?:very )?(?:beginning|start|outset|first|day one)\b))\b)"
    r"|\b(?:costs?(?: you)? nothing|free(?: of charge)?) to (?:deal|invest|hold|own|have|run|keep)\b"
    r"|\b(?:never|not) pay (?:us )?an? (?:commission|fee|charge)\b"
    r"|\b(?:dealing|trading|investing) with us is free\b"
    r"|\b(?:invest|borrow|save|trade)(?:ing)? (?:is )?free of charge\b",
    re.IGNORECASE,
)
_NO_SUCH = re.compile(
    r"\b(?:no|zero|nil|without(?: any| an?)?|£0|0%) (?P<kind>(?!(?:any|other)\b)\w{3,}(?: \w+)?) "
    r"(?:fees?|charges?|commission)\b",
    re.IGNORECASE,
)
_ELSEWHERE = Quick(
    r"\b(?:ombudsman|complain\w*|(?:goes|gone|go) wrong|not happy|unhappy|call|calls|helpline|guide|"
    r"leaflet|download|parking|delivery|meeting|consultation|"
    r"tax|advice line|first|trial|until|switch(?:ing)? service|risk|withdraw\w*|transfers?|depend)\b",
    re.IGNORECASE,
)
# Said not to hold here, or said of others: "free deals exist elsewhere; ours isn't one".
_OF_OTHERS = Quick(
    r"\belsewhere\b|\b(?:other|some|many|several|most) (?:\w+ )?(?:lenders?|firms?|platforms?|providers?|"
    r"brokers?|banks?|apps?) (?:offer|advertise|promote|market|sell|call|have|claim|say|do)\b|"
    r"\b(?:ours|this one|we)(?: is| are|'re)?(?: not|n't) (?:one|among|free|a free|fee[- ]free|that)\b|"
    r"\bours (?:does|is|do|are)(?:n't| not)\b|\bno such thing\b|\bnothing is (?:ever )?free\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"(?:it|that|this)\b", re.IGNORECASE)
_CHOICE = Quick(
    r"\b(?:some|others?|either|options?|alternative(?:ly)?|instead|choose|choice|versions?)\b", re.IGNORECASE
)
_FIGURE = r"(?:\d+(?:\.\d+)? ?(?:%|per ?cent)|£[\d,]+(?:\.\d+)?)"
_FIGURES = re.compile(_FIGURE)
_CHARGE = re.compile(
    rf"(?P<before>{_FIGURE}) (?!(?:after|before|net|less|without)\b)(?:\w+ )?"
    r"(?P<kind>(?:\w+ ){0,2})(?:fees?|charges?|commission)\b"
    rf"|\b(?:each|every|per) (?:trade|deal|transaction|transfer) costs? (?P<deal>{_FIGURE})"
    rf"|\b(?P<kind_after>(?:\w+ ){{0,2}})(?:fees?|charges?|commission)(?: \w+){{0,4}}? (?P<after>{_FIGURE})",
    re.IGNORECASE,
)


_FREE = Cue("free|no |zero|nil|without|0%|penny|nothing")
_COST = Cue("fee|charge|commission| cost")


@check("fee_free_contradiction")
def fee_free_contradiction(context: Context) -> CheckResult:
    """Nothing is called free that has a charge of more than nothing elsewhere in the document."""
    claims = list(_free_claims(context))
    if not claims:
        return not_applicable("The document does not claim to be free of charges.")
    charges = list(_charges(context))
    for claim, kind in claims:
        against = [span for span, charged in charges if not kind or kind in charged]
        if against:
            return failed(None, claim, *against[:3])
    return passed()


def _free_claims(context: Context) -> Iterator[tuple[Finding, str]]:
    """Yield each claim to be free, with the kind of charge it is limited to, if any."""
    for index in _FREE.sentences(context.document):
        sentence, text = context.document.sentences[index], context.document.sentence_text(index)
        if cues.ATTRIBUTION.search(text) or _CHOICE.search(text) or _OF_OTHERS.search(text):
            continue
        for found in _NO_SUCH.finditer(text):
            yield _at(sentence.start, found), found["kind"].lower()
        if not _is_elsewhere(context.document, index):
            yield from (
                (_at(sentence.start, found), "") for found in _CLAIM.finditer(text) if _said(text, found)
            )


def _is_elsewhere(document: Document, index: int) -> bool:
    """Whether a sentence, or what its "it" points back to, is about something that is free for everybody."""
    text = document.sentence_text(index)
    told = [text]
    if _POINTS_BACK.match(text):
        told += [document.sentence_text(one) for one in (*topics(document, index), max(index - 1, 0))]
    return any(_ELSEWHERE.search(one) for one in told)


def _at(offset: int, found: re.Match[str]) -> Finding:
    return Finding(offset + found.start(), offset + found.end())


def _said(text: str, found: re.Match[str]) -> bool:
    """Whether a match is not denied just before."""
    return not re.search(r"\b(?:not|never|n't|nor)\b(?: \w+){0,4} $", text[: found.start()], re.IGNORECASE)


def _charges(context: Context) -> Iterator[tuple[Finding, str]]:
    """Yield each charge above nothing, with the words that say what it is for."""
    for index in _COST.sentences(context.document):
        sentence, text = context.document.sentences[index], context.document.sentence_text(index)
        if not _FIGURES.search(text) or _CHOICE.search(text):
            continue
        for found in _CHARGE.finditer(text):
            figure = found["before"] or found["after"] or found["deal"]
            before = text[max(0, found.start() - 60) : found.start()]
            if cues.NEGATION.search(before) or not re.search(r"[1-9]", figure):
                continue
            yield _at(sentence.start, found), (found["kind"] or found["kind_after"] or "").lower()
