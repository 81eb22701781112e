"""The engine: a document and module names in, verdicts with their evidence out. Pure but for a log line."""

from __future__ import annotations

import hashlib
from datetime import date  # noqa: TC003 - part of the public signature
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import msgspec

from validation_engine.documents.plain import read_plain
from validation_engine.errors import EngineError
from validation_engine.evaluate import Examined
from validation_engine.fields import Fields
from validation_engine.gates.document_types import known_type
from validation_engine.gates.ruleset import CUSTOM, Ruleset, shipped
from validation_engine.plan import Plan
from validation_engine.results import DocumentFacts, ModuleResult, Result, RulesetName, worst
from validation_engine.version import ENGINE_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validation_engine.custom_gates import CustomRuleset
    from validation_engine.detect.detector import Detection
    from validation_engine.documents.model import Document
    from validation_engine.suppressions import Suppression


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to validate.

    Attributes:
        modules: Names of the modules, in the order wanted in the result.
        document_type: The caller's word on the type; None to have it detected.
        as_of: The day whose rules apply; None for the document's own date, or `today` where it has none.
        today: The present day, used only where neither of the above is known.
        run_id: The result's id.
        suppressions: Findings that somebody accepted.
    """

    modules: Sequence[str]
    today: date
    document_type: str | None = None
    as_of: date | None = None
    run_id: str = ""
    suppressions: Sequence[Suppression] = ()


class Engine:
    """Validates documents with one ruleset; safe to share between threads."""

    def __init__(self, ruleset: Ruleset | None = None) -> None:
        self.ruleset = ruleset or shipped()
        self._plans: dict[tuple[str, str], Plan] = {}

    def validate(
        self, document: Document | str, options: Options, custom: CustomRuleset | None = None
    ) -> Result:
        """Return the verdict of every gate of the modules.

        Args:
            document: A document read by `documents.read`, or plain text.
            options: Modules, type, dates.
            custom: The caller's own gates, evaluated as module `custom`.

        Raises:
            UnknownName: A module or type does not exist.
            EngineError: No module was named.
        """
        if not options.modules:
            msg = "No module was named; name at least one."
            raise EngineError(msg, "modules_missing")
        if isinstance(document, str):
            document = read_plain(document)
        seen, detected, source = self._examine(document, options)
        results = {name: self._module(name, seen, options) for name in dict.fromkeys(options.modules)}
        if custom is not None and custom.gates:
            results[CUSTOM] = self._custom(custom, seen, options)
        return self._result(seen, detected, source, results, options, custom.revision if custom else 0)

    def _examine(
        self, document: Document, options: Options
    ) -> tuple[Examined, Detection, Literal["request", "document", "today"]]:
        hits = self.ruleset.patterns.scan(document)
        detected = self.ruleset.detector.detect(document, hits)
        chosen = known_type(options.document_type) if options.document_type else detected.type
        fields = Fields(document)
        if options.as_of:
            return Examined(document, hits, fields, chosen, options.as_of), detected, "request"
        if fields.date:
            return Examined(document, hits, fields, chosen, fields.date.value), detected, "document"
        return Examined(document, hits, fields, chosen, options.today), detected, "today"

    def _module(self, name: str, seen: Examined, options: Options) -> ModuleResult:
        plan = self._plans.get((name, seen.document_type))
        if plan is None:
            plan = self._plans[name, seen.document_type] = Plan(self.ruleset.module(name), seen.document_type)
        return plan.judge(seen, options.suppressions)

    def _custom(self, custom: CustomRuleset, seen: Examined, options: Options) -> ModuleResult:
        own = Examined(
            seen.document, custom.patterns.scan(seen.document), seen.fields, seen.document_type, seen.as_of
        )
        return Plan(custom.gates, seen.document_type).judge(own, options.suppressions)

    def _result(
        self,
        seen: Examined,
        detected: Detection,
        source: Literal["request", "document", "today"],
        results: dict[str, ModuleResult],
        options: Options,
        revision: int,
    ) -> Result:
        document = seen.document
        return Result(
            id=options.run_id,
            status=worst([result.status for result in results.values()]),
            ruleset=RulesetName(self.ruleset.version, self.ruleset.hash),
            engine_version=ENGINE_VERSION,
            custom_gates_revision=revision,
            as_of=seen.as_of.isoformat(),
            as_of_source=source,
            document=DocumentFacts(
                document.sha256,
                seen.document_type,
                detected.type,
                detected.score,
                detected.reasons,
                document.media_type,
                len(document.source),
            ),
            modules=results,
        )


@lru_cache(maxsize=1)
def default_engine() -> Engine:
    """Return the engine of the shipped ruleset, made once per process."""
    return Engine()


def document_hash(content: bytes) -> str:
    """Return the hash under which history knows a document."""
    return hashlib.sha256(content).hexdigest()
