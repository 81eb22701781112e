"""Days of the month in words: "the thirty-first"."""

from __future__ import annotations

_FIRST = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_FIRST += ["eleventh", "twelfth", "thirteenth"]
_FIRST += [f"{start}teenth" for start in ("four", "fif", "six", "seven", "eigh", "nine")] + ["twentieth"]
ORDINALS = {word: day for day, word in enumerate(_FIRST, 1)}
ORDINALS |= {f"twenty {word}": 20 + day for day, word in enumerate(_FIRST[:9], 1)}
ORDINALS |= {"thirtieth": 30, "thirty first": 31}
# Longer words first; a dash or a blank parts them.
ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True)).replace(" ", "[- ]")
