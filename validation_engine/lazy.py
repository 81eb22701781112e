"""Values worked out once, when first asked for."""

from __future__ import annotations

from functools import wraps
from itertools import count, islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from validation_engine.documents.model import Document

Value = TypeVar("Value")
_AT_ONCE = 16


class lazy(Generic[Value]):  # noqa: N801 - used as a decorator, named like one
    """A property kept after its first use.

    Python 3.11's `functools.cached_property` locks all instances at once, so that one
    thread's document would wait for another's; here two threads may work out the same twice.
    """

    def __init__(self, work: Callable[[Any], Value]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> lazy[Value]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...
    def __get__(self, instance: object | None, owner: type) -> lazy[Value] | Value:
        """Work the value out and keep it in the instance, where it is found from then on."""
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._work(instance)
        return value


class Remembered(Generic[Value]):
    """What an iterator yields, drawn from it no further than somebody looks, and kept for who looks next."""

    def __init__(self, source: Iterator[Value]) -> None:
        self._source = source
        self._drawn: list[Value] = []

    def __iter__(self) -> Iterator[Value]:
        drawn = self._drawn
        for at in count():
            if at == len(drawn):
                drawn.extend(islice(self._source, _AT_ONCE))
            if at == len(drawn):
                return
            yield drawn[at]


def per_document(work: Callable[[Document], Value]) -> Callable[[Document], Value]:
    """Return the function working once for each document; all who ask get the same value."""

    @wraps(work)
    def kept(document: Document) -> Value:
        values = document.kept
        if work not in values:
            values[work] = work(document)
        return cast("Value", values[work])

    return kept
