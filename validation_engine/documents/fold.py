"""Folding text to one Latin-1 byte a character, so that byte offsets are character offsets."""

from __future__ import annotations

import re

# Each is one character for one character: offsets must not move.
_FOLDS = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201a": "'",
    "\u201b": "'",
    "\u2032": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u201f": '"',
    "\u2033": '"',
    "\u00ab": '"',
    "\u00bb": '"',
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2015": "-",
    "\u2212": "-",
    "\u00a0": " ",
    **dict.fromkeys("\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a", " "),
    **dict.fromkeys("\u202f\u205f\u2800\u3000", " "),
    "\u2028": "\n",
    "\u2029": "\n",
    "\u0085": "\n",
    "\u2022": "*",
    "\u25aa": "*",
    "\u25cf": "*",
    "\u20ac": "\u00a4",
    "\u2026": ".",
    "\u2044": "/",
    "\u2715": "x",
    "\u00d7": "x",
    "\u2610": "*",
    "\u2611": "*",
    "\u2612": "*",
    "\t": " ",
    "\r": " ",
    "\f": " ",
    "\v": " ",
    "\x00": " ",
}


_RETURN_ALONE = re.compile(r"\r(?!\n)")


def fold(text: str) -> str:
    """Return the text with typographic variants made plain, character for character."""
    if "\r" in text:
        text = _RETURN_ALONE.sub("\n", text)
    if not text.isascii():
        for odd, plain in _FOLDS.items():
            if odd in text:
                text = text.replace(odd, plain)
        return text
    for odd in "\t\r\f\v\x00":
        if odd in text:
            text = text.replace(odd, " ")
    return text


def to_bytes(folded: str) -> bytes:
    """Return folded text as Latin-1; what Latin-1 lacks becomes `?`, still one byte."""
    return folded.encode("latin-1", "replace")
