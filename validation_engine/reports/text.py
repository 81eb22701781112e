"""A report to read in a terminal: faults first, with place and remedy; what passed as a count."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validation_engine.results import GateOutcome, Result

_SHOWN = ("FAIL", "WARNING", "NEEDS_REVIEW")
_LONGEST = 120


def as_text(results: Sequence[tuple[str, Result]]) -> bytes:
    """Return the report as UTF-8."""
    return ("\n".join(line for name, result in results for line in _document(name, result)) + "\n").encode()


def printable(name: str) -> str:
    """Return a file's name on one line, whatever signs its author put there."""
    return "".join([one if one.isprintable() else "\ufffd" for one in name])


def _document(name: str, result: Result) -> Iterator[str]:
    facts = result.document
    sure = "" if facts.type != facts.detected_type else f" ({facts.type_score:.0%} sure)"
    yield f"{printable(name)}: {result.status}"
    yield f"  read as {facts.type}{sure}, rules of {result.as_of}, ruleset {result.ruleset.version}"
    for module, answer in result.modules.items():
        counts = Counter(outcome.verdict for outcome in answer.gates)
        told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
        yield f"  {module}: {answer.status} ({told})"
        for outcome in answer.gates:
            if outcome.verdict in _SHOWN:
                yield from _outcome(outcome)


def _outcome(outcome: GateOutcome) -> Iterator[str]:
    waived = " (waived)" if outcome.waived else ""
    yield f"    {outcome.verdict}{waived} {outcome.id} [{outcome.severity}] {outcome.title}"
    yield f"      {outcome.message}"
    for evidence in outcome.evidence:
        quote = " ".join(evidence.quote.split())
        shown = quote if len(quote) <= _LONGEST else quote[: _LONGEST - 1] + "…"
        page = f"page {evidence.page}, " if evidence.page else ""
        yield f"      {page}line {evidence.line}, column {evidence.column}: {shown!r}"
    yield f"      {outcome.legal_reference}"
    yield f"      Remedy: {outcome.suggestion}"
