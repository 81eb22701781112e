"""Edits of the source: gathered from gates, merged without overlap, applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from validation_engine.corrections.fitting import Change, fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from validation_engine.checks.registry import CheckResult, Edit
    from validation_engine.documents.model import Document
    from validation_engine.gates.compiled import CompiledGate
    from validation_engine.gates.schema import GateFile

_WEIGHT = {"critical": 0, "high": 1, "medium": 2, "low": 3}


class SourceEdit(msgspec.Struct, frozen=True, kw_only=True):
    """One change of the source, with who asks for it and why; an empty span inserts.

    Attributes:
        gate_ids: The gates whose finding it mends.
        start: Offset in the source.
        end: Offset after the last character replaced.
        old: What stands there.
        new: What is to stand there.
        safety: `safe` where the meaning cannot change, else `review`.
        reason: Why, in one sentence.
        line: 1-based line of the source.
        column: 1-based column.
        weight: How grave the finding is, from 0 (critical) to 3 (low); of two edits that overlap the one of
            the smaller weight stays.
    """

    gate_ids: list[str]
    start: int
    end: int
    old: str
    new: str
    safety: Literal["safe", "review"]
    reason: str
    line: int
    column: int
    weight: int = 0


def gathered(document: Document, answers: Iterable[tuple[CompiledGate, CheckResult]]) -> list[SourceEdit]:
    """Return the edits that gates propose, merged: where two overlap the weightier gate's stays."""
    edits = [
        _edit(document, compiled.gate, edit)
        for compiled, answer in answers
        if answer.verdict == "FAIL"
        for edit in answer.all_edits()
    ]
    return merged(edits)


def merged(edits: Iterable[SourceEdit]) -> list[SourceEdit]:
    """Return edits without overlap, in the order of the source; equal ones become one with all gates' ids."""
    by_change: dict[tuple[int, int, str], SourceEdit] = {}
    for edit in sorted(edits, key=lambda edit: (edit.weight, edit.gate_ids)):
        key = (edit.start, edit.end, edit.new)
        known = by_change.get(key)
        if known is None:
            by_change[key] = edit
        else:
            ids = list(dict.fromkeys([*known.gate_ids, *edit.gate_ids]))
            by_change[key] = msgspec.structs.replace(known, gate_ids=ids)
    kept: list[SourceEdit] = []
    for edit in by_change.values():
        if not any(_overlap(edit, other) for other in kept):
            kept.append(edit)
    return sorted(kept, key=lambda edit: (edit.start, edit.end, edit.gate_ids))


def applied(source: str, edits: Sequence[SourceEdit]) -> str:
    """Return the source with merged edits made."""
    pieces, at = [], 0
    for edit in edits:
        pieces += [source[at : edit.start], edit.new]
        at = edit.end
    return "".join([*pieces, source[at:]])


def _overlap(one: SourceEdit, other: SourceEdit) -> bool:
    if one.start == one.end or other.start == other.end:
        return other.start < one.start < other.end or one.start < other.start < one.end
    return one.start < other.end and other.start < one.end


def _edit(document: Document, gate: GateFile, edit: Edit) -> SourceEdit:
    is_end = edit.start == edit.end and edit.start >= len(document.text)
    if is_end:
        start = end = len(document.source)
    elif edit.start == edit.end:
        start = end = _before(document, edit.start)
    else:
        start, end = document.source_span(edit.start, edit.end)
    start, end, new = fitted(document, Change(start, end, edit.text), is_end=is_end)
    place = document.place(start)
    reason = gate.correction.reason if gate.correction and gate.correction.reason else gate.suggestion
    return SourceEdit(
        gate_ids=[gate.id],
        start=start,
        end=end,
        old=document.source[start:end],
        new=new,
        safety=edit.safety,
        reason=reason,
        line=place.line,
        column=place.column,
        weight=_WEIGHT[gate.severity],
    )


def _before(document: Document, offset: int) -> int:
    """Return the source offset right after the character before a readable offset."""
    return document.source_span(max(offset - 1, 0), max(offset, 1))[1]
