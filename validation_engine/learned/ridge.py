"""Ridge regression from features to names, in closed form: the same weights from the same texts, always."""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from validation_engine.learned.table import SHORTEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

# Found on texts left out of the learning: weaker holds too fast to single texts, stronger to none.
_PENALTY = 1.0
# A feature seen once teaches its text; one seen in half of all texts teaches nothing.
_SEEN_AT_LEAST, _SEEN_AT_MOST = 2, 0.5


class Taught(NamedTuple):
    """A text to learn from.

    Attributes:
        features: How often each occurs.
        names: What the text speaks for.
        untold: Names of which it is not known whether the text speaks for them.
    """

    features: Counter[str]
    names: frozenset[str]
    untold: frozenset[str] = frozenset()


class Fit(NamedTuple):
    """What was learned.

    Attributes:
        features: In alphabetical order.
        rarity: Of each feature.
        names: In alphabetical order.
        weights: By feature and name.
        left_out: By text and name, the margin that the text would get, had it not been learned from; not a
            number where that is untold.
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
    weights, left_out = np.zeros((len(kept), len(names))), np.full((len(texts), len(names)), np.nan)
    for told, columns in _told_alike(texts, names):
        targets = np.array([[float(names[at] in text.names) for at in columns] for text in texts])[told]
        weights[:, columns], left_out[np.ix_(told, columns)] = _solved(rows[told], targets)
    return Fit(kept, rarity, names, weights * rarity[:, None], left_out)


def _told_alike(texts: Sequence[Taught], names: Sequence[str]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield texts and the names that just these tell of, by their places."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for column, name in enumerate(names):
        told = tuple(at for at, text in enumerate(texts) if name not in text.untold)
        groups.setdefault(told, []).append(column)
    for told, columns in groups.items():
        yield list(told), columns


def _solved(
    rows: NDArray[np.float32], targets: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # Solved in the space of texts, which are fewer than features.
    gram = rows @ rows.T
    inverse = np.linalg.inv(gram + np.float32(_PENALTY) * np.eye(len(rows), dtype=np.float32))
    wanted = targets - targets.mean(0)
    solved = inverse @ wanted
    return rows.T @ solved, wanted - solved / np.diag(inverse)[:, None]


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


def _rows(texts: Sequence[Taught], kept: Sequence[str], rarity: NDArray[np.float64]) -> NDArray[np.float32]:
    place = {feature: at for at, feature in enumerate(kept)}
    rows = np.zeros((len(texts), len(kept)))
    for row, text in zip(rows, texts, strict=True):
        own = {place[feature]: times for feature, times in text.features.items() if feature in place}
        row[list(own)] = list(own.values())
    # A feature said twice counts twice, in a text's length too: so running sums can be taken apart again.
    lengths = np.sqrt((rows * rarity**2).sum(axis=1, keepdims=True))
    rows *= rarity
    scaled: NDArray[np.float32] = (rows / np.maximum(lengths, SHORTEST)).astype(np.float32)
    return scaled
