"""Cutting a block into sentences: linear, with the abbreviations of British business prose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Span = tuple[int, int]

# A stop, closing marks, space, then what can open a sentence; a run of stops is tried once, not from each.
_STOP = re.compile(
    r"""(?<![.!?])([.!?]++)(["')\]]*)[ \n]+(?=["'(\[]*[A-Z0-9\xa3#*\xc0-\xde]|["'(]*(?:i+v?|vi*)\))"""
)
_ABBREVIATION = re.compile(
    r"""(?:^|[^A-Za-z])(?:(?<!')[A-Za-z]|Mr|Mrs|Ms|Miss|Dr|Prof|Rev|Sir|Messrs|St|Rd|Ave|Ltd|plc|Co|Inc|
    LLP|No|Nos|Ref|Tel|
    reg|regs|Reg|art|arts|Art|Arts|para|paras|Para|sec|ss|Sch|Sched|cl|cls|Cl|pt|Pt|ch|Ch|vs|cf|al|etc|approx|est|
    incl|excl|dept|Dept|min|max|p\.a|a\.m|p\.m|e\.g|i\.e|viz|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|
    Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun|Hon|Gov|Sgt|Cllr|Esq|Jr|Sr|D\.P\.A|U\.K|Fig|Vol|pp?)$""",
    re.VERBOSE,
)
# These may end a sentence too: they do when a capitalised word follows.
_MAY_END = re.compile(r"(?:Ltd|plc|Co|Inc|LLP|etc|a\.m|p\.m|p\.a|U\.K)$")
_NUMBER_WORD = re.compile(r"\b(?:nos?|refs?|reg|tel|inv)$", re.IGNORECASE)
_NUMBER = re.compile(r"#?(?:[A-Z]{1,6}[-/ ]?)?\d")
_ENUMERATOR = re.compile(r" *\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[A-Za-z]|[ivx]{1,4})\.$")
_CAPITALISED = re.compile(r"[\"'(]*[A-Z][a-z]+ ")
_BLANK = " \n"
# No abbreviation has so many letters.
_LONG_WORD, _LONG = re.compile("[A-Za-z]{7}"), 7
LONGEST = 1_500


def cut(folded: str, start: int, end: int) -> list[Span]:
    """Return the (start, end) of each sentence between two offsets of the folded text."""
    at = start
    found: list[Span] = []
    for stop in _STOP.finditer(folded, start, end):
        if stop.group(1) == "." and (
            (at == start and _ENUMERATOR.match(folded, start, stop.start() + 1))
            or _is_abbreviation(folded, max(start, stop.start() - 12), stop)
        ):
            continue
        found += _bounded(folded, at, stop.end(2))
        at = stop.end()
    found += _bounded(folded, at, end)
    return found


def _is_abbreviation(folded: str, window_start: int, stop: re.Match[str]) -> bool:
    before = folded[window_start : stop.start()]
    if not before[-1:].isalpha() or _LONG_WORD.match(before, len(before) - _LONG):
        return False
    if _NUMBER_WORD.search(before) and _NUMBER.match(folded, stop.end()):
        return True
    if not _ABBREVIATION.search(before):
        return False
    return not (_MAY_END.search(before) and _CAPITALISED.match(folded, stop.end()))


def _bounded(folded: str, start: int, end: int) -> Iterable[Span]:
    """Return a sentence trimmed, and in pieces where it is longer than any."""
    if 0 < end - start <= LONGEST and folded[start] not in _BLANK and folded[end - 1] not in _BLANK:
        return ((start, end),)
    return _trimmed(folded, start, end)


def _trimmed(folded: str, start: int, end: int) -> Iterator[Span]:
    """Trim spaces, and cut what is longer than any sentence at a comma or space."""
    while start < end and folded[start] in _BLANK:
        start += 1
    while end > start and folded[end - 1] in _BLANK:
        end -= 1
    while end - start > LONGEST:
        middle = start + LONGEST
        at = max(
            folded.rfind("; ", start + LONGEST // 2, middle), folded.rfind(", ", start + LONGEST // 2, middle)
        )
        if at == -1:
            at = folded.rfind(" ", start + LONGEST // 2, middle)
        if at == -1:
            at = middle - 1
        yield start, at + 1
        start = at + 1
        while start < end and folded[start] == " ":
            start += 1
    if start < end:
        yield start, end
