"""What is remembered is drawn no further than somebody looks, and only once."""

from __future__ import annotations

from itertools import count, islice

from validation_engine.lazy import Remembered


def test_an_endless_iterator_is_drawn_as_far_as_is_looked() -> None:
    drawn = list[int]()
    numbers = Remembered(drawn.append(one) or one for one in count())  # type: ignore[func-returns-value]
    assert list(islice(numbers, 3)) == [0, 1, 2]
    first = len(drawn)
    assert list(islice(numbers, 3)) == [0, 1, 2]
    assert len(drawn) == first


def test_each_who_looks_gets_all_even_while_another_looks() -> None:
    numbers = Remembered(iter(range(40)))
    assert [list(numbers) for _ in islice(numbers, 2)] == [list(range(40))] * 2
    assert list(numbers) == list(range(40))
