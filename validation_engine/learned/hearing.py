"""Learns the second reading: a network, from the sentences of the first, and what its scores are worth."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from validation_engine.learned.network import NOTHING, SUREST, UNMET, NetworkFile, rows_of
from validation_engine.learned.ridge import FOLDS, folds
from validation_engine.learned.training import Texts, Weights, scores, trained
from validation_engine.learned.words import parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from validation_engine.learned.ridge import Fit, Taught
    from validation_engine.learned.words import Word

# A part of a word that occurs once teaches its sentence.
_SEEN_AT_LEAST = 2
# What a sentence counts for the statement it was written for is 1; for others, and where it says none, less.
_ELSEWHERE, _SILENT = 0.02, 0.1
# The largest whole numbers of the matrices.
_EIGHT_BITS, _SIXTEEN_BITS, _UNITS_BITS = 127, 32_000, 1_023


class Hearing(NamedTuple):
    """A network, and by text and name the score that a text gets from what the others teach."""

    parts: list[str]
    weights: Weights
    left_out: NDArray[np.float64]


def hearing(texts: Sequence[Taught], names: Sequence[str]) -> Hearing:
    """Learn a network from all texts, and from all but a part of them, for each part."""
    seen = Counter(chain.from_iterable(_parts(word) for text in texts for _, word, _ in text.words))
    parts = sorted(part for part, times in seen.items() if times >= _SEEN_AT_LEAST)
    told, rows, fold = in_numbers(texts, parts, names), len(parts) + UNMET + 1, folds(texts)
    left_out = np.empty(told.targets.shape)
    for one in range(FOLDS):
        weights = trained(told.some(np.flatnonzero(fold != one)), rows)
        left_out[fold == one] = scores(weights, told.some(np.flatnonzero(fold == one)))
    return Hearing(parts, trained(told, rows), left_out)


def together(fit: Fit, heard: Hearing, about: NDArray[np.object_]) -> tuple[Fit, NDArray[np.float64]]:
    """Return the margins of both readings together, and what a score is worth as a margin, by name.

    Both count the same among the sentences written for a name: `about` says for each text which.
    """
    worth = np.zeros(len(fit.names))
    for at, name in enumerate(fit.names):
        own = about == name
        if own.any():
            worth[at] = fit.left_out[own, at].std() / max(heard.left_out[own, at].std(), 1e-9)
    second = (heard.left_out.clip(-SUREST, SUREST) + SUREST) * worth
    return fit._replace(left_out=fit.left_out + second), worth


def network_file(heard: Hearing, names: Sequence[str], worth: NDArray[np.float64]) -> NetworkFile:
    """Return a network in whole numbers."""
    weights = heard.weights
    by_column = np.maximum(np.abs(weights.vectors).max(0), 1e-9) / _EIGHT_BITS
    units = weights.units * np.tile(by_column, 3)[:, None]
    by_unit = np.maximum(np.abs(units).max(0), 1e-12) / _UNITS_BITS
    count = len(by_unit)
    greatest, mean = weights.names[:count] * by_unit[:, None], weights.names[count:] * by_unit[:, None]
    scale = np.maximum(np.abs(greatest).max(0), np.abs(mean).max(0)).clip(1e-15) / _SIXTEEN_BITS
    return NetworkFile(
        list(names),
        heard.parts,
        _packed(weights.vectors / by_column, "<i1"),
        _packed(units / by_unit, "<i2"),
        [int(one) for one in np.rint(weights.unit_bias / by_unit)],
        _packed(greatest / scale, "<i2"),
        _packed(mean / scale, "<i2"),
        [float(f"{one:.9g}") for one in scale],
        [round(float(one), 6) for one in weights.name_bias],
        [round(float(one), 6) for one in worth],
    )


def _parts(word: Word) -> list[str]:
    return [part for part in parts_of(word) if part]


def in_numbers(texts: Sequence[Taught], parts: Sequence[str], names: Sequence[str]) -> Texts:
    """Return texts as the training takes them; `parts` are those of words that are known."""
    row = {part: at for at, part in enumerate(parts, UNMET + 1)}
    known: dict[Word | None, int] = {None: 0}
    found = [(NOTHING, NOTHING, NOTHING)]
    words: list[list[int]] = []
    ends = [0]
    for text in texts:
        for trio in text.words or [(None, ("", ""), None)]:
            for word in trio:
                if word is not None and word not in known:
                    known[word] = len(found)
                    found.append(rows_of(word, row))
            words.append([known[word] for word in trio])
        ends.append(len(words))
    return Texts(np.array(found), np.array(words), np.array(ends), *_lesson(texts, names))


def _lesson(texts: Sequence[Taught], names: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    targets = np.array([[name in text.names for name in names] for text in texts], np.float32)
    stress = np.array([[_stress(text, name) for name in names] for text in texts], np.float32)
    return targets, stress


def _stress(text: Taught, name: str) -> float:
    if text.about is None:
        return 0.0 if name in text.untold else _SILENT
    return 1.0 if name == text.about else _ELSEWHERE


def _packed(numbers: NDArray[np.float64], kind: str) -> str:
    return b64encode(np.rint(numbers).astype(kind).tobytes()).decode()
