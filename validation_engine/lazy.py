"""Values worked out once, when first asked for."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from validation_engine.documents.model import Document

Value = TypeVar("Value")


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


def per_document(work: Callable[[Document], Value]) -> Callable[[Document], Value]:
    """Return the function working once for each document; all who ask get the same value."""

    @wraps(work)
    def kept(document: Document) -> Value:
        values = document.kept
        if work not in values:
            values[work] = work(document)
        return cast("Value", values[work])

    return kept
