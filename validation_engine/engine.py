"""The engine: a document and module names in, verdicts with their evidence out. Pure but for a log line."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

import msgspec

from validation_engine.custom_gates import MOST_LOOKS, MOST_LOOKS_OF_GATE
from validation_engine.documents.plain import read_plain
from validation_engine.errors import EngineError
from validation_engine.gates.document_types import known_type
from validation_engine.gates.ruleset import CUSTOM, Ruleset, shipped, statements
from validation_engine.judging.evaluate import Examined
from validation_engine.judging.plan import Plan
from validation_engine.results import DocumentFacts, ModuleResult, Result, RulesetName, worst
from validation_engine.suppressions import in_force
from validation_engine.version import ENGINE_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from validation_engine.checks.registry import CheckResult
    from validation_engine.custom_gates import CustomRuleset
    from validation_engine.detect.detector import Detection
    from validation_engine.documents.model import Document
    from validation_engine.fields import Fields
    from validation_engine.gates.compiled import CompiledGate
    from validation_engine.results import DateSource
    from validation_engine.suppressions import Suppression

# Days outside of these years are slips of the pen.
_FIRST_YEAR, _LAST_YEAR = 1990, 2100

Answers = list[tuple["CompiledGate", "CheckResult"]]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to validate.

    Attributes:
        modules: Names of the modules, in the order wanted in the result.
        today: The present day: until it waivers hold, and of it the rules are where no other day is known.
        document_type: The caller's word on the type; None to have it detected.
        as_of: The day whose rules apply; None for the document's own date, or `today` where it has none.
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
            EngineError: No module was named, or the rules of the day asked for are not known.
        """
        return self._judge(document, options, custom, None)

    def validate_with_answers(
        self, document: Document | str, options: Options, custom: CustomRuleset | None = None
    ) -> tuple[Result, Answers]:
        """Return the result with what each evaluated gate answered, its edits included.

        Raises:
            UnknownName: A module or type does not exist.
            EngineError: No module was named, or the rules of the day asked for are not known.
        """
        answers: Answers = []
        return self._judge(document, options, custom, answers), answers

    def _judge(
        self,
        document: Document | str,
        options: Options,
        custom: CustomRuleset | None,
        answers: Answers | None,
    ) -> Result:
        from validation_engine.fields import Fields  # noqa: PLC0415 - the first document needs them, to start fast

        if not options.modules:
            message = "No module was named; name at least one."
            raise EngineError(message, "modules_missing")
        if isinstance(document, str):
            document = read_plain(document)
        if options.suppressions:
            held = in_force(options.suppressions, options.today)
            options = msgspec.structs.replace(options, suppressions=held)
        detected = self.ruleset.detect(document)
        kind = detected.type if options.document_type is None else known_type(options.document_type)
        fields = Fields(document)
        day, source = _day(fields, options)
        seen = Examined(document, self.ruleset.scan(document, kind), fields, kind, day, answers)
        results = self._modules(seen, options, custom)
        return Result(
            id=options.run_id,
            status=worst([result.status for result in results.values()]),
            ruleset=RulesetName(self.ruleset.version, self.ruleset.hash),
            engine_version=ENGINE_VERSION,
            custom_gates_revision=custom.revision if custom else 0,
            as_of=day.isoformat(),
            as_of_source=source,
            document=_facts(document, kind, detected),
            modules=results,
        )

    def _modules(
        self, seen: Examined, options: Options, custom: CustomRuleset | None
    ) -> dict[str, ModuleResult]:
        results = {name: self._module(name, seen, options) for name in dict.fromkeys(options.modules)}
        if custom is not None and custom.gates:
            results[CUSTOM] = _custom_module(custom, seen, options)
        return results

    def _module(self, name: str, seen: Examined, options: Options) -> ModuleResult:
        plan = self._plans.get((name, seen.document_type))
        if plan is None:
            plan = self._plans[name, seen.document_type] = Plan(
                self.ruleset.module(name), seen.document_type, partial(statements, name)
            )
        return plan.judge(seen, options.suppressions)


def _day(fields: Fields, options: Options) -> tuple[date, DateSource]:
    if options.as_of is not None:
        if not _FIRST_YEAR <= options.as_of.year <= _LAST_YEAR:
            message = (
                f"The rules as of {options.as_of.isoformat()} are not known; give a day of the years"
                f" {_FIRST_YEAR} to {_LAST_YEAR}."
            )
            raise EngineError(message, "as_of_out_of_range")
        return options.as_of, "request"
    if fields.date is not None:
        return fields.date.value, "document"
    return options.today, "today"


def _facts(document: Document, kind: str, detected: Detection) -> DocumentFacts:
    return DocumentFacts(
        document.sha256,
        kind,
        detected.type,
        detected.score,
        detected.reasons,
        document.media_type,
        len(document.source),
    )


def _custom_module(custom: CustomRuleset, seen: Examined, options: Options) -> ModuleResult:
    hits = custom.patterns.scan(seen.document)
    hits.allow(MOST_LOOKS_OF_GATE, MOST_LOOKS)
    own = Examined(seen.document, hits, seen.fields, seen.document_type, seen.as_of, seen.answers)
    return Plan(custom.gates, seen.document_type).judge(own, options.suppressions)


@lru_cache(maxsize=1)
def default_engine() -> Engine:
    """Return the engine of the shipped ruleset, made once per process."""
    return Engine()
