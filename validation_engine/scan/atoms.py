"""Letters that a pattern cannot match without: some of each of a few sets stand in every match."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

# The standard library's own parser of patterns; Python is pinned to one minor version.
_parse: Any = re._parser.parse  # type: ignore[attr-defined]  # noqa: SLF001 - it has no public name
SHORTEST = 3
_LONGEST = 24
# Texts that one stretch of a pattern may stand for, and alternatives of a set.
_MOST_TOGETHER, _MOST_ALTERNATIVES = 16, 64
_FEW_CHARACTERS = 4
_MOST_SETS = 3
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
# Letters that stand in nearly every sentence.
_EVERYDAY = (
    " the of to and a in is for you your we our us with that this it be are as on or not no may will can must"
    " shall have has had any all from by at an if when which who what its their they do does than more "
)

_Items = Any
_Texts = frozenset[str]
_NOTHING: _Texts = frozenset({""})
# Every text that a node can match, where they are few; and sets of which one text each stands in every match.
_Found = tuple[_Texts | None, list[_Texts]]


def atoms_of(pattern: str) -> list[list[str]]:
    """Return sets of letters in lower case, one of each of which every match holds; none where none is known.

    A pattern of RE2 that `re` reads otherwise, or not at all, has none.
    """
    if "[:" in pattern:
        return []
    try:
        whole, needed = _sequence(_parse(pattern))
    except (re.error, OverflowError, RecursionError):
        return []
    found = dict.fromkeys(_least(one) for one in (*needed, *_listed(whole)) if _is_telling(one))
    telling = sorted(found, key=_worth, reverse=True)[:_MOST_SETS]
    return [sorted(texts) for texts in telling]


def _least(texts: _Texts) -> _Texts:
    """Return the texts without those that hold another."""
    return frozenset(one for one in texts if not any(other in one for other in texts if other != one))


def _sequence(items: _Items) -> _Found:
    run, needed, is_whole = _NOTHING, list[_Texts](), True
    for name, value in items:
        texts, inner = _one(str(name), value)
        joined = None if texts is None else _joined(run, texts)
        if joined is None:
            needed += [run, *inner]
            run, is_whole = texts or _NOTHING, False
        else:
            run = joined
    return (run, []) if is_whole else (None, [*needed, run])


def _joined(first: _Texts, second: _Texts) -> _Texts | None:
    if len(first) * len(second) > _MOST_TOGETHER or max(map(len, first)) + max(map(len, second)) > _LONGEST:
        return None
    return frozenset(one + other for one, other in product(first, second))


def _one(name: str, value: Any) -> _Found:  # noqa: ANN401 - a foreign parser's own nodes
    if name in ("LITERAL", "IN"):
        return _class([(name, value)] if name == "LITERAL" else value), []
    if name == "BRANCH":
        return _either([_sequence(branch) for branch in value[1]])
    if name == "SUBPATTERN":
        return _sequence(value[3])
    if name in _REPEATS:
        return _repeat(*value)
    return (_NOTHING if name == "AT" else None), []


def _class(listed: list[tuple[object, Any]]) -> _Texts | None:
    """Return the few characters of a class; letters beyond ASCII have cases of their own and do not count."""
    texts: set[str] = set()
    for kind, value in listed:
        if str(kind) == "RANGE" and value[1] - value[0] < _FEW_CHARACTERS:
            texts.update(chr(one) for one in range(value[0], value[1] + 1))
        elif str(kind) == "LITERAL":
            texts.add(chr(value))
        else:
            return None
    texts = {text.lower() for text in texts}
    is_odd = any(not text.isascii() and text.isalpha() for text in texts)
    return None if is_odd or len(texts) > _FEW_CHARACTERS else frozenset(texts)


def _either(branches: list[_Found]) -> _Found:
    wholes = [texts for texts, _ in branches if texts is not None]
    together = frozenset[str]().union(*wholes)
    if len(wholes) == len(branches) and len(together) <= _MOST_ALTERNATIVES:
        return together, []
    best = [max((*needed, *_listed(texts)), key=_worth, default=_NOTHING) for texts, needed in branches]
    return None, [frozenset[str]().union(*best)]


def _repeat(least: int, most: int, items: _Items) -> _Found:
    texts, needed = _sequence(items)
    if least == 0:
        return (texts | _NOTHING if most == 1 and texts is not None else None), []
    if least == most == 1:
        return texts, needed
    return None, [*needed, *_listed(texts)]


def _listed(texts: _Texts | None) -> list[_Texts]:
    return [] if texts is None else [texts]


def _is_telling(texts: _Texts) -> bool:
    return len(texts) <= _MOST_ALTERNATIVES and all(
        len(text) >= SHORTEST and text not in _EVERYDAY for text in texts
    )


def _worth(texts: _Texts) -> tuple[bool, int, int]:
    """Return how much rarer than others a set is: its shortest text tells how often it stands anywhere."""
    shortest = min(map(len, texts))
    return _is_telling(texts), min(shortest, 2 * SHORTEST), -len(texts)
