"""The charges of more than nothing that a promotion states, each with the words that say what it is for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.promotions.free.apart import CHOICE, is_of_another
from validation_engine.checks.registry import Finding
from validation_engine.scan import cues
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.checks.registry import Context
    from validation_engine.documents.model import Document

# Where a denial before a charge ends: "costs you nothing, and we deduct a charge of £7.50".
_CLAUSE = re.compile(r",? (?:and|but|then|while|although|though|yet)\b|[;:.!?]", re.IGNORECASE)
_FIGURE = r"(?:\d+(?:\.\d+)? ?(?:%|per ?cent)|£[\d,]+(?:\.\d+)?)"
_FIGURES = re.compile(_FIGURE)
_CHARGE = Quick(
    rf"(?P<before>{_FIGURE}) (?!(?:after|before|net|less|without)\b)(?:[\w-]+ )?"
    r"(?P<kind>(?:[\w-]+ ){0,2})(?:fees?|charges?|commission)\b"
    rf"|\b(?:each|every|per) (?:trade|deal|transaction|transfer) costs? (?P<deal>{_FIGURE})"
    r"|\b(?P<kind_after>(?:[\w-]+ ){0,2})(?:fees?|charges?|commission)(?! for credit)(?: \w+){0,4}?"
    rf"(?: \(\w+\))?(?: ?[:|=,-])* (?P<after>{_FIGURE})"
    rf"|\b(?:costs?|we (?:take|charge|deduct|keep)) (?:you )?(?P<taken>{_FIGURE})"
    r" (?:(?:a|per|each|every) (?:year|month|quarter|trade|deal|transfer)|"
    r"of (?:your|the|what|it|its|their|everything|all))\b",
    re.IGNORECASE,
)
# A line of a list of charges: what it is for, and how much.
_PRICE = re.compile(
    rf"^(?P<kind>[a-z][\w '&/-]{{2,40}}?)(?: ?[:|-] ?| )(?P<figure>{_FIGURE})"
    r"(?=\W*$| (?:a|per|each|of)\b)",
    re.IGNORECASE,
)
_NO_PRICE = Quick(
    r"\b(?:minimum|maximum|invest\w*|deposits?|aer|apr|interest|limit|cover\w*|save|saved|example|value|"
    r"balance|bonus|discount|cashback|return\w*|growth|rates?|if|late|missed|elsewhere|others?)\b",
    re.IGNORECASE,
)
_LIST_OF_CHARGES = Quick(r"\b(?:fees?|charges?|costs?|prices?|what (?:we|you) (?:take|pay))\b", re.IGNORECASE)
# What a charge is for may follow it: "a fee of £20 for switching".
_AFTER = 12
_FIGURE_CUE = Cue("[%£]|cent")
_LINE = 80
_COST = Cue("fee|charge|commission|cost|we (?:take|deduct|keep)")


def placed(offset: int, found: re.Match[str]) -> Finding:
    """Return what a pattern found in a text that begins at an offset."""
    return Finding(offset + found.start(), offset + found.end())


def charges(context: Context) -> Iterator[tuple[Finding, str]]:
    """Yield each charge above nothing, with the words that say what it is for."""
    for index in _COST.sentences(context.document):
        sentence, text = context.document.sentences[index], context.document.sentence_text(index)
        if not _FIGURES.search(text) or CHOICE.search(text) or is_of_another(text):
            continue
        for found in _CHARGE.finditer(text):
            figure = found["before"] or found["after"] or found["deal"] or found["taken"]
            before = _CLAUSE.split(text[max(0, found.start() - 60) : found.start()])[-1]
            if (
                cues.NEGATION.search(before)
                or cues.HISTORY.search(before + found.group())
                or not re.search(r"[1-9]", figure)
            ):
                continue
            yield placed(sentence.start, found), text[found.start() : found.end() + _AFTER].lower()
    yield from _listed(context.document)


def _listed(document: Document) -> Iterator[tuple[Finding, str]]:
    """Yield the lines under a heading of charges that say how much is taken for what."""
    for index in _FIGURE_CUE.sentences(document):
        sentence, text = document.sentences[index], document.sentence_text(index)
        heading = document.sections[sentence.block]
        found = _PRICE.match(text) if heading not in (-1, sentence.block) and len(text) < _LINE else None
        if not found or not re.search(r"[1-9]", found["figure"]) or _NO_PRICE.search(text):
            continue
        block = document.blocks[heading]
        if _LIST_OF_CHARGES.search(document.folded, block.start, block.end):
            yield placed(sentence.start, found), text.lower()
