"""Whether a notice that relies on legitimate interests says what the interest is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    needs_review,
    not_applicable,
    passed,
)
from validation_engine.scan.cue import Cue
from validation_engine.scan.hits import Span
from validation_engine.scan.quick import Quick
from validation_engine.scan.scopes import in_any
from validation_engine.scan.topics import head_of_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_CUE = Cue(r"legitimate|6 ?\(1\) ?\(f\)")
_INTEREST = re.compile(
    r"\blegitimate (?:\w+ )?interests?\b|\b(?P<article>(?:art(?:icle|\.)? ?)?6 ?\(1\) ?\(f\))", re.IGNORECASE
)
# What a column of a table holds that is not the interest pursued: the data, who gets them, for how long.
_OTHER_COLUMN = re.compile(
    r"\b(?:data|information|details|records?|categor(?:y|ies)|what we (?:collect|hold|have)|kept|keep|"
    r"retention|how long|period|recipients?|shared|who (?:gets|sees|receives)|source)\b",
    re.IGNORECASE,
)
_RECOGNISED = re.compile(r"\brecogni[sz]ed legitimate\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")
# Words that say nothing of the interest itself: grammar, the other bases, the balance, the rights.
_EMPTY_WORDS = """
a an the this that these those it its they them their there here some any all each every other others else
everything anything something thing things rest remaining case cases where when while if unless because
since so as than then which who whom whose what why how we us our ours you your yours i my one ones both
either and or but nor not no also only always never sometimes often usually generally mainly mostly further
is are was were be been being am has have had having do does did doing done may might can could will would
shall should must need needs needed necessary required appropriate reasonable relevant applicable in on of
for by with to from at under over into about within without between through upon out legitimate interest
interests interested lawful lawfully legal legally basis bases ground grounds reason reasons law article art
paragraph gdpr act ukgdpr uk data personal information details record records use uses used using process
processes processed processing processor handle handling hold holding held keep keeping collect collected
collecting collection share sharing rely relies relied relying reliance depend depends based rests purpose
purposes activity activities consent contract contracts contractual obligation obligations duty vital public
task party parties third person persons people individual individuals member members customer customers
company organisation business businesses firm charity controller pursue pursued pursues believe think
consider considered balance balanced balancing test override overrides overridden outweigh outweighs
outweighed against rights right freedoms freedom privacy object objecting objection time know known certain
following describe described explain explained notice policy example include includes including such take
takes apply applies make makes made say says mean means carry carried pursuant accordance accordingly
provided permitted allow allows allowed lets let recognised own respect respects condition six statement
assessment assess lia copy ask request available sets set list listed whichever different various several
care careful carefully many most more less few part parts weigh weighs weighed weighing
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_LEADS_TO_IT = re.compile(
    r"^[\s)\"']*(?:(?:here|which|that|this|themselves|today|both|we have|it has|[a-z]+ly) ?)*"
    r"(?:[:(|,;-]|in\b|of\b|is\b|are\b|lies?\b|includes?\b|being\b|namely\b|to\b|that\b|as\b|by\b|when\b|"
    r"because\b|since\b|so\b|for\b|behind\b|we\b|our\b|at\b)",
    re.IGNORECASE,
)
_PURPOSE = Quick(
    r"\bto (?!process|use\b|rely|hold\b|object|complain|us\b|you\b|the\b|our\b|your\b)[a-z]{3,}|"
    r"\bso that\b|\bfor [a-z]+|"
    r"\b(?!processing|using|relying|including|overriding|being|having|holding|following|anything|everything)"
    r"[a-z]{3,}ing\b|"
    r"\b(?:prevention|detection|security|safety|fraud|theft|crime|debts?|claims)\b",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"^[\"'* -]*(?:ours?|(?:our|its) (?:\w+ )?interests?|this|that|these|those|they|it|the "
    r"(?:interests?|aim|point|idea|benefit)|what|namely|here|for (?:example|instance|us)|by that|"
    r"we (?:want|mean|need|have an interest)|you get|both|in (?:short|plain))\b",
    re.IGNORECASE,
)
# The next line or question that is about the interest itself.
_NAMES_IT = re.compile(
    r"^\W*(?:(?:the|our|that|this) )?(?:(?:what|which) )?"
    r"(?:interests?|legitimate interest)\b[^.?:]{0,30}[:?]",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^[\W_]*(?:(?:our |the )?(?:legal |lawful )?(?:basis|ground|footing|reason)\b"
    r"(?! for (?:everything|anything|all))|"
    r"(?:we do|for|on|doing) (?:this|that|it|these|so)\b|(?:this|that|it|these|those|here)\b)",
    re.IGNORECASE,
)
# "The cameras are there so that ... Those are our legitimate interests."
_THAT_IS_IT = re.compile(
    r"(?:this|that|these|those|both) (?:is|are) (?:our|the|its) (?:own )?legitimate interests?\b",
    re.IGNORECASE,
)
_WHY = re.compile(r"\b(?:because|so that|so as to|in order to|since|otherwise)\b", re.IGNORECASE)
_ENOUGH = 2


@check("legitimate_interest_described")
def legitimate_interest_described(context: Context) -> CheckResult:
    """Some sentence that speaks of legitimate interests, or the one after it, says what the interest is.

    What the data is used for does not say it: "for marketing we rely on legitimate interests" names a use.
    """
    document = context.document
    mentions = list(_mentions(document))
    if not mentions:
        return not_applicable("Legitimate interests are not relied on.")
    if any(_is_described(document, span) for span in mentions):
        return passed()
    doubtful = next(
        (one for one in mentions if _is_told_before(document, one) or _is_told_why(document, one)), None
    )
    if doubtful is not None:
        message = (
            "A use is described beside the legitimate interests; a person must say whether the interest is."
        )
        return needs_review(message, Finding(doubtful.start, doubtful.end))
    first = mentions[0]
    return failed(None, Finding(first.start, first.end))


def _mentions(document: Document) -> Iterator[Span]:
    for index in _CUE.sentences(document):
        sentence = document.sentences[index]
        text = document.sentence_text(index)
        if _RECOGNISED.search(text):
            continue
        for found in _INTEREST.finditer(text):
            span = Span(sentence.start + found.start(), sentence.start + found.end(), index)
            if not in_any(document, span, ("quotation", "definition")):
                yield span


def _content(text: str) -> int:
    return len(
        {word for word in map(str.lower, _WORD.findall(text)) if word.removesuffix("'s") not in _EMPTY}
    )


def _is_described(document: Document, span: Span) -> bool:
    sentence = document.sentences[span.sentence]
    if _THAT_IS_IT.match(document.sentence_text(span.sentence)) and _is_told_before(document, span):
        return True
    before = document.folded[sentence.start : span.start]
    after = document.folded[span.end : sentence.end]
    if _LEADS_TO_IT.match(after) and _content(after) >= 1 + after.lstrip().startswith((",", ";")):
        return True
    kind = document.blocks[sentence.block].kind
    if kind == "item" and _content(before + " " + after) >= 1:
        return True
    if kind == "row" and _content(_told_in_row(document, span)) >= 1:
        return True
    return _goes_on(document, span.sentence)


def _told_in_row(document: Document, span: Span) -> str:
    """Return what the cells of a row say, those left out whose column is about something else."""
    cells = _cells(document.sentence_text(span.sentence))
    heads = [
        cell
        for above in head_of_table(document, span.sentence)
        for cell in _cells(document.sentence_text(above))
    ]
    if len(heads) != len(cells) or len(cells) == 1:  # of HTML and Markdown no cell is told from the next
        return " ".join(cells)
    return " ".join(cell for cell, head in zip(cells, heads, strict=True) if not _OTHER_COLUMN.search(head))


def _cells(row: str) -> list[str]:
    return row.strip(" |").split("|")


def _goes_on(document: Document, index: int) -> bool:
    """Whether the next sentence, or the list that this one leads to, takes the interest up."""
    if index + 1 >= len(document.sentences):
        return False
    following, text = document.sentences[index + 1], document.sentence_text(index + 1)
    own = document.blocks[document.sentences[index].block]
    is_list = own.kind == "heading" and document.blocks[following.block].kind == "item"
    if is_list or document.sentence_text(index).endswith(":"):
        return _content(text) >= 1
    same = following.block == document.sentences[index].block or own.kind == "heading"
    if _NAMES_IT.match(text):
        after = document.sentence_text(index + 2) if index + 2 < len(document.sentences) else ""
        return _content(f"{text} {after}" if text.endswith("?") else text) >= _ENOUGH
    return same and _CONTINUES.match(text) is not None and _content(text) >= _ENOUGH


def _is_told_why(document: Document, span: Span) -> bool:
    """Whether the next sentence of the paragraph tells a use and the reason for it."""
    index = span.sentence + 1
    if index == len(document.sentences):
        return False
    same = document.sentences[index].block == document.sentences[span.sentence].block
    why = _WHY.search(document.sentence_text(index)) if same else None
    return why is not None and _content(document.sentence_text(index)[why.end() :]) >= _ENOUGH


def _is_told_before(document: Document, span: Span) -> bool:
    """Whether a mere label of the basis follows a sentence with a purpose, or stands in brackets after it."""
    index = span.sentence
    start = document.sentences[index].start
    if (
        "(" in document.folded[span.start : span.end]
    ):  # an article alone, which may end what names the interest
        before = document.folded[start : span.start]
        return bool(_PURPOSE.search(before)) and _content(before) >= _ENOUGH
    said, bracket, inside = document.folded[start : span.start].rpartition("(")
    if bracket and ")" not in inside and _content(inside) == 0:
        return bool(_PURPOSE.search(said)) and _content(said) >= _ENOUGH
    if index == 0 or not _LABEL.match(document.sentence_text(index)):
        return False
    before = document.sentence_text(index - 1)
    return bool(_PURPOSE.search(before)) and _content(before) >= _ENOUGH
