"""What tax guidance says: its advice, each with the subject that its heading or paragraph gives it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from validation_engine.checks.tax_guidance.hearsay import is_own_word
from validation_engine.lazy import per_document
from validation_engine.scan import scopes
from validation_engine.scan.hits import Span
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.checks.registry import Context
    from validation_engine.documents.model import Document
    from validation_engine.scan.cue import Cue

_PAST = Quick(
    r"\b(?:until [^.;]{0,24}\b20(?:[01]\d|2[0-5])|"
    r"previous\w*|used to|no longer|formerly|older|was|were|"
    r"before [^.;]{0,24}\b20(?:[01]\d|2[0-5])|myth|wrong|mistake\w*|misconception|rose from|up from|"
    r"stood at|example|e\.g|suppose|"
    r"imagine|old|ended in|(?:early|first|original) (?:plan|proposal)s?|"
    r"you (?:may |might |still )?remember|went (?:in|out|away)|abolished|"
    r"(?:meant|intended|planned|wanted|hoped|proposed) to)\b",
    re.IGNORECASE,
)

# "If your income was above £50,000" tells of nothing that is over.
_SUPPOSED = re.compile(
    r"\b(?:if|whose|whether|where|who|unless|provided|once)\b[^.;]{0,80}?\b(?:was|were)\b", re.IGNORECASE
)
# So much of its paragraph tells what a sentence is about.
_EARLIER = 600
_LONGEST_DAY = 20
# A line of a paragraph that begins with its own subject: "VAT: ...", "COMPANY DATES. ...".
_LINE_LABEL = re.compile(
    r"^ *((?:[-*\u2022] *)?(?:[A-Z][\w'&/ -]{1,40}: |[A-Z]{2,}(?:[ '&/-]+[A-Z]+)*[.:] ))", re.MULTILINE
)
_LABEL_REACH = 48
_LABEL_WORDS, _TITLE = 4, 160
_A_TAX = re.compile(
    r"\b(?:vat|corporation tax|company tax|income tax|self[- ]assessment|paye|cis|lbtt|capital gains|mtd)\b",
    re.IGNORECASE,
)


_TOLD = Quick(
    r"\b(?:says?|saying|said|claim\w*|told|telling|headline|leaflet|advert|rumou?r|heard|"
    r"quot\w+)\b[^\"]{0,40}\"",
    re.IGNORECASE,
)


class Advice(msgspec.Struct, frozen=True, gc=False):
    """A sentence, and as its subject also its heading and what its paragraph said before.

    `columns` is the first row of the table that a row stands in, else nothing.
    """

    text: str
    start: int
    end: int
    subject: str
    columns: str = ""


def advice(context: Context, subject: Cue, *told: Cue) -> Iterator[Advice]:
    """Yield what the document asserts now of a subject: no history, example, quotation or hearsay.

    Args:
        context: What is checked.
        subject: Stands in what says what a sentence is about.
        told: Of these one at least stands in each sentence that says what is asked.
    """
    document, known = context.document, _known(context.document)
    telling = {index for cue in told for index in cue.sentences(document)}
    for index in filter(telling.__contains__, _about(document, subject)):
        if index not in known:
            known[index] = _read(document, index)
        found = known[index]
        if found is not None:
            yield found


@per_document
def _known(_: Document) -> dict[int, Advice | None]:
    """Return where the advice looked at is kept, by sentence."""
    return {}


def _about(document: Document, subject: Cue) -> list[int]:
    """Return the sentences that the cue of a subject stands in, earlier in the paragraph, or above it."""
    beneath, answers = _places(document)
    about: set[int] = set()
    parted: set[int] = set()
    for index in subject.sentences(document):
        about.update((index, index + 1), answers.get(index, ()))
        block = document.sentences[index].block
        if block not in parted:
            parted.add(block)
            about.update(range(index, bisect_left(document.sentences, block + 1, key=attrgetter("block"))))
            about.update(beneath.get(block, ()))
    return sorted(about - {len(document.sentences)})


@per_document
def _places(document: Document) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Return the sentences beneath each heading and first row of a table, and what answers each question."""
    beneath: defaultdict[int, list[int]] = defaultdict(list)
    answers: defaultdict[int, list[int]] = defaultdict(list)
    tables = document.first_rows
    for index, sentence in enumerate(document.sentences):
        block = sentence.block
        for above in {_heading(document, block), tables[block]}:
            beneath[above].append(index)
        answers[_question(document, block)].append(index)
    return beneath, answers


