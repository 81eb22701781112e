"""One gate on one document: does it apply, what is there that must not be, what is not there that must be."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from validation_engine.checks.registry import CheckResult, Context, Finding, named
from validation_engine.corrections.propose import appended, proposed
from validation_engine.errors import TooManyMatches
from validation_engine.gates.clues import counted
from validation_engine.judging.claims import borne_out, claimed, heard, is_doubtful
from validation_engine.judging.disclosures import is_meant, is_missing, least_touched
from validation_engine.learned.said import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from validation_engine.documents.model import Document, Sentence
    from validation_engine.fields import Fields
    from validation_engine.gates.compiled import CompiledClue, CompiledGate, CompiledRequired
    from validation_engine.learned.said import Statement
    from validation_engine.scan.hits import Hits, Span

log = logging.getLogger(__name__)
_MOST_FINDINGS = 20
_SILENT = CheckResult("NOT_APPLICABLE", "The document says nothing that this gate is about.")
_UNSURE = "This reads like what must not be there, but in words that leave doubt. A person must look."
_PERHAPS_NOT = "The document only asks about this or denies it. A person must look whether the gate applies."
_CRASHED = "This gate could not be evaluated; a person must look. The fault is logged."


class Examined(msgspec.Struct, frozen=True):
    """What all gates of a run look at.

    `answers` collects what they say, where somebody wants the edits; `checked` keeps what
    checks said, so that gates that name the same check share its work.
    """

    document: Document
    hits: Hits
    fields: Fields
    document_type: str
    as_of: date
    answers: list[tuple[CompiledGate, CheckResult]] | None = None
    checked: dict[tuple[str, str], CheckResult] = {}
    said: Said = Said()


def at_rest(compiled: CompiledGate) -> tuple[CheckResult, frozenset[int]] | None:
    """Return what a gate answers, whatever the document, where none of some patterns touches it.

    None for a gate that may answer otherwise: it asks for something, computes, or depends on the day.
    """
    gate = compiled.gate
    if gate.effective.since or gate.effective.until:
        return None
    if compiled.applies_when:
        return _SILENT, _numbers(compiled.applies_when)
    if gate.check or not all(required.when for required in compiled.required):
        return None
    when = [clue for required in compiled.required for clue in required.when]
    return CheckResult("PASS"), _numbers((*compiled.not_when, *compiled.forbidden, *when))


def _numbers(clues: Iterable[CompiledClue]) -> frozenset[int]:
    return frozenset(number for clue in clues for number in clue.patterns)


def evaluate(compiled: CompiledGate, seen: Examined) -> CheckResult:
    """Return the gate's verdict; a gate that raises needs review, and the others go on."""
    seen.hits.begin()
    try:
        answer = _evaluate(compiled, seen)
    except TooManyMatches as stopped:
        return CheckResult("NEEDS_REVIEW", stopped.message)
    except Exception:  # the edge that keeps one faulty gate from costing the whole answer
        log.exception("gate_crashed", extra={"gate_id": compiled.gate.id})
        return CheckResult("NEEDS_REVIEW", _CRASHED)
    if seen.answers is not None:
        seen.answers.append((compiled, answer))
    return answer


def _evaluate(compiled: CompiledGate, seen: Examined) -> CheckResult:
    gate = compiled.gate
    outside = _not_in_force(compiled, seen.as_of)
    if outside:
        return CheckResult("NOT_APPLICABLE", outside)
    trigger = _first_of(compiled.applies_when, seen)
    if compiled.applies_when and trigger is None:
        return _SILENT
    if _first_of(compiled.not_when, seen):
        return CheckResult("NOT_APPLICABLE", "The document says that this does not arise.")
    spans = claimed(compiled, seen)
    found = _findings(borne_out(compiled, spans, seen))
    missing = [
        required for required in compiled.required if not found and is_missing(compiled, required, seen)
    ]
    if missing or not compiled.required:
        found = found or _findings(heard(compiled, seen))
    if found:
        return CheckResult("FAIL", None, proposed(gate, found, seen))
    answer = _absent(compiled, missing, trigger, seen) if missing else _checked(compiled, seen)
    if answer.verdict in {"PASS", "NOT_APPLICABLE"}:
        unsure = _findings(spans, lambda span: is_doubtful(compiled, span, seen))
        return CheckResult("NEEDS_REVIEW", _UNSURE, unsure) if unsure else answer
    return answer


