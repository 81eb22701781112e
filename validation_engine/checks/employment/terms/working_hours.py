"""The weekly hours of a contract: as stated, or from the times of the working day."""

from __future__ import annotations

import re
from decimal import Decimal

from validation_engine.fields.periods import NUMBERS
from validation_engine.scan.quick import Quick

_NUMBER = (
    r"\d{1,2}(?:\.\d{1,2}|½)?|(?:twenty|thirty|forty|fifty)"
    r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
)
_HOURS = Quick(
    rf"(?P<number>{_NUMBER})(?: \(\d+\))?[ -]hours?,?(?: (?!\d)\w+){{0,3}}?(?: (?:a|per|each|every|"
    rf"in each|in any|"
    rf"in the))? ?(?:working )?week(?:ly)?\b"
    rf"|\b(?:week|weekly hours|hours of work|working hours|contracted hours|normal "
    rf"hours)(?: [\w,()]+){{0,6}}?:? (?P<other>{_NUMBER})(?: hours?)\b"
    rf"|\bhours?(?: of work)?\W{{1,40}}(?:\w+ ){{0,3}}(?P<label>{_NUMBER}) (?:per|a|each|in each|every) "
    rf"week\b"
    rf"|\bfull[- ]time[ ,(:-]{{1,3}}(?P<full>{_NUMBER}) hours\b"
    rf"|\b(?P<days>{_NUMBER}) hours,? (?:worked |over |from |on )*(?:mon|tues|wednes|thurs|fri)(?:day)?s?\b"
    rf"|\b(?:weekly hours|(?:hours|contracted) (?:a|per|each) week|weekly hours of work|"
    rf"contracted hours|(?:normal|basic|standard|full-time|total) (?:working )?hours) ?[|:] *"
    rf"(?P<cell>{_NUMBER})(?![\d:.]| ?[ap]m)",
    re.IGNORECASE,
)
_SHIFTS = Quick(
    r"\b(?P<count>[1-7]|one|two|three|four|five|six|seven) (?P<length>\d{1,2}(?:\.\d{1,2}|½)?|six|seven|"
    r"eight|nine|"
    r"ten|eleven|twelve|thirteen)[ -]hour (?:\w+ )?(?:night|shift|day)s\b",
    re.IGNORECASE,
)
_NOT_HOURS = Quick(
    r"\b(?:up to|average|exceed|more than|over|limit|maximum|opt\w*|overtime|"
    r"additional|extra|least)\b[^.;]{0,25}$",
    re.IGNORECASE,
)
_CLOCK = r"(?P<{0}>\d{{1,2}})(?:[.:](?P<{0}_minute>\d{{2}}))? ?(?P<{0}_half>[ap]\.?m\b\.?|noon\b)?"
_FROM_TO = Quick(
    rf"\b{_CLOCK.format('start')} ?(?:to|until|till|-|and) ?{_CLOCK.format('stop')}", re.IGNORECASE
)
_DAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}
_DAY = f"(?:{'|'.join(_DAYS)})"
_SPAN = Quick(
    rf"\b(?P<first>{_DAY})[a-z]{{0,6}}\.? ?(?:to|until|-|through) ?(?P<last>{_DAY})[a-z]{{0,6}}\b",
    re.IGNORECASE,
)
_BREAK = Quick(
    r"\b(?P<half>half an hour|half-hour)|\b(?P<hour>an hour|one hour|one-hour|1 hour|hour's)|"
    r"\b(?P<minutes>\d{2})[ -]minutes?",
    re.IGNORECASE,
)
_REACH = 160
_NOON, _HOUR = 12, 60
_LONGEST_DAY = 16


def weekly_hours(folded: str) -> Decimal | None:
    """Return the hours worked a week, or None where neither they nor the times of the day are stated."""
    shifts = _SHIFTS.search(folded)
    if shifts:
        return as_number(shifts["count"]) * as_number(shifts["length"])
    for found in _HOURS.finditer(folded):
        if _NOT_HOURS.search(folded[max(found.start() - 50, 0) : found.start()]):
            continue
        hours = as_number(next(filter(None, found.groups())))
        if hours:
            return hours
    return _hours_by_clock(folded)


def as_number(written: str) -> Decimal:
    """Return a number in figures ("37.5", "37½") or words; zero for a word that is none."""
    number = written.lower()
    if number[0].isdigit():
        return Decimal(number.replace("½", ".5"))
    return Decimal(NUMBERS.get(number, 0))


def _hours_by_clock(folded: str) -> Decimal | None:
    """Return the hours from "Monday to Friday, 9 am to 5.30 pm" less the break; an hour if none is told."""
    for found in _FROM_TO.finditer(folded):
        around = folded[max(found.start() - _REACH, 0) : found.end() + _REACH]
        span = _SPAN.search(around)
        day = _length(found)
        if span is None or day is None:
            continue
        days = _DAYS[span["last"].lower()] - _DAYS[span["first"].lower()] + 1
        pause = _BREAK.search(folded, found.end(), min(found.end() + _REACH, len(folded)))
        minutes = day - (_minutes(pause) if pause else _HOUR)
        return Decimal(minutes * days) / _HOUR if days > 0 and minutes > 0 else None
    return None


def _length(found: re.Match[str]) -> int | None:
    """Return the minutes between two times of the clock, which have a half of the day or minutes."""
    is_clock = found["stop_half"] or found["start_minute"] or found["stop_minute"]
    # "9 to 5" can only be hours of the clock: no other range goes down.
    if not is_clock and int(found["start"]) <= int(found["stop"]):
        return None
    start = int(found["start"]) * _HOUR + int(found["start_minute"] or 0)
    stop = int(found["stop"]) * _HOUR + int(found["stop_minute"] or 0)
    if (found["start_half"] or "").startswith(("p", "P")) and int(found["start"]) < _NOON:
        start += _NOON * _HOUR
    if stop <= start or ((found["stop_half"] or "").startswith(("p", "P")) and int(found["stop"]) < _NOON):
        stop += _NOON * _HOUR
    length = stop - start
    return length if 0 < length <= _LONGEST_DAY * _HOUR else None


def _minutes(pause: re.Match[str]) -> int:
    if pause["half"]:
        return _HOUR // 2
    return _HOUR if pause["hour"] else int(pause["minutes"])
