"""Ridge regression from features to names, in closed form: the same table from the same texts, always."""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Found on texts left out of the learning: weaker holds too fast to single texts, stronger to none.
_PENALTY = 0.3
# A feature seen once teaches its text; one seen in half of all texts teaches nothing.
_SEEN_AT_LEAST, _SEEN_AT_MOST = 2, 0.5


class Taught(NamedTuple):
    """A text's features, and the names that it speaks for."""

    features: set[str]
    names: frozenset[str]


def learned(texts: Sequence[Taught], negligible: float) -> dict[str, tuple[int, dict[str, int]]]:
    """Return the table: each feature's rarity and its weights by name.

    Args:
        texts: What to learn from.
        negligible: Weights smaller than this part of the greatest are left out.
    """
    seen = Counter(chain.from_iterable(text.features for text in texts))
    most = _SEEN_AT_MOST * len(texts)
    kept = sorted(feature for feature, times in seen.items() if _SEEN_AT_LEAST <= times <= most)
    rarity = np.array([np.log((1 + len(texts)) / (1 + seen[feature])) + 1 for feature in kept])
    names = sorted(frozenset().union(*(text.names for text in texts)))
    weights = _ridge(_rows(texts, kept, rarity), _targets(texts, names)) * rarity[:, None]
    table = np.rint(weights * 1000 * (np.abs(weights) > negligible * np.abs(weights).max())).astype(int)
    return {
        feature: (
            round(100 * rarity[at] ** 2),
            {names[of]: int(table[at, of]) for of in np.flatnonzero(table[at])},
        )
        for at, feature in enumerate(kept)
        if table[at].any()
    }


def _rows(texts: Sequence[Taught], kept: Sequence[str], rarity: NDArray[np.float64]) -> NDArray[np.float64]:
    place = {feature: at for at, feature in enumerate(kept)}
    rows = np.zeros((len(texts), len(kept)))
    for row, text in zip(rows, texts, strict=True):
        own = [place[feature] for feature in text.features if feature in place]
        row[own] = rarity[own]
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1.0)


def _targets(texts: Sequence[Taught], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[float(name in text.names) for name in names] for text in texts])


def _ridge(rows: NDArray[np.float64], targets: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve in the space of texts, which are fewer than features."""
    gram = rows @ rows.T + _PENALTY * np.eye(len(rows))
    return rows.T @ np.linalg.solve(gram, targets - targets.mean(0))


def written(table: dict[str, tuple[int, dict[str, int]]]) -> str:
    """Return a table as JSON, one line a feature."""
    lines = (f"{json.dumps(feature)}: {json.dumps(own)}" for feature, own in table.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"
