"""Letters that a pattern cannot match without: some of each of a few sets stand in every match."""

from __future__ import annotations

import re
import string
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# The standard library's own parser of patterns; Python is pinned to one minor version.
_parse: Any = re._parser.parse  # type: ignore[attr-defined]  # noqa: SLF001 - it has no public name
_LONGEST = 60
# Texts that one stretch of a pattern may stand for, and alternatives of a set.
_MOST_TOGETHER, _MOST_ALTERNATIVES = 64, 300
_FEW_CHARACTERS = 4
_MOST_SETS = 3
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
# The rest of longer texts tells no more.
_TELLING = 20
_SPACE = ord(" ")
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
# A set that stands in most sentences tells nothing.
_TOO_OFTEN = 3_000
# Single characters that are seldom enough to tell something.
SIGNS = "\xa3$\xa4%?@#["
_SINGLE = frozenset(SIGNS + string.digits)
# Words in lower case with a space for every other character; RE2 sees words in ASCII alone.
_WORDS = bytes(
    ord(chr(one).lower()) if chr(one).isascii() and (chr(one).isalnum() or chr(one) == "_") else _SPACE
    for one in range(256)
)

_EDGES = (("AT", "AT_BOUNDARY"), ("LITERAL", str(_SPACE)))
_Items = Any
_Texts = frozenset[str]
_NOTHING: _Texts = frozenset({""})
_BOUNDARY: _Texts = frozenset({" "})
# Every text that a node can match, where they are few; and sets of which one text each stands in every match.
_Found = tuple[_Texts | None, list[_Texts]]


def atoms_of(pattern: str) -> list[list[str]]:
    """Return sets of letters in lower case, one of each of which every match holds, the rarest set first.

    They are to be looked for in `words_of` a text. A pattern of RE2 that `re` reads otherwise, or not at all,
    has none.
    """
    if _NAMED_CLASS.search(pattern):
        return []
    try:
        whole, needed = _sequence(_parse(pattern))
    except (re.error, OverflowError, RecursionError):
        return []
    found = dict.fromkeys(filter(_is_telling, map(_least, (*needed, *_listed(whole)))))
    return [sorted(texts) for texts in sorted(found, key=_often)[:_MOST_SETS]]


def words_of(scan: bytes) -> str:
    """Return a text's words in lower case, a space for every other character: as long as the text."""
    return scan.translate(_WORDS).decode("ascii")


def spaced(words: str) -> str:
    """Return words with one space before, between and after them."""
    return f" {' '.join(words.split())} "


def _least(texts: _Texts) -> _Texts:
    """Return the texts as `words_of` has them, without those that hold another."""
    plain = frozenset(map(_plain, texts))
    return frozenset(one for one in plain if not any(other in one for other in plain if other != one))


def _plain(text: str) -> str:
    """Return a text's words, with a space at an end where a word begins or ends; or a sign of it."""
    words = words_of(text.encode("latin-1", "replace"))
    plain = spaced(words)[not words[:1].isspace() : None if words[-1:].isspace() else -1][:_TELLING]
    return plain if _tells(plain) else next((sign for sign in SIGNS if sign in text), plain)


def _sequence(items: _Items) -> _Found:
    run, needed, is_whole = _NOTHING, list[_Texts](), True
    flat = list(_flat(items))
    for at, (name, value) in enumerate(flat):
        if name == "BRANCH":
            before, after = (list(filter(_is_edge, flat[max(one, 0) : one + 1])) for one in (at - 1, at + 1))
            texts, inner = _either([_sequence([*before, *branch, *after]) for branch in value[1]])
        else:
            texts, inner = _one(name, value)
        joined = None if texts is None else _joined(run, texts)
        if joined is None:
            needed += [run, *inner]
            run, is_whole = texts or _NOTHING, False
        else:
            run = joined
    return (run, []) if is_whole else (None, [*needed, run])


def _flat(items: _Items) -> Iterator[tuple[str, Any]]:
    """Yield the nodes of a sequence and of the groups in it, which change nothing."""
    for node, value in items:
        if str(node) == "SUBPATTERN":
            yield from _flat(value[3])
        else:
            yield str(node), value


def _is_edge(node: tuple[str, Any]) -> bool:
    """Whether a word ends or begins beside a node, so that it does in each branch that is next to it."""
    return (node[0], str(node[1])) in _EDGES


def _joined(first: _Texts, second: _Texts) -> _Texts | None:
    most = _MOST_ALTERNATIVES if min(len(first), len(second)) == 1 else _MOST_TOGETHER
    if len(first) * len(second) > most or max(map(len, first)) + max(map(len, second)) > _LONGEST:
        return None
    return frozenset(one + other for one, other in product(first, second))


def _one(name: str, value: Any) -> _Found:  # noqa: ANN401 - a foreign parser's own nodes
    if name in ("LITERAL", "IN"):
        return _class([(name, value)] if name == "LITERAL" else value), []
    if name in _REPEATS:
        return _repeat(*value)
    # At an end of a word, or of the text, stands a space.
    return (_BOUNDARY if str(value) != "AT_NON_BOUNDARY" else _NOTHING) if name == "AT" else None, []


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
    return (len(text.strip()) > 1 and any(map(str.isalnum, text))) or text in _SINGLE


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
