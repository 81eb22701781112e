"""Which matches of a clue count: scopes, part of the document, and what stands near."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from validation_engine.scan import cues
from validation_engine.scan.leads import NONE, lead_of, question_of
from validation_engine.scan.scopes import in_any
from validation_engine.scan.topics import head_of_table, topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from validation_engine.documents.model import Document
    from validation_engine.gates.compiled import CompiledClue
    from validation_engine.scan.hits import Hits, Span
    from validation_engine.scan.scopes import Scope

CLAIM_SCOPES: tuple[Scope, ...] = ("negation", "quotation", "attribution", "example", "question", "unbound")
_OPENING = 8
_CLOSING = 8
_TITLE = 3


def counted(
    clue: CompiledClue, document: Document, hits: Hits, default: tuple[Scope, ...] = ()
) -> Iterator[Span]:
    """Yield the matches of a clue that count, in the order of its patterns.

    Args:
        clue: What to look for.
        document: Where.
        hits: The scan of that document.
        default: The scopes to ignore where the clue names none.
    """
    ignore = default if clue.clue.ignore is None else clue.clue.ignore
    touched = hits.touched
    for number in clue.patterns:
        if number not in touched:
            continue
        if _is_without(clue.near, touched) or _is_without(clue.under, touched):
            return
        for sentence in hits.likely(number):
            if (
                _may_count(clue, sentence, document, hits, default)
                and hits.matches(number, sentence)
                and _counts(clue, sentence, document, hits, default)
            ):
                for span in hits.spans_in(number, sentence):
                    hits.look()
                    if not _is_excused(clue, span, document, hits) and not in_any(document, span, ignore):
                        yield span


def _is_without(numbers: Sequence[int], touched: AbstractSet[int]) -> bool:
    """Whether one of some patterns must stand near and none stands in the whole document."""
    return bool(numbers) and touched.isdisjoint(numbers)


def likely(clue: CompiledClue, document: Document, hits: Hits) -> Iterator[int]:
    """Yield the sentences where a match of a clue could count, trying no pattern."""
    for number in clue.patterns:
        for sentence in hits.likely(number) if number in hits.touched else ():
            if _may_count(clue, sentence, document, hits, CLAIM_SCOPES):
                yield sentence


def is_excused(clue: CompiledClue, sentence: int, document: Document, hits: Hits) -> bool:
    """Return whether something in a sentence, or in what leads to it, excuses a match of a clue there."""
    return bool(clue.unless) and _stands(clue.unless, hits, sentence, sentence, lead_of(document, sentence))


def _may_count(
    clue: CompiledClue, sentence: int, document: Document, hits: Hits, default: tuple[Scope, ...]
) -> bool:
    """Whether a match could count, as far as is known without trying a pattern."""
    if not is_where(clue.clue.where, sentence, document):
        return False
    if not clue.near:
        return True
    first, last = reach(document, sentence, clue.clue.within)
    return any(hits.may_match_between(number, first, last) for number in clue.near) or any(
        hits.may_match_between(number, one, one)
        for one in _before(document, first, default)
        for number in clue.near
    )


def _before(document: Document, sentence: int, default: tuple[Scope, ...]) -> set[int]:
    """Return the sentences that lead to one: a claim may be made in answer to a question."""
    lead = lead_of(document, sentence)
    return ({lead, question_of(document, sentence)} if default else {lead}) - {NONE}


def _counts(
    clue: CompiledClue, sentence: int, document: Document, hits: Hits, default: tuple[Scope, ...]
) -> bool:
    if clue.under and not _is_under(clue, sentence, document, hits):
        return False
    if not clue.near and not clue.unless:
        return True
    first, last = reach(document, sentence, clue.clue.within)
    if clue.near and not (
        _any_between(clue.near, hits, first, last)
        or _any_among(clue.near, hits, _before(document, first, default))
    ):
        return False
    return (
        not clue.unless
        or clue.clue.within == "sentence"
        or not _stands(clue.unless, hits, first, last, lead_of(document, first))
    )


def _is_under(clue: CompiledClue, sentence: int, document: Document, hits: Hits) -> bool:
    return _any_among(clue.under, hits, topics(document, sentence)) or _any_among(
        clue.under, hits, head_of_table(document, sentence)
    )


def _is_excused(clue: CompiledClue, span: Span, document: Document, hits: Hits) -> bool:
    if not clue.unless or clue.clue.within != "sentence":
        return False
    at = span.sentence
    if not _stands(clue.unless, hits, at, at, lead_of(document, at)):
        return False
    return not _is_overruled(clue, span, document, hits)


def _stands(numbers: Iterable[int], hits: Hits, first: int, last: int, lead: int) -> bool:
    """Whether a pattern matches between two sentences, or in the one that introduces them."""
    return _any_between(numbers, hits, first, last) or (
        lead != NONE and _any_between(numbers, hits, lead, lead)
    )


def _is_overruled(clue: CompiledClue, span: Span, document: Document, hits: Hits) -> bool:
    """Whether every excuse in a claim's sentence stands before a "but" that the claim follows."""
    starts = document.sentences[span.sentence].start
    contrasts = [found.start() for found in cues.CONTRAST.finditer(document.folded, starts, span.start)]
    if not contrasts:
        return False
    touched = hits.touched
    excuses = [
        one for number in clue.unless if number in touched for one in hits.spans_in(number, span.sentence)
    ]
    return bool(excuses) and all(one.start < contrasts[-1] for one in excuses)


def _any_between(numbers: Iterable[int], hits: Hits, first: int, last: int) -> bool:
    touched = hits.touched
    return any(number in touched and hits.matches_between(number, first, last) for number in numbers)


def _any_among(numbers: Iterable[int], hits: Hits, sentences: Iterable[int]) -> bool:
    return any(_any_between(numbers, hits, one, one) for one in sentences)


def reach(document: Document, sentence: int, within: str) -> tuple[int, int]:
    """Return the first and last sentence of the paragraph, section or document around a sentence."""
    sentences = document.sentences
    if within == "sentence":
        return sentence, sentence
    if within == "document":
        return 0, len(sentences) - 1
    first = last = sentences[sentence].block
    if within == "section":
        heading, sections = document.sections[first], document.sections
        first, last = bisect_left(sections, heading), bisect_right(sections, heading) - 1
    starts, blocks = document.sentence_starts, document.blocks
    return bisect_left(starts, blocks[first].start), bisect_left(starts, blocks[last].end) - 1


def is_where(where: str, sentence: int, document: Document) -> bool:
    """Return whether a sentence lies in a part of the document."""
    if where == "anywhere":
        return True
    kind = document.blocks[document.sentences[sentence].block].kind
    if where == "heading":
        return kind == "heading"
    if where == "title":
        return document.sentences[sentence].block < _TITLE
    if where == "opening":
        return sentence < _OPENING
    if where == "closing":
        return sentence >= len(document.sentences) - _CLOSING
    return kind != "heading"
