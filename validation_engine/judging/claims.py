"""Where a document makes a claim that a gate forbids: by patterns and by the learned reading of sentences."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from validation_engine.gates.clues import CLAIM_SCOPES, counted, is_excused, likely
from validation_engine.learned.said import FORBIDDEN
from validation_engine.scan.cues import NEGATION
from validation_engine.scan.hits import Span
from validation_engine.scan.reported import ATTRIBUTION
from validation_engine.scan.scopes import in_any
from validation_engine.scan.told import is_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.gates.compiled import CompiledClue, CompiledGate
    from validation_engine.judging.evaluate import Examined

# A sentence of fewer words is not heard by itself.
_SHORT = 8
# Below such a part of the margin the reading refutes the pattern: so read a third of the wrong matches that
# it does not bear out, and no fault of 300 documents; at 0.45 three in five, and two faults.
_DOUBTFUL = 0.25
# So many times as sure must be a sentence that denies something, as that may be what is forbidden, and one
# that stands beside what would excuse a pattern's match.
_SURELY = 1.4
_OTHERS = tuple(scope for scope in CLAIM_SCOPES if scope != "negation")
_BEGINS, _ENDS = re.compile(r"\W*(?:\w{1,3}[.)]\s+)?[A-Z\d]"), (".", "!", ";")
# What somebody by name is reported to say, as recitals do, or has complained of.
_RECITED = re.compile(
    r"\W*(?:\w{1,3}[.)] )?(?!(?:we|i) )(?:[\w'-]+ ){1,4}"
    r"(?:says|said|alleges|alleged|maintains|maintained|contends|contended|complains|complained) that\b|"
    r".{0,40}\b(?:raised|lodged|made|brought|submitted) (?:an? |her |his |their )?(?:\w+ )?"
    r"(?:grievance|complaint|claim)\b",
    re.IGNORECASE,
)


def claimed(compiled: CompiledGate, seen: Examined) -> dict[Span, bool]:
    """Return what patterns take for a forbidden claim, and whether one is plain enough to need no reading."""
    found: dict[Span, bool] = {}
    for clue in compiled.forbidden:
        for span in counted(clue, seen.document, seen.hits, CLAIM_SCOPES):
            found[span] = found.get(span, False) or not clue.clue.read
    return found


def borne_out(compiled: CompiledGate, spans: dict[Span, bool], seen: Examined) -> list[Span]:
    """Return the matches that the reading bears out; none where a lone sentence makes the claim unsurely."""
    margins = compiled.gate.margins
    found = [
        span
        for span in spans
        if spans[span] or (not _is_told(span, seen) and _reads(compiled, span, seen, margins.agrees))
    ]
    is_sure = len({span.sentence for span in found}) > 1 or any(
        spans[span] or _reads(compiled, span, seen, margins.lone) for span in found
    )
    return found if is_sure else []


def _is_told(span: Span, seen: Examined) -> bool:
    document, sentence = seen.document, seen.document.sentences[span.sentence]
    return is_told(document.sentence_text(span.sentence), document.folded[sentence.start : span.start])


def _reads(compiled: CompiledGate, span: Span, seen: Examined, margin: float) -> bool:
    return seen.said.reaches(compiled.gate.id, FORBIDDEN, span.sentence, margin)


def is_doubtful(compiled: CompiledGate, span: Span, seen: Examined) -> bool:
    """Return whether a sentence comes so close to a claim that a person must look at what a pattern finds.

    Always where a claim would be critical: a person's look in vain costs less than one of those passed over.
    """
    gate = compiled.gate
    return gate.severity == "critical" or _reads(compiled, span, seen, _DOUBTFUL * gate.margins.agrees)


def heard(compiled: CompiledGate, seen: Examined) -> Iterator[Span]:
    """Yield the sentences that read so surely like a forbidden claim that no pattern need match.

    Only where one might, which costs nothing to know, and for gates that compute nothing.
    """
    gate, document = compiled.gate, seen.document
    if not compiled.forbidden or gate.check:
        return
    clues: defaultdict[int, list[CompiledClue]] = defaultdict(list)
    for clue in compiled.forbidden:
        for at in likely(clue, document, seen.hits):
            clues[at].append(clue)
    whole = [at for at in sorted(clues) if _is_whole(document.sentence_text(at))]
    for at in seen.said.claims(gate.id, FORBIDDEN, whole, gate.margins.alone):
        excused = all(is_excused(clue, at, document, seen.hits) for clue in clues[at])
        if _is_asserted(compiled, at, seen, excused=excused):
            yield Span(document.sentences[at].start, document.sentences[at].end, at)


def _is_whole(text: str) -> bool:
    """Whether it is a statement of some length that quotes nothing, and goes on from no lead."""
    return (
        text.endswith(_ENDS) and _BEGINS.match(text) is not None and not _is_short(text) and '"' not in text
    )


def _is_asserted(compiled: CompiledGate, at: int, seen: Examined, *, excused: bool) -> bool:
    """Whether what reads like a claim makes it: reporting nobody, and surer where it denies or is excused."""
    sentence, text = seen.document.sentences[at], seen.document.sentence_text(at)
    if ATTRIBUTION.search(text) or _RECITED.match(text) or is_told(text, ""):
        return False
    denies = NEGATION.search(text) is not None
    if (denies and excused) or ((denies or excused) and not _is_sure(compiled, at, seen)):
        return False
    return not in_any(
        seen.document, Span(sentence.start, sentence.end, at), _OTHERS if denies else CLAIM_SCOPES
    )


def _is_sure(compiled: CompiledGate, at: int, seen: Examined) -> bool:
    gate = compiled.gate
    return seen.said.reaches(gate.id, FORBIDDEN, at, gate.margins.alone * _SURELY)


def _is_short(text: str) -> bool:
    return text.count(" ") < _SHORT - 1
