"""Writes what was learned as whole numbers, the same bytes from the same texts."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from validation_engine.learned.words import APART

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validation_engine.learned.ridge import Fit

# What a weight in thousandths may be at most, to be packed.
_LARGEST = 32_000


def written(fit: Fit, negligible: float) -> tuple[str, str]:
    """Return the weights of words, and those of words apart, as JSON, a line a feature or a first word.

    Args:
        fit: What was learned.
        negligible: Weights smaller than this part of the greatest for the same name are left out.
    """
    size = np.abs(fit.weights)
    scaled = np.rint(fit.weights * 1000 * (size > negligible * size.max(0))).clip(-_LARGEST, _LARGEST)
    words: list[str] = []
    apart: dict[str, dict[str, list[int]]] = {}
    for feature, rarity, own in zip(fit.features, fit.rarity, scaled.astype(int).tolist(), strict=True):
        squared, places = round(100 * rarity**2), [at for at, weight in enumerate(own) if weight]
        first, is_apart, second = feature.partition(APART)
        if places and is_apart:
            apart.setdefault(first, {})[second] = [
                squared,
                *chain.from_iterable((at, own[at]) for at in places),
            ]
        elif places:
            words.append(f"{_json(feature)}: {_json([squared, {fit.names[at]: own[at] for at in places}])}")
    after = [f"{_json(first)}: {_json(seconds)}" for first, seconds in apart.items()]
    return _lines(words) + "\n", f'{{"names": {_json(fit.names)},\n"after": {_lines(after)}}}\n'


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _lines(members: Sequence[str]) -> str:
    return "{\n" + ",\n".join(members) + "\n}"