def _not_in_force(compiled: CompiledGate, as_of: date) -> str | None:
    since, until = compiled.gate.effective.since, compiled.gate.effective.until
    if since and as_of < since:
        return f"The rule applies from {since.isoformat()}; the document is taken as of {as_of.isoformat()}."
    if until and as_of > until:
        return f"The rule applied until {until.isoformat()}; the document is taken as of {as_of.isoformat()}."
    return None


def _first(clue: CompiledClue, seen: Examined) -> Span | None:
    return next(counted(clue, seen.document, seen.hits), None)


def _first_of(clues: Iterable[CompiledClue], seen: Examined) -> Span | None:
    return next((span for clue in clues if (span := _first(clue, seen))), None)


def _findings(spans: Iterable[Span], counts: Callable[[Span], bool] = lambda _: True) -> list[Finding]:
    """Return the first of the spans that count, those left out that lie over another."""
    found: list[Finding] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if (not found or span.start >= found[-1].end) and counts(span):
            found.append(Finding(span.start, span.end))
            if len(found) == _MOST_FINDINGS:
                break
    return found


def _doubtful(
    compiled: CompiledGate, names: list[str], least: Statement | None, seen: Examined
) -> CheckResult | None:
    """Ask for a person where the document touches the matter in words that are not understood."""
    span: Span | Sentence | None = _first_of(compiled.doubtful, seen)
    if span is None:
        if least is None:
            return None
        span = seen.document.sentences[least.sentence]
    message = (
        f"The document touches on this, but it is not certain that it conveys: {'; '.join(names)}."
        " A person must look."
    )
    return CheckResult("NEEDS_REVIEW", message, [Finding(span.start, span.end)])


def _absent(
    compiled: CompiledGate, missing: list[CompiledRequired], trigger: Span | None, seen: Examined
) -> CheckResult:
    names = [required.name for required in missing]
    if all(required.review for required in missing):
        message = f"A person must look: nothing was found that conveys: {'; '.join(names)}."
        return CheckResult("NEEDS_REVIEW", message)
    least = least_touched(compiled, missing, seen)
    if least is not None and least.margin >= compiled.gate.margins.conveyed:
        return _checked(compiled, seen)
    if trigger and not is_meant(compiled, seen):
        message = f"{_PERHAPS_NOT} Not found: {'; '.join(names)}."
        return CheckResult("NEEDS_REVIEW", message, [Finding(trigger.start, trigger.end)])
    return _doubtful(compiled, names, least, seen) or _missing(compiled, names, trigger, seen)


def _missing(compiled: CompiledGate, names: list[str], trigger: Span | None, seen: Examined) -> CheckResult:
    """Fail for what is absent, saying where it was looked for and what made it necessary."""
    count = len(seen.document.sentences)
    looked = "the one sentence" if count == 1 else f"all {count} sentences"
    message = (
        f"{compiled.gate.message} Looked in {looked} of the document and found nothing that conveys:"
        f" {'; '.join(names)}."
    )
    because = [Finding(trigger.start, trigger.end)] if trigger else []
    added = appended(compiled.gate, seen)
    return CheckResult("FAIL", message, proposed(compiled.gate, because, seen), [added] if added else [])


def _checked(compiled: CompiledGate, seen: Examined) -> CheckResult:
    named_check = compiled.gate.check
    if named_check is None:
        return CheckResult("PASS")
    key = (named_check.name, str(named_check.params))
    if key not in seen.checked:
        context = Context(seen.document, seen.fields, seen.document_type, seen.as_of, named_check.params)
        seen.checked[key] = named(named_check.name)(context)
    return seen.checked[key]
