"""From the pattern of a gate file to a compiled RE2 pattern over folded text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import re2

from validation_engine.documents.fold import fold, to_bytes
from validation_engine.documents.spelling import spelled
from validation_engine.errors import PatternRefused
from validation_engine.names import meant
from validation_engine.scan.edges import is_wordlike

if TYPE_CHECKING:
    from collections.abc import Mapping

MACRO = re.compile(r"\{([a-z][a-z_0-9]*)\}")
_CLASS = re.compile(r"(\[\^?\]?(?:\\.|[^\]\\])*\])")
_BEYOND_ASCII = re.compile("[\xaa\xb5\xba\xc0-\xd6\xd8-\xf6\xf8-\xff]")
_DEEPEST = 5
_LAST_KEPT = 0xFF
_LARGEST_REPEAT = 60
_REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
MOST_INSTRUCTIONS = 4_000


def options(*, max_mem: int = 8 << 20) -> re2.Options:
    """Return how every pattern is compiled: Latin-1 bytes, case ignored, silent, never across a line."""
    chosen = re2.Options()
    chosen.encoding = re2.Options.Encoding.LATIN1
    chosen.case_sensitive = False
    chosen.log_errors = False
    chosen.never_capture = True
    chosen.max_mem = max_mem
    return chosen


def expand(pattern: str, macros: Mapping[str, str]) -> str:
    """Return the pattern with `{macro}` replaced, whole words marked and spaces made flexible.

    Raises:
        PatternRefused: It names an unknown macro, or holds a character that searched text never does.
    """
    plain = fold(spelled(_macros(pattern, macros, 0)).text)
    odd = next((character for character in plain if ord(character) > _LAST_KEPT), None)
    if odd:
        msg = (
            f"The pattern `{pattern[:60]}` holds {odd!r}; text is searched in Latin-1, which lacks it:"
            " leave it out, or write `.` for it."
        )
        raise PatternRefused(msg)
    return _both_cases(_flexible_spaces(_whole_words(plain)))


def _macros(pattern: str, macros: Mapping[str, str], depth: int) -> str:
    if depth > _DEEPEST:
        msg = f"The macros in `{pattern[:60]}` refer to each other without end; break the loop."
        raise PatternRefused(msg)

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in macros:
            known = ", ".join(sorted(macros))
            msg = f"There is no macro {{{name}}} in the vocabulary{meant(name, macros)}; it has: {known}."
            raise PatternRefused(msg)
        return "(?:" + _macros(macros[name], macros, depth + 1) + ")"

    return MACRO.sub(value, pattern)


def _whole_words(pattern: str) -> str:
    r"""Put word boundaries at the ends that are words; `\B` at an end asks for none."""
    begins, ends = is_wordlike(pattern)
    return (r"\b" if begins else "") + f"(?:{_bare(pattern)})" + (r"\b" if ends else "")


def _bare(pattern: str) -> str:
    return pattern.removeprefix(r"\B").removesuffix(r"\B")


def _flexible_spaces(pattern: str) -> str:
    """Let a space in the pattern stand for one or more in the text, outside classes."""
    out: list[str] = []
    in_class = escaped = False
    for character in pattern:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "[":
            in_class = True
        elif character == "]":
            in_class = False
        elif character == " " and not in_class:
            character = " +"  # noqa: PLW2901 - the loop is a rewriting
        out.append(character)
    return "".join(out).replace(" ++", " +").replace(" +?", " *").replace(" +*", " *")


def _both_cases(pattern: str) -> str:
    """Write letters beyond ASCII in both cases, of which RE2 does not know; in classes they stay."""
    return "".join(
        one if is_class else _BEYOND_ASCII.sub(_either_case, one)
        for is_class, one in ((one.startswith("["), one) for one in _CLASS.split(pattern))
    )


def _either_case(found: re.Match[str]) -> str:
    cases = sorted({found.group().lower(), found.group().upper()})
    return f"[{''.join(one for one in cases if len(one) == 1 and ord(one) <= _LAST_KEPT)}]"


@lru_cache(maxsize=2_000)
def compile_expanded(expanded: str, pattern: str) -> re2._Regexp:
    """Return the compiled pattern, or refuse it with the place and the reason.

    Args:
        expanded: What `expand` made of it.
        pattern: As it was written, for the message.

    Raises:
        PatternRefused: It is not RE2, repeats without need, or compiles to too much.
    """
    for repeat in _REPEAT.finditer(expanded):
        if int(repeat.group(2) or repeat.group(1)) > _LARGEST_REPEAT:
            told = f"`{repeat.group()}` in `{pattern[:80]}`"
            msg = f"{told} repeats more than {_LARGEST_REPEAT} times; use a smaller bound."
            raise PatternRefused(msg)
    try:
        compiled = re2.compile(to_bytes(expanded), options=options())
    except re2.error as error:
        reason = error.args[0].decode("latin-1") if isinstance(error.args[0], bytes) else str(error)
        msg = f"The pattern `{pattern[:80]}` is not accepted: {reason}."
        raise PatternRefused(msg) from error
    if compiled.programsize > MOST_INSTRUCTIONS:
        msg = (
            f"The pattern `{pattern[:80]}` compiles to {compiled.programsize} steps,"
            f" more than {MOST_INSTRUCTIONS}; bound its gaps or split it."
        )
        raise PatternRefused(msg)
    if compiled.search(b"") is not None:
        msg = f"The pattern `{pattern[:80]}` matches an empty text; require at least one word."
        raise PatternRefused(msg)
    return compiled


def compile_wide(wide: str) -> re2._Regexp:
    """Return the compiled wide form of a pattern that was accepted (`scan/wide.py`)."""
    return re2.compile(to_bytes(wide), options=options(max_mem=1 << 20))
