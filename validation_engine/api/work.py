"""One validation as work for any process: all it needs goes in, all that is committed comes out."""

from __future__ import annotations

import threading
import time
import traceback
from collections import OrderedDict
from datetime import date, datetime  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from tenants.stores.packing import PackedRun, pack
from validation_engine.api.bodies import Wanted  # noqa: TC001 - as above
from validation_engine.api.commits import outcome_rows
from validation_engine.custom_gates import CustomRuleset
from validation_engine.engine import Options
from validation_engine.errors import EngineError
from validation_engine.gates.load import parse_gate
from validation_engine.results import Result  # noqa: TC001 - as above
from validation_engine.suppressions import Suppression  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validation_engine.engine import Engine
    from validation_engine.gates.schema import GateFile

_log = structlog.get_logger(__name__)
# Compiled sets kept; each may hold some megabytes.
_MOST_KEPT = 64


class OwnRules(msgspec.Struct, frozen=True):
    """A tenant's enabled gates at one revision, as id and text, and what it has waived."""

    tenant_id: str
    revision: int = 0
    gates: tuple[tuple[str, str], ...] = ()
    suppressions: tuple[Suppression, ...] = ()


class Task(msgspec.Struct, frozen=True):
    """A document, its tenant's own rules, the run that it will be, and the day where the tenant is."""

    wanted: Wanted
    own: OwnRules
    run_id: str
    at: datetime
    today: date

    @property
    def size(self) -> int:
        """Return the document's size in characters, or bytes where it is a file."""
        return self.wanted.size

    @property
    def options(self) -> Options:
        """Return how the document is validated."""
        return Options(
            modules=self.wanted.modules,
            today=self.today,
            document_type=self.wanted.document_type,
            as_of=self.wanted.as_of,
            run_id=self.run_id,
            suppressions=self.own.suppressions,
        )


class Answer(msgspec.Struct, frozen=True, tag=True):
    """What a validation answers, and what history keeps of it.

    Attributes:
        result: The JSON for the caller.
        facts: The same without the gates.
    """

    result: bytes
    facts: Result
    packed: PackedRun
    milliseconds: float


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """Why a worker did not validate: the document's fault, or where ours is in the code."""

    message: str
    code: str = ""
    facts: dict[str, Any] = {}

    def error(self) -> Exception:
        """Return what to raise for it."""
        return EngineError(self.message, self.code, **self.facts) if self.code else RuntimeError(self.message)


class Bench:
    """Where a process validates: its engine, and the tenants' own gates that it has compiled.

    Args:
        engine: Validates.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._kept: OrderedDict[str, CustomRuleset] = OrderedDict()
        self._changing = threading.Lock()

    def answer(self, task: Task) -> Answer:
        """Validate.

        Raises:
            EngineError: The document, a module or the type cannot be used.
        """
        began = time.perf_counter()
        custom = self.compiled(task.own)
        result = self.engine.validate(task.wanted.read(), task.options, custom)
        milliseconds = round((time.perf_counter() - began) * 1_000, 3)
        pieces = result.pieces()
        packed = pack(outcome_rows(result), pieces)
        return Answer(b"".join(pieces), result.without_gates(), packed, milliseconds)

    def compiled(self, own: OwnRules) -> CustomRuleset | None:
        """Return a tenant's own gates ready for use, None where it has never had any."""
        if own.revision == 0:
            return None
        with self._changing:
            kept = self._kept.get(own.tenant_id)
            if kept is not None and kept.revision == own.revision:
                self._kept.move_to_end(own.tenant_id)
                return kept
        made = CustomRuleset(_readable(own.gates), self.engine.ruleset.macros, own.revision)
        with self._changing:
            self._kept[own.tenant_id] = made
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return made


def answer_or_refusal(bench: Bench, task: Task) -> Answer | Refusal:
    """Validate, and return what went wrong in place of raising it; a fault of ours without any value."""
    try:
        return bench.answer(task)
    except EngineError as error:
        return Refusal(error.message, error.code, error.facts)
    except Exception as error:  # noqa: BLE001 - whatever it is belongs to whoever asked
        places = "".join(traceback.format_tb(error.__traceback__))
        return Refusal(f"{type(error).__name__} in the validation {task.run_id}:\n{places}")


def _readable(gates: Sequence[tuple[str, str]]) -> list[GateFile]:
    """Return the gates; one that this version of the engine cannot read is left out and logged."""
    read = []
    for gate_id, body in gates:
        try:
            read.append(parse_gate(body, gate_id))
        except EngineError as error:
            _log.warning("custom_gate_unreadable", gate_id=gate_id, code=error.code)
    return read
