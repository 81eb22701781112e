"""Checks on how a promotion shows past figures, risks and help."""

from __future__ import annotations

import re
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
from validation_engine.fields.amounts import A_PERCENTAGE
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Block

_PERCENT = r"-?\d+(?:\.\d+)? ?(?:%|per ?cent)"
_PAST = Quick(
    r"\b(?:rose|risen|gained|grew|grown|returned|delivered|achieved|climbed|made|earned|"
    r"produced|outperformed|"
    r"averaged|up|increased|generated|soared)(?: (?:by|a|an|about|over|more than|almost|"
    r"some|total|return|gain|"
    r"growth|of|investors|clients|its|holders))*"
    rf" (?:{_PERCENT})"
    rf"|\b(?:gains?|returns?|growth|rises?|increases?) of (?:over |about |almost |some |"
    rf"more than )?{_PERCENT} "
    r"(?:between|over|in|during|since|for|last|across)\b",
    re.IGNORECASE,
)
_NOT_A_PRODUCT = Quick(
    r"\b(?:inflation|cpi|rpi|gdp|bank rate|base rate|interest rates?|wages|house prices|unemployment|economy|"
    r"sales|exports|oil|sterling|the (?:ftse|index|s&p)|(?:charges?|fees?) (?:rose|increased))\b",
    re.IGNORECASE,
)
_SUPPOSED = Quick(r"\b(?:if|suppose|assum\w+|were to|had|imagine|illustrat\w+)\b", re.IGNORECASE)
_FIVE_YEARS = Quick(
    r"\b(?:five|5|six|seven|eight|nine|ten|10|fifteen|twenty)(?: \w+){0,2}[ -](?:years?|"
    r"12-month|twelve-month|"
    r"calendar years)\b|\bsince (?:launch|inception|it (?:began|started|launched)|(?:we|the fund) \w+ed)\b",
    re.IGNORECASE,
)
_LAUNCHED = Quick(
    r"\b(?:launch(?:ed)?|start(?:ed)?|began|inception|opened|set up|"
    r"established|running|existed)\b[^.]{0,40}?\b(?P<year>(?:19|"
    r"20)\d\d)\b",
    re.IGNORECASE,
)
_YOUNG = re.compile(
    r"\b(?:only|just|fewer than|less than) (?:one|two|three|four|five|\d)(?: \w+){0,3} (?:years?|12-month)",
    re.IGNORECASE,
)
_FIGURES = re.compile(_PERCENT)
_YEARS = 5
# Longer than a row of a table, longer than a heading.
_ROW, _HEADING = 80, 40


@check("past_performance_period")
def past_performance_period(context: Context) -> CheckResult:
    """Past returns cover five complete years, or the whole life of a younger product."""
    document = context.document
    shown = [
        Finding(found.start(), found.end())
        for sentence in (document.sentences[index] for index in A_PERCENTAGE.sentences(document))
        if not _NOT_A_PRODUCT.search(document.folded, sentence.start, sentence.end)
        for found in _PAST.finditer(document.folded, sentence.start, sentence.end)
        if not _SUPPOSED.search(document.folded, sentence.start, found.start())
    ]
    if not shown and not any(_is_series(context, block) for block in document.blocks):
        return not_applicable("No past return of a product is shown.")
    if _covers_five_years(context) or _is_young(context):
        return passed()
    return failed(None, *shown)


def _is_series(context: Context, block: Block) -> bool:
    """Whether a block lists a return for each of five years."""
    if not A_PERCENTAGE.within(context.document.folded, block.start, block.end):
        return False
    text = context.document.folded[block.start : block.end]
    years = set(re.findall(r"\b(?:19|20)\d\d\b", text))
    return len(_FIGURES.findall(text)) >= _YEARS and (
        len(years) >= _YEARS or re.search(r"\b(?:years?|returned)\b", text, re.IGNORECASE) is not None
    )


