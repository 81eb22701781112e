"""Ridge regression from features to names, in closed form: the same weights from the same texts, always."""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from validation_engine.learned.table import SHORTEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Found on texts left out of the learning: weaker holds too fast to single texts, stronger to none.
_PENALTY = 1.0
# A feature seen once teaches its text; one seen in half of all texts teaches nothing.
_SEEN_AT_LEAST, _SEEN_AT_MOST = 2, 0.5


class Taught(NamedTuple):
    """A text's features, and the names that it speaks for."""

    features: set[str]
    names: frozenset[str]


class Fit(NamedTuple):
    """What was learned.

    Attributes:
        features: In alphabetical order.
        rarity: Of each feature.
        names: In alphabetical order.
        weights: By feature and name.
        left_out: By text and name, the margin that the text would get, had it not been learned from.
    """

    features: list[str]
    rarity: NDArray[np.float64]
    names: list[str]
    weights: NDArray[np.float64]
    left_out: NDArray[np.float64]


def fitted(texts: Sequence[Taught]) -> Fit:
    """Learn how features speak for names."""
    seen = Counter(chain.from_iterable(text.features for text in texts))
    most = _SEEN_AT_MOST * len(texts)
    kept = sorted(feature for feature, times in seen.items() if _SEEN_AT_LEAST <= times <= most)
    rarity = np.array([np.log((1 + len(texts)) / (1 + seen[feature])) + 1 for feature in kept])
    names = sorted(frozenset().union(*(text.names for text in texts)))
    rows = _rows(texts, kept, rarity)
    targets = np.array([[float(name in text.names) for name in names] for text in texts])
    # Solved in the space of texts, which are fewer than features.
    gram = rows @ rows.T
    inverse = np.linalg.inv(gram + _PENALTY * np.eye(len(rows)))
    solved = inverse @ (targets - targets.mean(0))
    left_out = targets - targets.mean(0) - solved / np.diag(inverse)[:, None]
    return Fit(kept, rarity, names, (rows.T @ solved) * rarity[:, None], left_out)


def written(fit: Fit, negligible: float) -> str:
    """Return the weights as JSON, one line a feature.

    Args:
        fit: What was learned.
        negligible: Weights smaller than this part of the greatest are left out.
    """
    weights = fit.weights
    table = np.rint(weights * 1000 * (np.abs(weights) > negligible * np.abs(weights).max())).astype(int)
    lines = []
    for feature, rarity, own in zip(fit.features, fit.rarity, table, strict=True):
        if own.any():
            by_name = {fit.names[at]: int(own[at]) for at in np.flatnonzero(own)}
            lines.append(f"{json.dumps(feature)}: {json.dumps([round(100 * rarity**2), by_name])}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _rows(texts: Sequence[Taught], kept: Sequence[str], rarity: NDArray[np.float64]) -> NDArray[np.float64]:
    place = {feature: at for at, feature in enumerate(kept)}
    rows = np.zeros((len(texts), len(kept)))
    for row, text in zip(rows, texts, strict=True):
        own = [place[feature] for feature in text.features if feature in place]
        row[own] = rarity[own]
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    scaled: NDArray[np.float64] = rows / np.maximum(lengths, SHORTEST)
    return scaled
