"""Letters that a pattern cannot match without: some of each of a few sets stand in every match."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import Any

# The standard library's own parser of patterns; Python is pinned to one minor version.
_parse: Any = re._parser.parse  # type: ignore[attr-defined]  # noqa: SLF001 - it has no public name
_LONGEST = 60
# Texts that one stretch of a pattern may stand for, and alternatives of a set.
_MOST_TOGETHER, _MOST_ALTERNATIVES = 16, 300
_FEW_CHARACTERS = 4
_MOST_SETS = 3
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
# Shorter texts need the spaces around them; the rest of longer ones tells no more.
_SHORT, _TELLING = 3, 12
_SPACE = ord(" ")
_SPACES = re.compile("  +")
# `[:alpha:]`, which `re` reads as characters.
_NAMED_CLASS = re.compile(r"\[:\^?[a-z]+:\]")
# Letters that stand in nearly every sentence.
_EVERYDAY = frozenset(
    re.split(
        " ",
        "the of to and a in is for you your we our us with that this it be are as on or not no may will "
        "can must shall have has had any all from by at an if when which who what its their they do does "
        "than more",
    )
)
# In how many of a thousand sentences a text stands, about, by its length; and one of everyday words.
_OFTEN = (1000, 100, 250, 60, 25, 10, 4)
_EVERYDAY_OFTEN = 200
# A set that stands in most sentences tells nothing; one that is not rare adds nothing to another.
_TOO_OFTEN, _TOO_OFTEN_BESIDE, _RARE = 3_000, 150, 4
# Single characters that are seldom enough to tell something.
_SIGNS = frozenset("\xa3$\xa4%?@#0123456789")

_Items = Any
_Texts = frozenset[str]
_NOTHING: _Texts = frozenset({""})
# Every text that a node can match, where they are few; and sets of which one text each stands in every match.
_Found = tuple[_Texts | None, list[_Texts]]


def atoms_of(pattern: str) -> list[list[str]]:
    """Return sets of letters in lower case, one of each of which every match holds, the rarest set first.

    They are to be looked for in text whose runs of spaces are one space (`collapsed`). A pattern of RE2 that
    `re` reads otherwise, or not at all, has none.
    """
    if _NAMED_CLASS.search(pattern):
        return []
    try:
        whole, needed = _sequence(_parse(pattern))
    except (re.error, OverflowError, RecursionError):
        return []
    found = dict.fromkeys(_least(one) for one in (*needed, *_listed(whole)) if _is_telling(one))
    rarest = sorted(found, key=_often)[:_MOST_SETS]
    wanted = [
        texts for texts in rarest[1:] if _often(texts)[0] < _TOO_OFTEN_BESIDE and _often(rarest[0])[0] > _RARE
    ]
    return [sorted(texts) for texts in (*rarest[:1], *wanted)]


def collapsed(text: str) -> str:
    """Return the text with one space for every run of spaces."""
    return _SPACES.sub(" ", text)


def _least(texts: _Texts) -> _Texts:
    """Return the texts, their spaces as one, without those that hold another."""
    plain = frozenset(map(_plain, texts))
    return frozenset(one for one in plain if not any(other in one for other in plain if other != one))


def _plain(text: str) -> str:
    """Return a text without runs of spaces, and without those around it where it is rare enough alone."""
    bare = text.strip()
    return collapsed(bare)[:_TELLING] if len(bare) > _SHORT else collapsed(text)


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
    most = _MOST_ALTERNATIVES if min(len(first), len(second)) == 1 else _MOST_TOGETHER
    if len(first) * len(second) > most or max(map(len, first)) + max(map(len, second)) > _LONGEST:
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
    best = [min((*needed, *_listed(texts)), key=_often, default=_NOTHING) for texts, needed in branches]
    return None, [frozenset[str]().union(*best)]


def _repeat(least: int, most: int, items: _Items) -> _Found:
    texts, needed = _sequence(items)
    if [(str(name), value) for name, value in items] == [("LITERAL", _SPACE)]:
        most = min(most, 1)  # any number of spaces is one in the text that is looked through
        least = min(least, 1)
    if least == 0:
        return (texts | _NOTHING if most == 1 and texts is not None else None), []
    if least == most == 1:
        return texts, needed
    return None, [*needed, *_listed(texts)]


def _listed(texts: _Texts | None) -> list[_Texts]:
    return [] if texts is None else [texts]


def _is_telling(texts: _Texts) -> bool:
    return len(texts) <= _MOST_ALTERNATIVES and all(map(_tells, texts)) and _often(texts)[0] < _TOO_OFTEN


def _tells(text: str) -> bool:
    """Whether a text is more than spaces, stops and a letter."""
    return (len(text.strip()) > 1 and any(map(str.isalnum, text))) or text in _SIGNS


def _often(texts: _Texts) -> tuple[int, int]:
    """Return in how many of a thousand sentences a text of a set stands, about; and the texts' number."""
    return sum(map(_often_alone, texts)), len(texts)


@cache
def _often_alone(text: str) -> int:
    words = text.split()
    length = len(_OFTEN) - 1
    each = (_EVERYDAY_OFTEN if one in _EVERYDAY else _OFTEN[min(len(one), length)] for one in words)
    rarest = min(each, default=_OFTEN[0])
    return rarest // max(len(words), 1)
