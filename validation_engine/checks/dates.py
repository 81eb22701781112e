"""The calendar: the weekday beside a date, working days between a letter and its hearing, months later."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

import holidays

from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Edit,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.fields.dates import WEEKDAYS, FoundDate
from validation_engine.scan.quick import Quick

_SATURDAY, _MONTHS = 5, 12


@check("weekday_matches_date")
def weekday_matches_date(context: Context) -> CheckResult:
    """Every weekday written beside a full date is that date's weekday."""
    named = [one for one in context.fields.dates if one.day_name is not None]
    if not named:
        return not_applicable("No date is given with its weekday.")
    wrong = [one for one in named if one.value.weekday() != one.day_name]
    if not wrong:
        return passed()
    first = wrong[0]
    message = (
        f"{first.value.day} {first.value:%B %Y} is a {WEEKDAYS[first.value.weekday()].capitalize()}, not a "
        f"{WEEKDAYS[first.day_name or 0].capitalize()}."
    )
    return failed(message, *(_weekday_finding(context, one) for one in wrong))


def _weekday_finding(context: Context, one: FoundDate) -> Finding:
    text = context.document.text[one.start : one.end]
    written = re.match(r"[A-Za-z]+", text)
    if written is None:
        return Finding(one.start, one.end)
    right = WEEKDAYS[one.value.weekday()].capitalize()
    return Finding(one.start, one.end, Edit(one.start, one.start + written.end(), right, "review"))


@check("hearing_notice")
def hearing_notice(context: Context) -> CheckResult:
    """At least `working_days` clear working days lie between letter and hearing (Scottish holidays)."""
    needed = int(context.params["working_days"])
    written, hearing = context.fields.date, context.fields.meeting.date
    if hearing is None and (soon := _meeting_at_once(context)) is not None:
        return failed("The hearing is held within a day: no clear working day before it.", soon)
    if written is None or hearing is None:
        return not_applicable("The letter's date or the hearing's date is not given.")
    clear = clear_working_days(written.value, hearing.value)
    if clear >= needed:
        return passed()
    days = "no clear working day" if clear <= 0 else f"{clear} clear working day{'s' if clear > 1 else ''}"
    message = (
        f"The letter is dated {written.value.isoformat()}, the hearing is on {hearing.value.isoformat()}:"
        f" {days} between them, fewer than {needed} (our threshold; the Code says reasonable time)."
    )
    return failed(message, Finding(hearing.start, hearing.end))


_AT_ONCE = Quick(
    r"\b(?:hearing|disciplinary meeting|panel)\b[^.;]{0,60}"
    r"\b(?P<when>tomorrow|today|tonight|this (?:morning|afternoon|evening))\b",
    re.IGNORECASE,
)

# Told by the letter's own day, or as the notice it gives.
_NEXT_DAY = Quick(
    r"(?<!of the )(?<!after the )(?<!of your )\b(?:hearing|disciplinary meeting)\b(?: (?!adjourn|continu|"
    r"postpon|resum)[\w']+){0,5}? (?:takes? place|is|will be|be held|follows|starts|begins|at|for|within)"
    r"(?:,? (?!sent|told|given|confirm|adjourn|continu|resum|post)[\w.:]+){0,6}?,? "
    r"(?P<when>the (?:very )?(?:next|following) (?:working )?(?:day|morning|afternoon)|the day after|"
    r"(?:24|twenty-four|12|twelve) hours)\b(?! (?:your|the|that|we|of|if))|"
    r"\b(?P<notice>(?:(?:one|1|a|a single) (?:working )?day|"
    r"(?:1?\d|2[0-4]|an|one|two|three|four|six|twelve|twenty-four) hours?)(?:'s?)? notice) "
    r"(?:of|for) (?:the|your|this|a) (?:\w+ )?(?:hearing|meeting)\b",
    re.IGNORECASE,
)
_NOT_SO = Quick(r"(?:\bless|\bfewer|\bnot|\bnever|\bat least|\bno|n't)\b[^.;]{0,40}$", re.IGNORECASE)


def _meeting_at_once(context: Context) -> Finding | None:
    """Return where a hearing is set for the day of the letter or the next."""
    folded = context.document.folded
    for pattern in (_AT_ONCE, _NEXT_DAY):
        for found in pattern.finditer(folded):
            name = found.lastgroup or "when"
            if not _NOT_SO.search(folded, max(found.start() - 60, 0), found.start()):
                return Finding(found.start(name), found.end(name))
    return None


def clear_working_days(first: date, last: date) -> int:
    """Return the working days strictly between two days, in Scotland; negative where the order is wrong."""
    if last < first:
        return -1
    days = (first + timedelta(days=step) for step in range(1, (last - first).days))
    return sum(1 for day in days if day.weekday() < _SATURDAY and day not in _scottish_holidays(day.year))


def months_after(day: date, months: int) -> date:
    """Return the corresponding day so many months on, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


@lru_cache(maxsize=64)
def _scottish_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="SCT", years=year))
