"""From a check's answer to the outcome a caller sees: severity, evidence with places, fingerprint, waiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation_engine.results import Evidence, GateOutcome
from validation_engine.suppressions import fingerprint, waiver_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validation_engine.checks.registry import CheckResult, Finding
    from validation_engine.documents.model import Document
    from validation_engine.gates.compiled import CompiledGate
    from validation_engine.gates.schema import GateFile, Verdict
    from validation_engine.judging.evaluate import Examined
    from validation_engine.suppressions import Suppression

_UNREADABLE = (
    "The document has no readable text: it is empty or a scan. A person must look, or send a text version."
)
# A letter's head reaches to whom it is for.
_OPENING = 12
_PASSED = "Nothing to object to."
_NOT_HERE = "Nothing in the document calls for this gate."


def not_for_type(compiled: CompiledGate, document_type: str) -> GateOutcome:
    """Return the outcome of a gate that does not apply to a type of document."""
    name = (
        "a document of unknown type" if document_type == "unknown" else f"documents of type {document_type}"
    )
    return _constant(compiled, "NOT_APPLICABLE", f"The gate does not apply to {name}.")


def unreadable(compiled: CompiledGate) -> GateOutcome:
    """Return the outcome of a gate on a document without readable text."""
    return _constant(compiled, "NEEDS_REVIEW", _UNREADABLE)


def outcome_of(
    compiled: CompiledGate, answer: CheckResult, seen: Examined, suppressions: Sequence[Suppression]
) -> GateOutcome:
    """Return the outcome of a gate that was evaluated."""
    gate = compiled.gate
    if answer.verdict in ("PASS", "NOT_APPLICABLE"):
        return settled(compiled, answer)
    verdict: Verdict = "WARNING" if answer.verdict == "FAIL" and gate.severity == "low" else answer.verdict
    evidence = [evidence_of(seen.document, finding) for finding in answer.findings]
    mark = fingerprint(gate.id, seen.document_type, _wording(seen.document, answer.findings, evidence))
    waiver = waiver_for(gate.id, mark, suppressions)
    return GateOutcome(
        id=gate.id,
        title=gate.title,
        verdict=verdict,
        severity=gate.severity,
        message=answer.message or gate.message,
        legal_reference=_reference(gate),
        suggestion=gate.suggestion,
        waived=waiver is not None,
        waiver=waiver,
        fingerprint=mark,
        evidence=evidence,
    )


def settled(compiled: CompiledGate, answer: CheckResult) -> GateOutcome:
    """Return the outcome of a gate that passes or does not apply; without a message one serves all."""
    if answer.message:
        return _plain(compiled.gate, answer.verdict, answer.message)
    return _constant(compiled, answer.verdict, _PASSED if answer.verdict == "PASS" else _NOT_HERE)


def evidence_of(document: Document, finding: Finding) -> Evidence:
    """Return a finding as the original shows it."""
    start, end = document.source_span(finding.start, finding.end)
    place = document.place(start)
    return Evidence(document.source[start:end], start, end, place.line, place.column, place.page)


def _wording(document: Document, findings: Sequence[Finding], evidence: Sequence[Evidence]) -> list[str]:
    """Return what findings are about: quotes with their sentences; without any, how the document begins.

    A quote alone, such as "fund", or nothing at all would stand for the same finding in other documents.
    """
    if not findings:
        return [document.sentence_text(index) for index in range(min(len(document.sentences), _OPENING))]
    sentences = [document.sentence_text(document.sentence_at(found.start)) for found in findings]
    return [text for pair in zip((one.quote for one in evidence), sentences, strict=True) for text in pair]


def _constant(compiled: CompiledGate, verdict: Verdict, message: str) -> GateOutcome:
    key = (verdict, message)
    if key not in compiled.constant:
        compiled.constant[key] = _plain(compiled.gate, verdict, message)
    return compiled.constant[key]


def _plain(gate: GateFile, verdict: Verdict, message: str) -> GateOutcome:
    return GateOutcome(
        id=gate.id,
        title=gate.title,
        verdict=verdict,
        severity=gate.severity,
        message=message,
        legal_reference=_reference(gate),
        suggestion=gate.suggestion,
    )


def _reference(gate: GateFile) -> str:
    """Return the reference, marked where nobody has read it at its source yet."""
    reference = gate.legal_reference
    return reference.text if reference.verified else f"{reference.text} (unverified)"
