"""The network's training: slopes as they are, an order of words learned, the same weights each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from validation_engine.learned.training import (
    UNITS,
    WIDTH,
    Masks,
    Texts,
    Weights,
    all_told,
    scores,
    slopes,
    trained,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROWS = 8
# Words 1 to 4: "firm", "client", "pays", "the"; who pays whom shows in their order alone.
_PARTS = np.array([[0, 0, 0], [2, 0, 0], [3, 0, 0], [4, 5, 0], [6, 0, 7]])
_FIRM_PAYS, _CLIENT_PAYS = (4, 1, 3, 4, 2), (4, 2, 3, 4, 1)


def _texts(*told: tuple[int, ...], targets: list[list[float]]) -> Texts:
    words = [trio for text in told for trio in zip((0, *text), text, (*text[1:], 0), strict=False)]
    ends = np.cumsum([0, *map(len, told)])
    made = np.array(targets, np.float32)
    return Texts(_PARTS, np.array(words), ends, made, np.ones_like(made))


def _drawn(names: int) -> Weights:
    random = np.random.default_rng(7)
    shapes = ((_ROWS, WIDTH), (3 * WIDTH, UNITS), (UNITS,), (2 * UNITS, names), (names,))
    weights = Weights(*(random.standard_normal(shape) * 0.2 for shape in shapes))
    weights.vectors[0] = 0
    return weights


def _loss(weights: Weights, texts: Texts) -> float:
    found = scores(weights, texts).astype(np.float64)
    entropy = np.logaddexp(0, found) - texts.targets * found
    return float((entropy * texts.stress).sum() / len(found))


@pytest.mark.parametrize("which", range(5))
def test_slopes_are_how_the_loss_changes(which: int) -> None:
    texts = _texts(_FIRM_PAYS, (3, 1), (2,), targets=[[1, 0], [0, 1], [0, 0]])
    weights, random = _drawn(2), np.random.default_rng(3)
    told = all_told(texts)
    slope = slopes(weights, texts, Masks(told.parts, *(one.astype(np.float64) for one in told[1:])))[which]
    direction = random.standard_normal(slope.shape)
    if which == 0:
        direction[0] = 0  # no word at all stays nothing
    ahead, behind = (_moved(weights, which, size * direction) for size in (1e-5, -1e-5))
    measured = (_loss(ahead, texts) - _loss(behind, texts)) / 2e-5
    assert (slope * direction).sum() == pytest.approx(measured, rel=1e-3, abs=1e-5)


def _moved(weights: Weights, which: int, by: NDArray[np.float64]) -> Weights:
    return Weights(*(one + by if at == which else one for at, one in enumerate(weights)))


def test_the_order_of_words_is_learned() -> None:
    texts = _texts(*[_FIRM_PAYS, _CLIENT_PAYS] * 128, targets=[[1], [0]] * 128)
    found = scores(trained(texts, _ROWS, epochs=40), texts)
    assert (found[::2] > 1).all()
    assert (found[1::2] < -1).all()


def test_the_same_texts_give_the_same_weights() -> None:
    texts = _texts(*[_FIRM_PAYS, _CLIENT_PAYS] * 128, targets=[[1], [0]] * 128)
    one, other = (trained(texts, _ROWS, epochs=2) for _ in range(2))
    assert all(np.array_equal(first, second) for first, second in zip(one, other, strict=True))


def test_what_does_not_count_teaches_nothing() -> None:
    texts = _texts(_FIRM_PAYS, _CLIENT_PAYS, targets=[[1, 1], [0, 1]])
    told = texts._replace(stress=np.array([[1, 0], [1, 0]], np.float32))
    assert not slopes(_drawn(2), told, all_told(told)).names[:, 1].any()


def test_texts_are_taken_in_the_order_asked_for() -> None:
    texts = _texts(_FIRM_PAYS, (3, 1), (2,), targets=[[1], [0], [0]])
    some = texts.some(np.array([2, 0]))
    assert some.words[:, 1].tolist() == [2, *_FIRM_PAYS]
    assert some.ends.tolist() == [0, 1, 6]
    assert some.targets.tolist() == [[0], [1]]
