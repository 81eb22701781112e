"""Checks that the courts an agreement names are those of the law that governs it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.agreements import courts_wording as words
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.scan.cue import Cue
from validation_engine.scan.topics import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_LAW_OR_COURT = Cue("law|court|sheriff|jurisdiction|forum")
# An answer to "Which law?" has no more words.
_ANSWER = 60


@check("jurisdiction_consistent")
def jurisdiction_consistent(context: Context) -> CheckResult:
    """The courts named are among those of the law that governs, unless a reason is given."""
    document = context.document
    sentences = list(_about_law_or_courts(document))
    laws = {land for index in sentences for land in _laws(document, index)}
    courts = _courts(document, sentences)
    if laws and courts:
        return passed() if laws & courts.keys() else failed(None, *courts.values())
    stated = words.ITS_COURTS.search(document.folded) or _explained_courts(document, sentences)
    return passed() if laws and stated else not_applicable("Law and courts are not both stated.")


def _about_law_or_courts(document: Document) -> Iterator[int]:
    """Yield the sentences that speak of law or courts, and short ones that what leads to them asks for."""
    seen = set(_LAW_OR_COURT.sentences(document))
    for index in sorted(seen):
        yield index
        following = index + 1
        if (
            following < len(document.sentences)
            and following not in seen
            and index in topics(document, following)
        ):
            yield following


def _laws(document: Document, index: int) -> Iterator[str]:
    """Yield the jurisdictions whose law a sentence says to govern."""
    text = document.sentence_text(index)
    if words.OTHER_LAW.search(text) and not re.search(r"\bgovern", text, re.IGNORECASE):
        return
    if words.GOVERNS.search(text) or (len(text) <= _ANSWER and not words.DECIDES.search(text)):
        for land in words.JURISDICTIONS:
            found = land.law.search(text)
            if found and not words.NOT_THIS_LAW.search(text[: found.start()]):
                yield land.name
    if len(text) <= _ANSWER and not words.COURT.search(text) and _asks_for_law(document, index):
        yield from (land.name for land in reversed(words.JURISDICTIONS) if land.bare.search(text))


def _asks_for_law(document: Document, index: int) -> bool:
    above = [document.sentence_text(one) for one in topics(document, index)]
    return any(words.LAW.search(text) and not words.COURT.search(text) for text in above)


def _courts(document: Document, sentences: list[int]) -> dict[str, Finding]:
    """Return the courts that are to decide, by jurisdiction: those that alone are to, where any are."""
    named = [
        one
        for index in sentences
        if not _is_explained(document, index)
        for one in _courts_in(document, index)
    ]
    alone = [one for one in named if one[2]]
    return {land: finding for land, finding, _ in reversed(alone or named)}


def _courts_in(document: Document, index: int) -> Iterator[tuple[str, Finding, bool]]:
    text, at = document.sentence_text(index), document.sentences[index].start
    alone = words.ALONE.search(text) is not None
    if (
        words.ITS_COURTS.search(text)
        or not words.DECIDES.search(text)
        or (words.NOT_DECIDES.search(text) and not alone)
    ):
        return
    for land in words.JURISDICTIONS:
        found = land.courts.search(text)
        if found:
            yield land.name, Finding(at + found.start(), at + found.end()), alone


def _is_explained(document: Document, index: int) -> bool:
    """Whether a reason is given for the courts, in the sentence or the next."""
    if words.EXPLAINED.search(document.sentence_text(index)):
        return True
    following = index + 1
    if following >= len(document.sentences):
        return False
    text = document.sentence_text(following)
    return bool(words.POINTS_BACK.match(text) and words.EXPLAINED.search(text))


def _explained_courts(document: Document, sentences: list[int]) -> bool:
    return any(
        _is_explained(document, index)
        and any(land.courts.search(document.sentence_text(index)) for land in words.JURISDICTIONS)
        for index in sentences
    )
