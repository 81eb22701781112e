"""Trains the network that hears each word between its neighbours: by Adam, the same from the same texts.

A word is the sum of vectors of its stem, its family and its beginning. What three words in a row mean
together is told by some hundred units, none below zero; a text is their greatest values and their means, and
each name weighs those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit

from validation_engine.learned.network import NOTHING, UNMET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]
    Whole = NDArray[np.int64]

# Numbers of a word, and units. More units tell a little more, and cost as much more time.
WIDTH, UNITS = 64, 192
EPOCHS, BATCH = 12, 128
# Adam with decay: its greatest rate, reached after this part of all steps.
_RATE, _WARM, _DECAY = 3e-3, 0.3, 0.05
_FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-8
# So often only its family tells a word, and so often a number is left out: what remains must do.
_UNTOLD, _DROPPED = 0.1, 0.2
_SEED = 1


class Texts(NamedTuple):
    """Texts by their words.

    Attributes:
        parts: By word: its stem, family and beginning, each a row of the vectors.
        words: Of all texts one after another: the word before, the word, the word after.
        ends: Where each text ends among `words`, after the 0 where the first begins.
        targets: By text and name: 1 where the text speaks for the name.
        stress: By text and name: how much that counts.
    """

    parts: Whole
    words: Whole
    ends: Whole
    targets: Floats
    stress: Floats

    def some(self, chosen: Whole) -> Texts:
        """Return some of the texts, in the order of `chosen`."""
        lengths = self.ends[chosen + 1] - self.ends[chosen]
        ends = np.cumsum(np.concatenate([[0], lengths]))
        at = np.repeat(self.ends[chosen] - ends[:-1], lengths) + np.arange(ends[-1])
        return Texts(self.parts, self.words[at], ends, self.targets[chosen], self.stress[chosen])


class Weights(NamedTuple):
    """What is learned: vectors of parts of words, what three words tell a unit, what units tell of names."""

    vectors: Floats
    units: Floats
    unit_bias: Floats
    names: Floats
    name_bias: Floats


class Masks(NamedTuple):
    """What is told of texts: parts of words by word, place and part, and factors, 0 for what is left out."""

    parts: Whole
    vectors: Floats
    pooled: Floats


class _Heard(NamedTuple):
    """What was worked out of texts: by word, what surrounds it and its units; by text, these together."""

    around: Floats
    units: Floats
    pooled: Floats
    scores: Floats


class _Adam:
    """Moves weights against their slopes, each by how steady and how large those were; in place."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._moments = [(np.zeros_like(one), np.zeros_like(one)) for one in weights]

    def step(self, now: Weights, number: int, rate: float) -> None:
        for at, slope in enumerate(now):
            weight, (first, second) = self.weights[at], self._moments[at]
            first += (1 - _FIRST) * (slope - first)
            second += (1 - _SECOND) * (slope * slope - second)
            spread = np.sqrt(second / (1 - _SECOND**number)) + _TINY
            weight -= rate * (first / (1 - _FIRST**number) / spread + _DECAY * weight)