def _covers_five_years(context: Context) -> bool:
    document = context.document
    if any(_is_series(context, block) for block in document.blocks):
        return True
    rows = [document.folded[one.start : one.end] for one in document.blocks]
    yearly = sum(
        1 for row in rows if len(row) < _ROW and _FIGURES.search(row) and re.search(r"\b20\d\d\b", row)
    )
    if yearly >= _YEARS:
        return True
    return any(
        _FIVE_YEARS.search(text) and _FIGURES.search(text) and not re.search(r"\b(?:leave|at least)\b", text)
        for text in map(document.sentence_text, A_PERCENTAGE.sentences(document))
    )


def _is_young(context: Context) -> bool:
    text = context.document.folded
    launched = [int(found["year"]) for found in _LAUNCHED.finditer(text)]
    return any(context.as_of.year - year <= _YEARS for year in launched) or _YOUNG.search(text) is not None


_RISK = Quick(
    r"\b(?:capital(?: is)? at risk|(?:money|investment) (?:is )?at risk|get back less|not get back|"
    r"(?:can|may|could|might) (?:\w+ )?(?:fall|go down|lose)|as well as (?:up|rise)|"
    r"lose (?:all|some|your|money|"
    r"everything)|past performance|risk warning|high[- ]risk)\b",
    re.IGNORECASE,
)
_SMALL_PRINT = re.compile(
    r"\b(?:small print|terms (?:and conditions )?apply|footnotes?|legal bits?|the legal stuff|notes?)\b",
    re.IGNORECASE,
)
_REFERS = re.compile(r"[\w.,!?%)][*\u2020\u2021\xb9\xb2\xb3](?=\s|$)")
_MARKS = "*\u2020\u2021\xb9\xb2\xb3"


@check("risk_warning_prominence")
def risk_warning_prominence(context: Context) -> CheckResult:
    """Some wording on risk stands in the body, not all of it in footnotes or small print."""
    document = context.document
    hidden: list[Finding] = []
    for index, block in enumerate(document.blocks):
        for one in _RISK.finditer(document.folded, block.start, block.end):
            if not _in_small_print(context, index):
                return passed()
            hidden.append(Finding(one.start(), one.end()))
    return (
        failed(None, *hidden) if hidden else not_applicable("The document has no wording on risk to place.")
    )


def _in_small_print(context: Context, index: int) -> bool:
    document = context.document
    block = document.blocks[index]
    if _is_footnote(context, block) or _SMALL_PRINT.match(document.folded, block.start):
        return True
    before = document.blocks[index - 1] if index else None
    heading = document.sections[index]
    return any(
        one is not None
        and one.end - one.start < _HEADING
        and _SMALL_PRINT.search(document.folded, one.start, one.end)
        for one in (before, document.blocks[heading] if heading not in (-1, index) else None)
    )


def _is_footnote(context: Context, block: Block) -> bool:
    """Whether a block opens with a mark that another word refers to, or that is no bullet of a list."""
    document = context.document
    if document.text[block.start] not in _MARKS:
        return False
    marked = sum(1 for one in document.blocks if document.text[one.start] in _MARKS)
    return marked == 1 or _REFERS.search(document.text) is not None


_SUPPORT = Quick(
    r"\b(?:large(?:r)? (?:print|type|text)|braille|audio|(?:another|other|different|alternative|accessible) "
    r"(?:format|formats|language|languages|version|versions)|easy[- ]read|text relay|"
    r"relay uk|sign language|bsl|"
    r"interpreter|(?:extra|additional|more|special) (?:help|support|time|needs|assistance)|vulnerab\w+|"
    r"(?:find|finding) (?:it|forms|things) (?:hard|difficult)|accessib\w+|going through a (?:difficult|hard)|"
    r"(?:need|like|want) (?:any )?(?:help|support)|support (?:team|needs|you need)|reasonable adjustments?|"
    r"make things easier|(?:harder|difficult) (?:for you )?to)\b",
    re.IGNORECASE,
)


@check("support_route")
def support_route(context: Context) -> CheckResult:
    """A document of more than `words` words tells customers how to get other formats or more help."""
    if len(context.document.folded.split()) < int(context.params["words"]):
        return not_applicable("The document is too short to need it.")
    return passed() if _SUPPORT.search(context.document.folded) else failed()
