"""Whether a pattern begins and ends with a word, so that it can be held to whole words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

# The standard library's own parser of patterns; Python is pinned to one minor version.
_parse: Any = re._parser.parse  # type: ignore[attr-defined]  # noqa: SLF001 - it has no public name
_WORD_CATEGORIES = {"CATEGORY_WORD", "CATEGORY_DIGIT"}


@lru_cache(maxsize=2_000)
def is_wordlike(pattern: str) -> tuple[bool, bool]:
    """Return whether every match begins, and ends, with a letter, digit or underscore."""
    try:
        parsed = list(_parse(pattern))
    except (re.error, OverflowError, RecursionError):
        return False, False
    return all(_edge(parsed, last=False)), all(_edge(parsed, last=True))


def _edge(items: list[Any], *, last: bool) -> tuple[bool, bool]:
    """Return (is there always a first, or last, character; is it always a word character)."""
    for item in reversed(items) if last else items:
        certain, word = _one(str(item[0]), item[1], last=last)
        if certain or not word:
            return certain, word
    return False, True


def _one(name: str, value: Any, *, last: bool) -> tuple[bool, bool]:  # noqa: ANN401 - a foreign parser's own nodes
    if name == "LITERAL":
        return True, _is_alphanumeric(value) or chr(value) == "_"
    if name == "IN":
        return True, all(_member(kind, inner) for kind, inner in value)
    if name == "SUBPATTERN":
        return _edge(list(value[-1]), last=last)
    if name == "BRANCH":
        edges = [_edge(list(branch), last=last) for branch in value[1]]
        return all(certain for certain, _ in edges), all(word for _, word in edges)
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        certain, word = _edge(list(value[2]), last=last)
        return certain and value[0] > 0, word
    return (False, True) if str(value) == "AT_BOUNDARY" else (True, False)


def _member(kind: object, inner: Any) -> bool:  # noqa: ANN401 - a foreign parser's own nodes
    if str(kind) == "LITERAL":
        return _is_alphanumeric(inner)
    if str(kind) == "RANGE":
        return _is_alphanumeric(inner[0]) and _is_alphanumeric(inner[1])
    return str(kind) == "CATEGORY" and str(inner) in _WORD_CATEGORIES


def _is_alphanumeric(code: int) -> bool:
    """Whether RE2 sees a word boundary beside a character: beside the last of `café` it sees none."""
    return chr(code).isascii() and chr(code).isalnum()
