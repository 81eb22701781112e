"""What the `stripe` package's classes say about the fields of an object, held against an object."""

from __future__ import annotations

import ast
import sys
import typing
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import import_module
from inspect import getsource
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

from stripe._list_object import ListObject
from stripe._object_classes import get_object_class
from stripe._stripe_object import StripeObject

Json = dict[str, Any]
_LIST_KEYS = {"object", "data", "has_more", "url"}


@cache
def _scope(module: str) -> Json:
    """Return the names a generated module knows, those it imports only for type checkers included."""
    scope = {**vars(typing), **vars(sys.modules[module])}
    for node in ast.walk(ast.parse(getsource(sys.modules[module]))):
        if (
            isinstance(node, ast.ImportFrom)
            and str(node.module).startswith("stripe.")
            and ".params" not in str(node.module)
        ):
            source = import_module(str(node.module))
            scope.update({each.asname or each.name: getattr(source, each.name) for each in node.names})
    return scope


@cache
def _fields(cls: type) -> dict[str, Any]:
    """Return the types of a class's fields by name."""
    annotations = vars(cls).get("__annotations__", {})
    inner = {name: value for name, value in vars(cls).items() if isinstance(value, type)}
    scope = {**_scope(cls.__module__), **inner}
    return {
        name: _resolved(annotation, scope)
        for name, annotation in annotations.items()
        if not name.startswith("_") and get_origin(annotation) is not typing.ClassVar
    }


def _resolved(annotation: Any, scope: Json) -> Any:
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        return _resolved(eval(annotation, scope), scope)  # noqa: S307 - the installed package's own words
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Union:
        return Union[tuple(_resolved(each, scope) for each in inner)]  # noqa: UP007 - built from parts
    if origin is list:
        return list[_resolved(inner[0], scope)]  # type: ignore[misc]
    return annotation


def faults(thing: Json, cls: type | None = None, path: str = "") -> list[str]:
    """Return where an object departs from its class: unknown, missing and unfit fields."""
    cls = cls or get_object_class("V1", thing["object"])
    path = path or thing["object"]
    known = _fields(cls)
    found = [f"{path}.{name}: unknown" for name in thing if name not in known]
    for name, shape in known.items():
        if name in thing:
            found += _unfit(thing[name], shape, f"{path}.{name}")
        elif type(None) not in get_args(shape):
            found.append(f"{path}.{name}: missing")
    return found


def _unfit(value: Any, shape: Any, where: str) -> list[str]:
    origin, inner = get_origin(shape), get_args(shape)
    if shape is Any:
        return []
    if origin is Union:
        tried = [_unfit(value, each, where) for each in inner]
        return min(tried, key=len)
    if origin is Literal:
        return [] if value in inner else [f"{where}: {value!r} is none of {inner}"]
    if origin is list:
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no list"]
        return [
            fault for place, each in enumerate(value) for fault in _unfit(each, inner[0], f"{where}[{place}]")
        ]
    return _unfit_class(value, origin or shape, where)


def _unfit_class(value: Any, cls: type, where: str) -> list[str]:
    if issubclass(cls, ListObject):
        if not isinstance(value, dict) or set(value) != _LIST_KEYS:
            return [f"{where}: {value!r} is no list object"]
        return [fault for each in value["data"] for fault in faults(each, path=where)]
    if issubclass(cls, StripeObject):
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no object"]
        return faults(value, cls, where) if _fields(cls) else []
    if cls is Decimal:
        return [] if isinstance(value, str) and _is_decimal(value) else [f"{where}: {value!r} is no decimal"]
    wanted: Any = (int, float) if cls is float else cls
    is_fit = isinstance(value, wanted) and (cls is bool or not isinstance(value, bool))
    return [] if is_fit else [f"{where}: {value!r} is no {cls.__name__}"]


def _is_decimal(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False