def trained(texts: Texts, rows: int, epochs: int = EPOCHS, seed: int = _SEED) -> Weights:
    """Learn from texts; `rows` is how many vectors there are."""
    random = np.random.default_rng(seed)
    adam = _Adam(_begun(random, rows, texts.targets.shape[1]))
    steps = epochs * (len(texts.targets) // BATCH)
    for step, chosen in enumerate(_batches(random, len(texts.targets), epochs), 1):
        some = texts.some(chosen)
        adam.step(slopes(adam.weights, some, _masks(random, some)), step, _rate(step / steps))
    return adam.weights


def scores(weights: Weights, texts: Texts) -> Floats:
    """Return by text and name how much the text speaks for it; above 0 it rather does."""
    count = len(texts.targets)
    parts = [texts.some(np.arange(at, min(at + BATCH, count))) for at in range(0, count, BATCH)]
    return np.vstack([_heard(weights, one, all_told(one)).scores for one in parts])


def slopes(weights: Weights, texts: Texts, told: Masks) -> Weights:
    """Return how the loss changes with each weight: the texts' cross-entropy by stress, over their number."""
    heard = _heard(weights, texts, told)
    made = expit(heard.scores)
    wrong = (made - texts.targets) * texts.stress / np.float32(len(texts.targets))
    units = _of_units(heard, texts, (wrong @ weights.names.T) * told.pooled)
    vectors = (units @ weights.units.T).reshape(told.vectors.shape) * told.vectors
    return Weights(
        _of_vectors(vectors, told.parts, len(weights.vectors)),
        heard.around.T @ units,
        units.sum(0),
        heard.pooled.T @ wrong,
        wrong.sum(0),
    )


def all_told(texts: Texts) -> Masks:
    """Return masks that leave nothing out."""
    parts = texts.parts[texts.words]
    shapes = (*parts.shape[:2], WIDTH), (len(texts.targets), 2 * UNITS)
    return Masks(parts, *(np.ones(shape, np.float32) for shape in shapes))


def _masks(random: np.random.Generator, texts: Texts) -> Masks:
    parts, *whole = all_told(texts)
    unmet = random.random(parts.shape[:2]) < _UNTOLD
    parts[unmet, 0], parts[unmet, 2] = UNMET, NOTHING
    kept = np.float32(1 / (1 - _DROPPED))
    return Masks(parts, *(kept * (random.random(one.shape, np.float32) >= _DROPPED) for one in whole))


def _begun(random: np.random.Generator, rows: int, names: int) -> Weights:
    def drawn(*shape: int, size: float) -> Floats:
        return (random.standard_normal(shape) * size).astype(np.float32)

    vectors, units = drawn(rows, WIDTH, size=0.1), drawn(3 * WIDTH, UNITS, size=(3 * WIDTH) ** -0.5)
    vectors[NOTHING] = 0
    return Weights(
        vectors,
        units,
        np.zeros(UNITS, np.float32),
        drawn(2 * UNITS, names, size=0.02),
        np.zeros(names, np.float32),
    )


def _batches(random: np.random.Generator, count: int, epochs: int) -> Iterator[Whole]:
    for _ in range(epochs):
        order = random.permutation(count)
        for at in range(0, count - BATCH + 1, BATCH):
            yield order[at : at + BATCH]


def _rate(done: float) -> float:
    """Rise for a while and fall almost to nothing, by cosines."""
    part = done / _WARM if done < _WARM else 1 + (done - _WARM) / (1 - _WARM)
    return float(_RATE * (1 - np.cos(np.pi * part)) / 2) + _RATE / 100


def _heard(weights: Weights, texts: Texts, told: Masks) -> _Heard:
    around = (weights.vectors[told.parts].sum(2) * told.vectors).reshape(len(told.parts), -1)
    units = np.maximum(around @ weights.units + weights.unit_bias, 0)
    starts, lengths = texts.ends[:-1], np.diff(texts.ends)[:, None].astype(np.float32)
    together = np.maximum.reduceat(units, starts), np.add.reduceat(units, starts) / lengths
    pooled = np.hstack(together) * told.pooled
    return _Heard(around, units, pooled, pooled @ weights.names + weights.name_bias)


def _of_units(heard: _Heard, texts: Texts, pooled: Floats) -> Floats:
    """Return how the loss changes with each unit at each word, from how it does with a text's pooled ones."""
    lengths = np.diff(texts.ends)
    text = np.repeat(np.arange(len(lengths)), lengths)
    greatest = np.maximum.reduceat(heard.units, texts.ends[:-1])[text]
    slope = np.where(heard.units == greatest, pooled[text, :UNITS], 0)
    slope += pooled[text, UNITS:] / lengths[text][:, None].astype(np.float32)
    return slope * (heard.units > 0)


def _of_vectors(words: Floats, parts: Whole, rows: int) -> Floats:
    """Return how the loss changes with each row of the vectors, from how it does with each word told."""
    flat = parts.reshape(-1, parts.shape[2])
    places = csr_array(
        (np.ones(flat.size, np.float32), flat.ravel(), np.arange(0, flat.size + 1, flat.shape[1])),
        shape=(len(flat), rows),
    )
    slope: Floats = places.T @ words.reshape(len(flat), WIDTH)
    slope[NOTHING] = 0
    return slope
