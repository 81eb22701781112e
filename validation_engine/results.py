"""What a validation answers: the contract's JSON, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from validation_engine.gates.schema import Severity, Verdict  # noqa: TC001 - msgspec needs them at run time
from validation_engine.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Status = Literal["PASS", "FAIL", "NEEDS_REVIEW"]
DateSource = Literal["request", "document", "today"]


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """The exact text of the original and where it stands; line and column are 1-based."""

    quote: str
    start: int
    end: int
    line: int
    column: int
    page: int | None = None


class Waiver(msgspec.Struct, frozen=True):
    """Who accepted a finding, why and until when."""

    author: str
    reason: str
    expires_on: str | None = None


class GateOutcome(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One gate's verdict on one document; where no document changes it, one object serves all."""

    id: str
    title: str
    verdict: Verdict
    severity: Severity
    message: str
    legal_reference: str
    suggestion: str
    waived: bool = False
    waiver: Waiver | None = None
    fingerprint: str | None = None
    evidence: list[Evidence] = []

    @lazy
    def encoded(self) -> bytes:
        """Return its JSON."""
        return msgspec.json.encode(self)


class ModuleResult(msgspec.Struct, frozen=True):
    """One module's gates and what follows from them."""

    status: Status
    gates: list[GateOutcome]


class RulesetName(msgspec.Struct, frozen=True):
    """Which rules produced the result."""

    version: str
    hash: str


class DocumentFacts(msgspec.Struct, frozen=True):
    """What was validated, and as what."""

    sha256: str
    type: str
    detected_type: str
    type_score: float
    type_reasons: list[str]
    media_type: str
    characters: int


class Result(msgspec.Struct, frozen=True):
    """The answer to one validation; everything but `id` follows from the input."""

    id: str
    status: Status
    ruleset: RulesetName
    engine_version: str
    custom_gates_revision: int
    as_of: str
    as_of_source: DateSource
    document: DocumentFacts
    modules: dict[str, ModuleResult]

    def to_json(self) -> bytes:
        """Return the JSON of the contract."""
        return b"".join(self.pieces())

    def without_gates(self) -> Result:
        """Return the same with the modules' statuses alone."""
        statuses = {name: ModuleResult(module.status, []) for name, module in self.modules.items()}
        return msgspec.structs.replace(self, modules=statuses)

    def pieces(self) -> list[bytes]:
        """Return the JSON in pieces; that of most gates is the same for every document, and kept."""
        shell = msgspec.json.encode(msgspec.structs.replace(self, modules={}))
        pieces = [shell[:-2]]
        for name, module in self.modules.items():
            opening = msgspec.json.encode({name: ModuleResult(module.status, [])})
            gates = b",".join([outcome.encoded for outcome in module.gates])
            pieces += (opening[1:-3], gates, b"]},")
        pieces[-1] = b"]}}}"
        return pieces


def status_of(outcomes: Iterable[GateOutcome]) -> Status:
    """Return FAIL if a gate fails, else NEEDS_REVIEW if one needs it, else PASS; waived ones never count."""
    return worst([outcome.verdict for outcome in outcomes if not outcome.waived])


def worst(verdicts: Sequence[str]) -> Status:
    """Return the status that verdicts or statuses add up to."""
    if "FAIL" in verdicts:
        return "FAIL"
    return "NEEDS_REVIEW" if "NEEDS_REVIEW" in verdicts else "PASS"
