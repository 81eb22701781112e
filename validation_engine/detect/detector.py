"""The document's type by weighted signals, with a score and the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from validation_engine.gates.document_types import UNKNOWN
from validation_engine.scan.clues import is_where

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


_NOTHING = Detection(UNKNOWN, 0.0, [])


class Detector:
    """Signals of all types, in the ruleset's scan."""

    def __init__(self, profiles: Profiles, patterns: PatternSet) -> None:
        self._by_pattern: dict[int, list[tuple[str, Signal]]] = {}
        for name, profile in profiles.items():
            for signal in profile.signals:
                self._by_pattern.setdefault(patterns.add(signal.pattern), []).append((name, signal))

    def detect(self, document: Document, hits: Hits) -> Detection:
        """Return the type whose signals weigh most, or `unknown`."""
        weights: dict[str, float] = {}
        for number in self._by_pattern.keys() & hits.sentences.keys():
            sentences = hits.sentences[number]
            for name, signal in self._by_pattern[number]:
                if signal.where == "anywhere" or _first_at(signal, document, sentences) is not None:
                    weights[name] = weights.get(name, 0.0) + signal.weight
        ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
        if not ranked or ranked[0][1] < _ENOUGH:
            return _NOTHING
        name, best = ranked[0]
        second = max(ranked[1][1], 0.0) if len(ranked) > 1 else 0.0
        score = round(min(best / (best + second + _SURE) * 1.25, 1.0), 2)
        return Detection(name, score, self._reasons(name, document, hits))

    def _reasons(self, chosen: str, document: Document, hits: Hits) -> list[str]:
        found = []
        for number in self._by_pattern.keys() & hits.sentences.keys():
            for name, signal in self._by_pattern[number]:
                if name == chosen and signal.weight > 0:
                    sentence = _first_at(signal, document, hits.sentences[number])
                    if sentence is not None:
                        found.append((-signal.weight, sentence, signal.pattern, number))
        found.sort()
        return [_quote(document, hits, number, sentence) for _, sentence, _, number in found[:_REASONS]]


def _first_at(signal: Signal, document: Document, sentences: list[int]) -> int | None:
    return next((index for index in sentences if is_where(signal.where, index, document)), None)


def _quote(document: Document, hits: Hits, number: int, sentence: int) -> str:
    span = hits.spans_in(number, sentence)[0]
    return " ".join(document.folded[span.start : span.end].split()).lower()