def _read(document: Document, index: int) -> Advice | None:
    sentence, text = document.sentences[index], document.sentence_text(index)
    span = Span(sentence.start, sentence.end, index)
    if _is_past(text) or _TOLD.search(text) or scopes.in_any(document, span, ("quotation", "example")):
        return None
    if not is_own_word(document, index):
        return None
    columns = _columns(document, sentence.block)
    subject = f"{columns} {_around(document, index)} {text}"
    return Advice(text, sentence.start, sentence.end, subject, columns)


def _is_past(text: str) -> bool:
    return _PAST.search(text) is not None and _PAST.search(_SUPPOSED.sub("", text)) is not None


def _columns(document: Document, block: int) -> str:
    """Return the first row of the table that a block is a later row of."""
    first = document.first_rows[block]
    one = document.blocks[first]
    return "" if first in (-1, block) else document.folded[one.start : one.end]


def _around(document: Document, index: int) -> str:
    block, at = document.sentences[index].block, document.sentences[index].start
    heading, start = _heading(document, block), max(document.blocks[block].start, at - _EARLIER)
    start, is_apart = _own_line(document, start, at)
    if is_apart:
        return document.folded[start:at]
    near = ""
    if heading != -1:
        near = document.folded[document.blocks[heading].start : document.blocks[heading].end]
    near += " " + document.folded[start:at]
    asked = _question(document, block)
    lead = index - 1 if asked == -1 else asked
    if asked == -1 and lead > 0 and _is_label(document, lead, block):
        lead -= 1
    if asked != -1 or (lead >= 0 and document.sentences[lead].block == block - 1):
        near += f" {document.sentence_text(lead)}"
    return near


def _is_label(document: Document, index: int, block: int) -> bool:
    """Whether a sentence only names what the next one is about: "When to pay."."""
    return (
        document.sentences[index].block == block
        and len(document.sentence_text(index).split()) <= _LABEL_WORDS
    )


def _heading(document: Document, block: int) -> int:
    """Return the heading over a block, or -1; a row without one stands under the document's first line."""
    heading, title = document.sections[block], document.blocks[0]
    if heading > 0 and document.blocks[heading - 1].kind == "heading" and _is_day(document, heading):
        heading -= 1
    is_card = heading == -1 and document.blocks[block].kind == "row" and title.end - title.start <= _TITLE
    return 0 if is_card else heading


def _is_day(document: Document, block: int) -> bool:
    """Whether a heading is but the day under a title."""
    text = document.folded[document.blocks[block].start : document.blocks[block].end].strip()
    return len(text) <= _LONGEST_DAY and text[:1].isdigit() and text[-4:].isdigit()


def _own_line(document: Document, start: int, at: int) -> tuple[int, bool]:
    """Return where the last label of a line before a sentence begins, and whether it names a tax itself."""
    is_tax = False
    for label in _LINE_LABEL.finditer(document.text, start, at + _LABEL_REACH):
        if label.start(1) <= at:
            start, is_tax = label.start(1), _A_TAX.search(label[1]) is not None
    return start, is_tax


def _question(document: Document, block: int) -> int:
    """Return the question that the block right before a block ends in, or -1: "Q. ... A. ..."."""
    lead = document.sentence_at(document.blocks[block].start) - 1
    if lead < 0 or document.sentences[lead].block != block - 1:
        return -1
    return lead if document.sentence_text(lead).rstrip('"').endswith("?") else -1
