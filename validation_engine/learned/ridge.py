"""Ridge regression from features to names, in closed form: the same weights from the same texts, always."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from validation_engine.learned.table import SHORTEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from validation_engine.learned.words import Between

# Found on texts left out of the learning: weaker holds too fast to single texts, stronger to none.
_PENALTY = np.float32(1.0)
# A feature seen once teaches its text; one seen in half of all texts teaches nothing.
_SEEN_AT_LEAST, _SEEN_AT_MOST = 2, 0.5
# A sentence written for a name counts so many times there: it makes the statement or nearly does.
_ABOUT = 6.0
# Margins by which bounds are chosen are those of texts that a part was learned without, in so many parts.
FOLDS = 3
# Where solving ends: the square of what is left, as a part of what there was.
_EXACT, _TINY = 1e-5, 1e-30
# Names whose weights are looked for together: more do not fit the processor's cache.
_AT_ONCE = 16


class Taught(NamedTuple):
    """A text to learn from.

    Attributes:
        features: How often each occurs.
        names: What the text speaks for.
        untold: Names of which it is not known whether the text speaks for them.
        about: The name that the text was written for, whether it speaks for it or not.
        counts: How much it counts for other names.
        source: Where it comes from: texts of one source are left out together. None: it stands alone.
        words: What it consists of, for those who hear words between their neighbours.
    """

    features: Counter[str]
    names: frozenset[str]
    untold: frozenset[str] = frozenset()
    about: str | None = None
    counts: float = 1.0
    source: int | None = None
    words: Sequence[Between] = ()


class Fit(NamedTuple):
    """What was learned.

    Attributes:
        features: In alphabetical order.
        rarity: Of each feature.
        names: In alphabetical order.
        weights: By feature and name.
        left_out: By text and name, the margin that the text gets from what the other texts teach; not a
            number where that is untold.
    """

    features: list[str]
    rarity: NDArray[np.float64]
    names: list[str]
    weights: NDArray[np.float64]
    left_out: NDArray[np.float64]


class _Lesson(NamedTuple):
    """Texts by features and by names: counts, what they speak for, how much that counts (0 where untold)."""

    counts: csr_array
    targets: NDArray[np.float64]
    stress: NDArray[np.float64]

    def part(self, chosen: NDArray[np.bool_]) -> _Lesson:
        return _Lesson(self.counts[chosen], self.targets[chosen], self.stress[chosen])


def fitted(texts: Sequence[Taught], shortest: float = SHORTEST, negligible: float = 0.0) -> Fit:
    """Learn how features speak for names.

    Args:
        texts: What to learn from.
        shortest: The least length of a text.
        negligible: Features whose weights all are smaller than this part of the greatest for the same name
            are left out, and the others learned again.
    """
    seen = Counter(chain.from_iterable(text.features for text in texts))
    most = _SEEN_AT_MOST * len(texts)
    kept = sorted(feature for feature, times in seen.items() if _SEEN_AT_LEAST <= times <= most)
    rarity = np.array([np.log((1 + len(texts)) / (1 + seen[feature])) + 1 for feature in kept])
    names = sorted(frozenset().union(*(text.names for text in texts)))
    lesson = _lesson(texts, kept, names)
    scale = _Scale(rarity, shortest)
    left_out = np.empty(lesson.targets.shape)
    fold = folds(texts)
    for one in range(FOLDS):
        left_out[fold == one] = scale.margins(
            lesson.counts[fold == one], _weights(lesson.part(fold != one), scale)
        )
    left_out[lesson.stress == 0] = np.nan
    return Fit(kept, rarity, names, _learned(lesson, scale, negligible) * rarity[:, None], left_out)


def folds(texts: Sequence[Taught]) -> NDArray[np.int_]:
    """Return by text in which part it is left out of the learning."""
    return np.array([at if text.source is None else text.source for at, text in enumerate(texts)]) % FOLDS


def _learned(lesson: _Lesson, scale: _Scale, negligible: float) -> NDArray[np.float64]:
    weights = _weights(lesson, scale)
    if negligible:
        size = np.abs(weights * scale.rarity[:, None])
        kept = (size > negligible * size.max(0)).any(1)
        weights[:] = 0.0
        weights[kept] = _weights(lesson._replace(counts=lesson.counts[:, kept]), scale.part(kept))
    return weights


def _weights(lesson: _Lesson, scale: _Scale) -> NDArray[np.float64]:
    """Solve by conjugate gradients, for each name by itself but some in one go."""
    rows = scale.rows(lesson.counts).astype(np.float32)
    columns = rows.T.tocsr()
    return np.hstack(
        [
            _solved(
                rows, columns, lesson.targets[:, at : at + _AT_ONCE], lesson.stress[:, at : at + _AT_ONCE]
            )
            for at in range(0, lesson.targets.shape[1], _AT_ONCE)
        ]
    ).astype(np.float64)


def _solved(
    rows: csr_array, columns: csr_array, targets: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float32]:
    told = weight > 0
    stress = weight.astype(np.float32)
    wanted = (targets - (targets * told).sum(0) / told.sum(0)).astype(np.float32)
    weights = np.zeros((rows.shape[1], wanted.shape[1]), np.float32)
    residual = direction = columns @ (stress * wanted)
    square = (residual**2).sum(0)
    enough = _EXACT * square
    while (square > enough).any():
        along = columns @ (stress * (rows @ direction)) + _PENALTY * direction
        step = square / np.maximum((direction * along).sum(0), _TINY)
        weights += step * direction
        residual = residual - step * along
        before, square = square, (residual**2).sum(0)
        direction = residual + square / np.maximum(before, _TINY) * direction
    return weights


class _Scale(NamedTuple):
    """How counts become rows: by features' rarity, and the text's length or the shortest that counts."""

    rarity: NDArray[np.float64]
    shortest: float

    def part(self, kept: NDArray[np.bool_]) -> _Scale:
        return _Scale(self.rarity[kept], self.shortest)

    def rows(self, counts: csr_array) -> csr_array:
        # A feature said twice counts twice, in a text's length too: so running sums can be taken apart again.
        lengths = np.maximum(np.sqrt(counts @ self.rarity**2), self.shortest)
        scaled = counts.data * self.rarity[counts.indices] / np.repeat(lengths, np.diff(counts.indptr))
        return csr_array((scaled, counts.indices, counts.indptr), shape=counts.shape)

    def margins(self, counts: csr_array, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        used = np.asarray(weights.any(1))
        margins: NDArray[np.float64] = self.part(used).rows(counts[:, used]) @ weights[used]
        return margins


def _lesson(texts: Sequence[Taught], kept: Sequence[str], names: Sequence[str]) -> _Lesson:
    place = {feature: at for at, feature in enumerate(kept)}
    own = [{place[one]: times for one, times in text.features.items() if one in place} for text in texts]
    ends = np.cumsum([0, *map(len, own)])
    times = np.fromiter(chain.from_iterable(one.values() for one in own), float)
    at = np.fromiter(chain.from_iterable(own), int)
    counts = csr_array((times, at, ends), shape=(len(texts), len(kept)))
    targets = np.array([[float(name in text.names) for name in names] for text in texts])
    stress = np.array(
        [
            [0.0 if name in text.untold else _ABOUT if name == text.about else text.counts for name in names]
            for text in texts
        ]
    )
    return _Lesson(counts, targets, stress)
