"""The document's type by weighted signals, with a score and the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validation_engine.gates.compiled import CompiledClue
from validation_engine.gates.document_types import UNKNOWN
from validation_engine.gates.schema import Clue
from validation_engine.scan.clues import counted

if TYPE_CHECKING:
    from validation_engine.detect.schema import Profiles, Signal
    from validation_engine.documents.model import Document
    from validation_engine.scan.scanner import Hits, PatternSet

# Below this weight nothing is recognised.
_ENOUGH = 5.0
_SURE = 4.0
_REASONS = 3


class Detection(msgspec.Struct, frozen=True):
    """The likeliest type, how sure (0 to 1), and the wording that spoke for it."""

    type: str
    score: float
    reasons: list[str]


class Detector:
    """Signals of all types, in the ruleset's scan."""

    def __init__(self, profiles: Profiles, patterns: PatternSet) -> None:
        self._by_pattern: dict[int, list[tuple[str, float, CompiledClue]]] = {}
        for name, profile in profiles.items():
            for signal in profile.signals:
                number = patterns.add(signal.pattern)
                self._by_pattern.setdefault(number, []).append((name, signal.weight, _clue(signal, number)))

    def detect(self, document: Document, hits: Hits) -> Detection:
        """Return the type whose signals weigh most, or `unknown`."""
        weights: dict[str, float] = {}
        reasons: dict[str, list[tuple[float, str]]] = {}
        for number in self._by_pattern.keys() & hits.sentences.keys():
            for name, weight, clue in self._by_pattern[number]:
                span = next(counted(clue, document, hits), None)
                if span is not None:
                    weights[name] = weights.get(name, 0.0) + weight
                    reasons.setdefault(name, []).append((-weight, document.folded[span.start : span.end]))
        return _chosen(weights, reasons)


def _chosen(weights: dict[str, float], reasons: dict[str, list[tuple[float, str]]]) -> Detection:
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < _ENOUGH:
        return Detection(UNKNOWN, 0.0, [])
    name, best = ranked[0]
    second = max(ranked[1][1], 0.0) if len(ranked) > 1 else 0.0
    score = round(min(best / (best + second + _SURE) * 1.25, 1.0), 2)
    quotes = [" ".join(quote.split()).lower() for _, quote in sorted(reasons[name])[:_REASONS]]
    return Detection(name, score, quotes)


def _clue(signal: Signal, number: int) -> CompiledClue:
    return CompiledClue(Clue(patterns=[signal.pattern], ignore=[], where=signal.where), (number,), (), ())
