"""The document's type by weighted signals and learned words, with a score and the reasons."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import msgspec

from validation_engine.gates.clues import is_where
from validation_engine.gates.document_types import UNKNOWN
from validation_engine.learned.table import Table
from validation_engine.learned.words import words_of

if TYPE_CHECKING:
    from validation_engine.detect.schema import Profiles, Signal
    from validation_engine.documents.model import Document
    from validation_engine.learned.table import WeightTable
    from validation_engine.scan.hits import Hits
    from validation_engine.scan.scanner import PatternSet

# One signal of full weight beside words that agree, or words that agree wholly, are enough; less is no type.
_ENOUGH = 5.0
# What a document whose words all speak for one type weighs, against the signals' weights.
_WORDS_WEIGH = 40.0
# Signals may be many or contradict each other; past these bounds they say no more.
_LEAST, _MOST = -5.0, 20.0
# Fewer known words than these tell nothing.
_FEWEST_WORDS = 8
_SURE = 4.0
_REASONS = 3


class Detection(msgspec.Struct, frozen=True):
    """The likeliest type, how sure (0 to 1), and the wording that spoke for it."""

    type: str
    score: float
    reasons: list[str]


_NOTHING = Detection(UNKNOWN, 0.0, [])


class Detector:
    """Signals of all types, in the ruleset's scan, and what the words of a document tell.

    Attributes:
        numbers: The patterns of signals.
    """

    def __init__(self, profiles: Profiles, words: WeightTable, patterns: PatternSet) -> None:
        self._words = Table(words)
        self._by_pattern: dict[int, list[tuple[str, Signal]]] = {}
        self._for: dict[str, list[tuple[int, Signal]]] = {}
        self.numbers = self._by_pattern.keys()
        for name, profile in profiles.items():
            for signal in profile.signals:
                number = patterns.add(signal.pattern)
                self._by_pattern.setdefault(number, []).append((name, signal))
                if signal.weight > 0:
                    self._for.setdefault(name, []).append((number, signal))

    def detect(self, document: Document, hits: Hits) -> Detection:
        """Return the type for which signals and words weigh most, or `unknown`."""
        known = self._words.known(words_of(document.folded))
        (best, name), (second, _) = self._first_two(document, hits, known)
        if best < _ENOUGH or name == UNKNOWN:
            return _NOTHING
        score = round(min(best / (best + max(second, 0.0) + _SURE) * 1.25, 1.0), 2)
        return Detection(
            name, score, self._reasons(name, document, hits) or self._words.strongest(known, name, _REASONS)
        )

    def _first_two(self, document: Document, hits: Hits, known: list[str]) -> list[tuple[float, str]]:
        """Return the two types that weigh most; only what may be one of them is looked for."""
        told, touched = self._told(known), hits.touched
        likely: dict[str, list[tuple[int, Signal]]] = {}
        for number in [one for one in self._by_pattern if one in touched]:
            for name, signal in self._by_pattern[number]:
                likely.setdefault(name, []).append((number, signal))
        most = told | {
            name: told.get(name, 0.0) + _bounded(sum([one.weight for _, one in signals if one.weight > 0]))
            for name, signals in likely.items()
        }
        first = [(-inf, ""), (-inf, "")]
        for name in sorted(most, key=most.__getitem__, reverse=True):
            if most[name] < first[1][0]:
                break
            heard = [
                one.weight
                for number, one in likely.get(name, ())
                if _first_at(one, document, hits, number) is not None
            ]
            first.append((told.get(name, 0.0) + _bounded(sum(heard)), name))
            first = sorted(first, key=lambda one: (-one[0], one[1]))[:2]
        return first

    def _told(self, known: list[str]) -> dict[str, float]:
        """Return what the words of a document weigh for each type, where they are enough to tell."""
        if len(known) < _FEWEST_WORDS:
            return {}
        margins = zip(self._words.names, self._words.margins(known), strict=True)
        return {name: _WORDS_WEIGH * margin for name, margin in margins}

    def _reasons(self, chosen: str, document: Document, hits: Hits) -> list[str]:
        found = []
        for number, signal in self._for.get(chosen, ()):
            sentence = _first_at(signal, document, hits, number) if number in hits.touched else None
            if sentence is not None:
                found.append((-signal.weight, sentence, signal.pattern, number))
        found.sort()
        return [_quote(document, hits, number, sentence) for _, sentence, _, number in found[:_REASONS]]


def _bounded(weight: float) -> float:
    return min(max(weight, _LEAST), _MOST)


def _first_at(signal: Signal, document: Document, hits: Hits, number: int) -> int | None:
    """Return the first sentence, in the part that the signal names, in which its pattern matches."""
    if signal.where == "anywhere":
        return next(hits.sentences(number), None)
    return next(
        (
            index
            for index in hits.likely(number)
            if is_where(signal.where, index, document) and hits.matches(number, index)
        ),
        None,
    )


def _quote(document: Document, hits: Hits, number: int, sentence: int) -> str:
    span = hits.spans_in(number, sentence)[0]
    return " ".join(document.folded[span.start : span.end].split()).lower()
