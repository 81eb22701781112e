"""Gates and documents for tests of the engine."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from validation_engine.engine import Options, default_engine

if TYPE_CHECKING:
    from validation_engine.documents.model import Document
    from validation_engine.results import GateOutcome, Result

TODAY = date(2026, 11, 26)
MODULES = ("fca_uk", "gdpr_uk", "tax_uk", "nda_uk", "hr_scottish")
GATE = """\
id: custom.no_jargon
title: No jargon
severity: high
kind: prohibited_claim
legal_reference:
  text: House style
document_types: [any]
message: The text uses jargon.
why: Readers want plain words.
suggestion: Say it plainly.
applies_when:
  - patterns: ['(?:our|a|we)']
forbidden:
  - patterns: ['synergy']
examples:
  passes:
    - text: We work together.
  fails:
    - text: A synergy of talents.
  not_applicable:
    - text: Hello.
"""


def options(**given: object) -> Options:
    return Options(**{"modules": MODULES, "today": TODAY, **given})  # type: ignore[arg-type]


def validated(document: str | Document, **given: object) -> Result:
    return default_engine().validate(document, options(**given))


def outcome(result: Result, gate_id: str) -> GateOutcome:
    return next(one for module in result.modules.values() for one in module.gates if one.id == gate_id)
