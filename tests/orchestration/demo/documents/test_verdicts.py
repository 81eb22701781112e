"""The engine's word on the demo's documents: the world must look like a real one, faults and all."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import TYPE_CHECKING

from orchestration.demo.documents import KINDS, make_document
from orchestration.demo.documents.kinds import load_kind
from validation_engine.engine import Options, default_engine

if TYPE_CHECKING:
    from orchestration.demo.documents import Document

CAUGHT = {"FAIL", "WARNING", "NEEDS_REVIEW"}


def verdicts(document: Document) -> dict[str, str]:
    options = Options(
        modules=[document.module], document_type=document.document_type, today=date(2026, 11, 26)
    )
    result = default_engine().validate(document.text, options)
    return {gate.id: str(gate.verdict) for module in result.modules.values() for gate in module.gates}


def test_compliant_documents_mostly_pass() -> None:
    found = [verdicts(make_document(kind, Random(seed))) for kind in KINDS for seed in range(4)]
    failed = sum("FAIL" in found_verdicts.values() for found_verdicts in found)
    assert failed / len(found) <= 0.16


def test_most_planted_faults_are_caught_by_their_gate() -> None:
    caught = [
        found[gate] in CAUGHT
        for kind in KINDS
        for gate in load_kind(kind).gates()
        if gate in (found := verdicts(make_document(kind, Random(1), [gate])))
    ]
    assert len(caught) > 40
    assert sum(caught) / len(caught) >= 0.75
