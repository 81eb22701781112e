"""From a pattern of `re` to one of RE2 that begins wherever the first may: looser, shorter, never stricter.

It keeps the pattern up to its first wide gap. What looks around is left out, and a repetition is as short
as it can be: only where a match may begin is asked.
"""

from __future__ import annotations

import re
from typing import Any

# The standard library's own parser of patterns; Python is pinned to one minor version.
_parse: Any = re._parser.parse  # type: ignore[attr-defined]  # noqa: SLF001 - it has no public name
_LATIN = [chr(one) for one in range(256)]
# What RE2 reads instead of Latin-1 bytes: it takes no letter beyond ASCII for part of a word, but `_`.
READ_AS = bytes(ord("_") if not one.isascii() and one.isalnum() else ord(one) for one in _LATIN)
# More repetitions than these are a gap, or any number.
_FEW = 4
# A class of more characters than letters, digits and some marks, or of letters and spaces, spans words.
_NARROW, _NARROW_WITH_SPACE = 70, 10
_SPACE = ord(" ")
_CLASSES = ("LITERAL", "NOT_LITERAL", "ANY", "IN")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}
_PLACES = {
    "AT_BEGINNING_STRING": r"\A",
    "AT_END_STRING": r"\z",
    "AT_BOUNDARY": r"\b",
    "AT_NON_BOUNDARY": r"\B",
}

_Items = Any
# A loose pattern, and whether what follows may be added to it.
_Loose = tuple[str, bool]


def loosened(pattern: str, flags: int = 0) -> str:
    """Return a loose pattern; it may be one that matches nothing at all, and so stands everywhere."""
    parsed = _parse(pattern, flags)
    return _sequence(parsed, parsed.state.flags)[0] if parsed.getwidth()[0] else ""


def _sequence(items: _Items, flags: int) -> _Loose:
    out = ""
    for at, (name, value) in enumerate(items):
        loose, is_whole = _one(str(name), value, flags)
        if not is_whole:
            if str(name) in _REPEATS and value[0] == 0:
                loose = f"(?:{loose}|{_sequence(items[at + 1 :], flags)[0]})"
            return out + loose, False
        out += loose
    return out, True


def _one(name: str, value: Any, flags: int) -> _Loose:  # noqa: ANN401 - a foreign parser's node; an answer each
    if name in _CLASSES:
        return _written(_class(name, value, flags)), True
    if name == "BRANCH":
        branches = [_sequence(branch, flags) for branch in value[1]]
        return f"(?:{'|'.join(loose for loose, _ in branches)})", all(whole for _, whole in branches)
    if name == "SUBPATTERN":
        loose, is_whole = _sequence(value[3], (flags | value[1]) & ~value[2])
        return f"(?:{loose})", is_whole
    if name in _REPEATS:
        return _repeat(value[0], value[1], value[2], flags)
    if name == "AT":
        return _place(str(value), flags), True
    return "", name in ("ASSERT", "ASSERT_NOT")


def _place(name: str, flags: int) -> str:
    if name == "AT_BEGINNING":
        return "(?m:^)" if flags & re.MULTILINE else r"\A"
    if name == "AT_END":
        return "(?m:$)" if flags & re.MULTILINE else r"\n?\z"
    return _PLACES[name]


def _repeat(least: int, most: int, items: _Items, flags: int) -> _Loose:
    loose, is_whole = _sequence(items, flags)
    if not is_whole:
        return f"(?:{loose})", False
    if most <= _FEW:
        return f"(?:{loose}){{{least},{most}}}?", True
    needed = min(least, _FEW)
    if _is_wide(items, flags):
        return f"(?:{loose}){{{needed}}}", False
    return f"(?:{loose}){{{needed},}}?", True


def _is_wide(items: _Items, flags: int) -> bool:
    """Whether a repetition may run over words."""
    name, value = items[0]
    if len(items) > 1 or str(name) not in _CLASSES:
        return int(items.getwidth()[1]) > _FEW
    members = {READ_AS[ord(one)] for one in _class(str(name), value, flags)}
    return len(members) > (_NARROW_WITH_SPACE if _SPACE in members else _NARROW)


def _class(name: str, value: Any, flags: int) -> set[str]:  # noqa: ANN401 - as above
    """Return the characters of Latin-1 that a node stands for."""
    if name == "ANY":
        return set(_LATIN) - (set() if flags & re.DOTALL else {"\n"})
    listed = value if name == "IN" else [("LITERAL", value)]
    members = {one for kind, inner in listed for one in _members(str(kind), inner)}
    if flags & re.IGNORECASE:
        members |= {other for one in members for other in (one.lower(), one.upper())}
    is_negated = name == "NOT_LITERAL" or str(listed[0][0]) == "NEGATE"
    return set(_LATIN) - members if is_negated else members & set(_LATIN)


def _members(kind: str, inner: Any) -> set[str]:  # noqa: ANN401 - as above
    if kind == "LITERAL":
        return {chr(inner)}
    if kind == "RANGE":
        return {one for one in _LATIN if inner[0] <= ord(one) <= inner[1]}
    return set(re.findall(_CATEGORIES[str(inner)], "".join(_LATIN))) if kind == "CATEGORY" else set()


def _written(members: set[str]) -> str:
    """Return a class as RE2 reads it."""
    read = sorted({READ_AS[ord(one)] for one in members})
    if not read:
        return r"[^\x00-\x{10ffff}]"
    return "[" + "".join(f"\\x{one:02x}" for one in read) + "]" if len(read) > 1 else f"\\x{read[0]:02x}"
