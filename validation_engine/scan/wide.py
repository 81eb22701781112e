"""A pattern with its counted gaps opened: soon looked for, and never stricter than the pattern.

A gap of up to sixty characters has RE2 tell apart sixty places behind every word that may open it, so that
each fresh text asks for new states of its automaton, at hundreds of nanoseconds a character. Without the
count a few states serve all texts. Where the wide pattern does not match, the pattern does not either.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\\."
    r"|\[\^?\]?(?:\[:\^?[a-z]+:\]|\\.|[^\]\\])*\]"
    r"|\((?:\?[a-zA-Z-]*:)?"
    r"|\{(?P<least>\d+)(?:,(?P<most>\d*))?\}\??"
    r"|.",
    re.DOTALL,
)
# Escapes of several characters, flags for the rest of a group, and named groups: left as they are.
_ODD = re.compile(r"\\[xpPQC0-9]|\(\?(?![a-zA-Z-]*:)")
# More repetitions than these are a gap.
_FEW = 3
_BETWEEN = (r"\b", r"\B", "|", "^", "$")


def widened(expanded: str) -> str | None:
    """Return an expanded pattern with its counted gaps opened; None where that would not change it."""
    if _ODD.search(expanded):
        return None
    out: list[str] = []
    opened: list[int] = []
    last: int | None = None  # where in `out` begins what a repetition repeats
    for token in _TOKEN.finditer(expanded):
        text = token.group()
        if text[0] == "{" and token["least"]:
            _repeat(out, last, token)
            last = None
        elif text[0] == "(":
            opened.append(len(out))
            out.append(text)
            last = None
        else:
            if text == ")":
                last = opened.pop()
            elif text not in ("*", "+", "?"):
                last = None if text in _BETWEEN else len(out)
            out.append(text)
    wide = re.sub(r"(?:\.\*){2,}", ".*", "".join(out))
    return None if wide == expanded else wide


def _repeat(out: list[str], last: int | None, token: re.Match[str]) -> None:
    """Add a counted repetition, or open it where it is a gap."""
    most = token["most"] or token["least"]
    if last is None or int(most) <= _FEW:
        out.append(token.group())
    else:
        repeated = out[last:]
        out[last:] = [f"{repeated[0]}*" if len(repeated) == 1 else ".*"]
