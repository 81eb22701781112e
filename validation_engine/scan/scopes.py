"""In which sense a match is said: negated, quoted, asked, alleged, an example, a condition, history.

Each function answers for one span whether it stands in that scope. They look at the sentence, the
clause inside it, and where named at the sentence or heading around it.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Literal

from validation_engine.lazy import per_document
from validation_engine.scan import cues, dropped, reported
from validation_engine.scan.leads import NONE, lead_of
from validation_engine.scan.unbound import is_unbound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from validation_engine.documents.model import Block, Document
    from validation_engine.scan.hits import Span

Scope = Literal[
    "negation",
    "quotation",
    "attribution",
    "example",
    "question",
    "condition",
    "definition",
    "heading",
    "history",
    "unbound",
]
# A negation further from the claim than this governs something else.
_NEGATION_REACH = 90
_CUE_REACH = 160
# From so many questions in quotes on, paragraphs in quotes are what others say.
_ASKED = 2


def in_any(document: Document, span: Span, scopes: Sequence[Scope]) -> bool:
    """Return whether a span stands in one of the scopes, or in words that what follows takes out."""
    return any(_SCOPES[scope](document, span) for scope in scopes) or (
        bool(scopes) and _is_taken_out(document, span)
    )


def _is_taken_out(document: Document, span: Span) -> bool:
    """Whether what stands around says that these words were only thought of, or stand nowhere any more."""
    before, _, after = _around(document, span)
    if dropped.DROPPED_AFTER.match(after) or dropped.MOOTED_BEFORE.search(before):
        return True
    if dropped.BYGONE_BEFORE.search(before) and not dropped.STILL.search(after):
        return True
    then = (after.partition(";")[2].lstrip(), _following(document, span))
    if dropped.WISHED.search(before) and any(map(dropped.SETTLED.match, then)):
        return True
    return any(map(dropped.TAKEN_OUT.match, then))


def _around(document: Document, span: Span) -> tuple[str, str, str]:
    """Return the sentence before the span, the span, and the sentence after it."""
    sentence, text = document.sentences[span.sentence], document.folded
    return text[sentence.start : span.start], text[span.start : span.end], text[span.end : sentence.end]


def clause_before(before: str, rest: str) -> str:
    """Return what stands before a span within its own clause; `rest` is the sentence from the span on."""
    at = 0
    for found in cues.CLAUSE_BREAK.finditer(before + rest):
        if found.end() > len(before):
            break
        at = found.end()
    if at == 0 and cues.SUBORDINATE.match(before):
        for found in cues.MAIN_CLAUSE.finditer(before):
            at = found.start()
    return before[at:]


def negation(document: Document, span: Span) -> bool:
    """Whether the claim is denied: a negation in its clause before it, or taken back right after it."""
    before, said, after = _around(document, span)
    clause = clause_before(before, said + after)[-_NEGATION_REACH:]
    clause = without_idioms(clause + said[:12])
    for found in cues.NEGATION.finditer(clause):
        if found.start() < len(clause) - min(len(said), 12):
            return True
    after = cues.TURN.split(cues.ASIDE.sub("", after[:_NEGATION_REACH]), maxsplit=1)[0]
    if cues.DENIED_AFTER.match(without_idioms(after)):
        return True
    lead = without_idioms(_lead(document, span))
    return cues.DENYING_LEAD.search(lead) is not None or _is_taken_back(document, span)


def _is_taken_back(document: Document, span: Span) -> bool:
    """Whether the next sentence of the paragraph says that what this one mentions is not so, or not here."""
    return dropped.TAKEN_BACK.match(_following(document, span)) is not None or _is_taken_out(document, span)


def _following(document: Document, span: Span) -> str:
    """Return the next sentence of the paragraph, nothing where there is none."""
    following = span.sentence + 1
    if following >= len(document.sentences):
        return ""
    if document.sentences[following].block != document.sentences[span.sentence].block:
        return ""
    return document.sentence_text(following)


def without_idioms(text: str) -> str:
    """Return the text with blanks for what only looks like a negation, such as "not only" or "no doubt"."""
    return cues.NOT_NEGATION.sub(lambda found: "~" * len(found.group()), text)


def quotation(document: Document, span: Span) -> bool:
    """Whether the span is quoted as words, rather than said."""
    index = document.sentences[span.sentence].block
    block, quoted = document.blocks[index], _quotations(document)
    if index not in quoted:
        quoted[index] = _quotations_in(document.folded, block)
    for starts, ends in quoted[index]:
        at = bisect_right(starts, span.start) - 1
        if at >= 0 and span.end <= ends[at]:
            text = document.folded[block.start : block.end]
            return _is_mention(document, span, text, starts[at] - block.start, ends[at] - block.start)
    return False


@per_document
def _quotations(_: Document) -> dict[int, list[tuple[list[int], list[int]]]]:
    """Return where the quotations looked for are kept, by block: starts and ends, double and single."""
    return {}


def _quotations_in(folded: str, block: Block) -> list[tuple[list[int], list[int]]]:
    text, found = folded[block.start : block.end], []
    for mark, pattern in (('"', reported.QUOTE), ("'", reported.SINGLE_QUOTE)):
        if mark in text:
            spans = [one.span() for one in pattern.finditer(text)]
            found.append(([block.start + at for at, _ in spans], [block.start + at for _, at in spans]))
    return found


def _is_mention(document: Document, span: Span, text: str, start: int, end: int) -> bool:
    whole = end - start >= len(text.strip()) - 2
    if not whole and (text[:start].strip(" -*:") or text[end:].strip(" .-*")):
        return True
    return (
        reported.MENTION.search(text[:start]) is not None
        or (whole and _asks_in_quotes(document))
        or _next_mentions(document, span)
        or _under_bad_heading(document, span)
    )


@per_document
def _asks_in_quotes(document: Document) -> bool:
    """Whether paragraphs are what others ask, in quotes: what they say so is answered, not said."""
    texts = [document.folded[block.start : block.end].strip() for block in document.blocks]
    asked = [text for text in texts if text.endswith('?"') and reported.QUOTE.fullmatch(text)]
    return len(asked) >= _ASKED


def _next_mentions(document: Document, span: Span) -> bool:
    """Whether the next sentence speaks of the quoted words: "That phrase was used about us"."""
    following = span.sentence + 1
    return following < len(document.sentences) and bool(
        reported.THOSE_WORDS.match(document.sentence_text(following))
    )


def _under_bad_heading(document: Document, span: Span) -> bool:
    heading = document.sections[document.sentences[span.sentence].block]
    if heading == -1:
        return False
    block = document.blocks[heading]
    return reported.BAD_HEADING.search(document.folded[block.start : block.end]) is not None


def attribution(document: Document, span: Span) -> bool:
    """Whether somebody else is said to say it."""
    before, _, _ = _around(document, span)
    return reported.ATTRIBUTION.search(before[-_CUE_REACH:]) is not None


def example(document: Document, span: Span) -> bool:
    """Whether it is shown as an example, here or by the line or heading that leads to it."""
    before, _, _ = _around(document, span)
    if before and reported.EXAMPLE.search(before[-_CUE_REACH:]):
        return True
    previous = _lead(document, span)
    if previous and reported.EXAMPLE.search(previous):
        return True
    return document.sections[document.sentences[span.sentence].block] in _example_headings(document)


@per_document
def _example_headings(document: Document) -> set[int]:
    return {
        index
        for index, block in enumerate(document.blocks)
        if block.kind == "heading" and reported.EXAMPLE.search(document.folded[block.start : block.end])
    }


def _lead(document: Document, span: Span) -> str:
    """Return the sentence that introduces this one, such as the one before its list."""
    lead = lead_of(document, span.sentence)
    return "" if lead == NONE else document.sentence_text(lead)


def question(document: Document, span: Span) -> bool:
    """Whether it is a question that the next sentence answers with no, or asks yes or no and hears no yes."""
    text = document.sentence_text(span.sentence)
    if not text.rstrip("\"')*").endswith("?"):
        return False
    following = span.sentence + 1
    if following >= len(document.sentences):
        return False
    answer = document.sentence_text(following)
    if cues.ANSWERED_NO.match(answer):
        return True
    return cues.YES_OR_NO.match(text) is not None and not cues.ANSWERED_YES.match(answer)


def condition(document: Document, span: Span) -> bool:
    """Whether it is said under a condition in its clause."""
    before, said, after = _around(document, span)
    return cues.CONDITION.search(clause_before(before, said + after)) is not None


def definition(document: Document, span: Span) -> bool:
    """Whether the sentence defines a term."""
    return cues.DEFINITION.match(document.sentence_text(span.sentence)) is not None


def heading(document: Document, span: Span) -> bool:
    """Whether it stands in a heading."""
    return document.blocks[document.sentences[span.sentence].block].kind == "heading"


def history(document: Document, span: Span) -> bool:
    """Whether it is told of the past."""
    return (
        cues.HISTORY.search(document.sentence_text(span.sentence)) is not None
        or dropped.SUPERSEDED.match(_following(document, span)) is not None
    )


def unbound(document: Document, span: Span) -> bool:
    """Whether it is what nobody has to do, or what no one agreed to."""
    before, said, _ = _around(document, span)
    return is_unbound(_lead(document, span), before, said)


_SCOPES: dict[Scope, Callable[[Document, Span], bool]] = {
    "negation": negation,
    "quotation": quotation,
    "attribution": attribution,
    "example": example,
    "question": question,
    "condition": condition,
    "definition": definition,
    "heading": heading,
    "history": history,
    "unbound": unbound,
}
