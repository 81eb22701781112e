"""From the pattern of a gate file to a compiled RE2 pattern over folded text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import re2

from validation_engine.documents.fold import fold, to_bytes
from validation_engine.errors import PatternRefused
from validation_engine.gates.edges import is_wordlike

if TYPE_CHECKING:
    from collections.abc import Mapping

MACRO = re.compile(r"\{([a-z][a-z_0-9]*)\}")
_DEEPEST = 5
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
    """Return the pattern with `{macro}` replaced, whole words marked and spaces made flexible."""
    return _flexible_spaces(_whole_words(fold(_macros(pattern, macros, 0))))


def _macros(pattern: str, macros: Mapping[str, str], depth: int) -> str:
    if depth > _DEEPEST:
        msg = f"The macros in `{pattern[:60]}` refer to each other without end; break the loop."
        raise PatternRefused(msg)

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in macros:
            known = ", ".join(sorted(macros))
            msg = f"There is no macro {{{name}}} in the vocabulary; it has: {known}."
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
