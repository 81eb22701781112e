"""Checks on how a promotion shows risks and help."""

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
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Block

# Longer than a heading.
_HEADING = 40
_RISK = Quick(
    r"\b(?:capital(?: is)? at risk|(?:money|investment) (?:is )?at risk|get back less|not get back|"
    r"(?:can|may|could|might) (?:\w+ )?(?:fall|go down|lose)|as well as (?:up|rise)|"
    r"lose (?:all|some|your|money|"
    r"everything)|past performance|risk warning|high[- ]risk)\b",
    re.IGNORECASE,
)
# A note about a fund is no small print; notes are.
_SMALL_PRINT = re.compile(
    r"\b(?:small print|(?:terms(?: and conditions| & conditions)?|t&cs?|t's ?& ?c's|conditions) apply|"
    r"footnotes?|legal bits?|the legal stuff|notes)\b",
    re.IGNORECASE,
)
_PROMINENT = re.compile(r"\b(?:important|before you|read (?:this|these)|first|risks?)\b", re.IGNORECASE)
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
    # What opens the document is nothing but prominent.
    if index and (_is_footnote(context, block) or _SMALL_PRINT.match(document.folded, block.start)):
        return True
    before = document.blocks[index - 1] if index else None
    heading = document.sections[index]
    return any(
        one is not None
        and one.end - one.start < _HEADING
        and _SMALL_PRINT.search(document.folded, one.start, one.end)
        and not _PROMINENT.search(document.folded, one.start, one.end)
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
    r"\b(?:(?:large|big|bold)(?:r|ger|er)? (?:print|type|text|letters)|braille|audio|"
    r"(?:on|as a) (?:tape|recording|cd)|"
    r"(?:in|into) (?:welsh|gaelic|polish|urdu|punjabi|bengali|arabic|chinese|romanian|ukrainian)|"
    r"english isn't|"
    r"read (?:it |this )?(?:out|aloud|to you)|(?:another|other|different|alternative|accessible) "
    r"(?:format|formats|language|languages|version|versions)|easy[- ]read|text relay|"
    r"relay uk|sign language|bsl|"
    r"interpreter|(?:extra|additional|more|special) (?:help|support|needs|assistance)|vulnerab\w+|"
    r"(?:extra|more|longer|additional) (?:time )?to (?:read|think|reply|respond|decide|answer|talk)|"
    r"(?:find|finding) (?:it|forms|things) (?:hard|difficult)|accessib\w+|going through a (?:difficult|hard)|"
    r"(?:need|like|want) (?:any )?(?:help|support)|support (?:team|needs|you need)|reasonable adjustments?|"
    r"(?:make|making) (?:things|this|it|life) easier|(?:harder|difficult) (?:for you )?to|"
    r"typeface|(?:yellow|coloured|colored|tinted) paper|record (?:this|it)|at your (?:own )?pace|textphone|"
    r"minicom|video relay|go through (?:it|this) with you|talk you through|"
    r"(?:friend|relative|carer|someone you trust)"
    r"\b[^.;]{0,30}\b(?:deal|speak|act|call|ring|talk)|grieving|bereave\w*|"
    r"(?:a|some) (?:hard|rough|tough|bad) time|anything in your life|strain)\b",
    re.IGNORECASE,
)


# "We do not supply large print", "Braille is not available".
_REFUSAL = 48
_REFUSED = re.compile(
    r"(?:\b(?:not|cannot|never|no longer|unable to)|n't) (?:(?:currently|yet|be able to) )?"
    r"(?:suppl\w+|provid\w+|offer\w*|produc\w+|print\w*|publish\w*|available|issue\w*|send|give|make)\b[^.;]{0,30}$|"
    r"\bno (?:\w+ )?$",
    re.IGNORECASE,
)
_REFUSED_AFTER = re.compile(
    r"[^.;]{0,30}? (?:(?:is|are|can|will|would)(?: not|n't| never)|cannot|can't|won't) (?:be )?"
    r"(?:available|offered|supplied|provided|produced|given)",
    re.IGNORECASE,
)


@check("support_route")
def support_route(context: Context) -> CheckResult:
    """A document of more than `words` words tells customers how to get other formats or more help."""
    if len(context.document.folded.split()) < int(context.params["words"]):
        return not_applicable("The document is too short to need it.")
    found = _SUPPORT.finditer(context.document.folded)
    return passed() if any(_is_offered(context.document.folded, *one.span()) for one in found) else failed()


def _is_offered(folded: str, start: int, end: int) -> bool:
    """Whether other formats or help are not said to be unavailable."""
    return not (
        _REFUSED.search(folded, max(start - _REFUSAL, 0), start)
        or _REFUSED_AFTER.match(folded, end, end + _REFUSAL)
    )
