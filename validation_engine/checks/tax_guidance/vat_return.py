"""When a VAT return and its payment are due, as tax guidance states it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.registry import CheckResult, Context, Finding, check
from validation_engine.checks.tax_guidance.due_days import is_denied, is_for_us, vat_days
from validation_engine.checks.tax_guidance.time_limits import LENGTH, judged
from validation_engine.fields.dates import A_DATE
from validation_engine.fields.periods import A_PERIOD, find_periods
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.checks.tax_guidance.advice import Advice

_VAT_RETURN = re.compile(
    r"\bvat returns?\b|\bvat (?:payment|bill|figures)\b|"
    r"\bvat\b[^\n]{0,400}\b(?:returns?|pay|paid|due|filed|when:|deadlines?:?)(?!\w)",
    re.IGNORECASE,
)
_OURS = Quick(
    r"\b(?:direct debit|collect\w*|send us|let us|to us|we need|we file|our office|draft|figures to me|"
    r"bookkeep\w*(?! (?:guide|tips?|notes?|for|basics|calendar))|post)\b",
    re.IGNORECASE,
)
_NOT_RETURN = Quick(
    r"\b(?:annual accounting|regist\w*|keep|records?|correct\w*|adjust\w*|errors?|penalt\w*|late|"
    r"refund\w*|reclaim\w*|"
    r"payments on account|bad debt|corporation|option to tax|partial exemption)\b",
    re.IGNORECASE,
)
_AFTER_PERIOD = re.compile(
    r"^[^.;]{0,24}\b(?:after|from|of|following|past)\b[^.;]{0,40}\b(?:end|ends|period|quarter|month|year|"
    r"it)\b",
    re.IGNORECASE,
)
_REST_OF_SEVEN_DAYS = re.compile(r"^,? (?:and|plus|\+|&) (?:7|seven|a week|one week)\b", re.IGNORECASE)
_VAT = Cue("vat")
_TOLD = (A_DATE, A_PERIOD, Cue("of the|(?:each|every) year"))


@check("vat_return_time")
def vat_return_time(context: Context) -> CheckResult:
    """The VAT return and payment are due one month and seven days after the period."""
    return judged(context, _VAT, _TOLD, _vat_return, "No time limit of the VAT return is stated.")


def _vat_return(context: Context, one: Advice) -> Iterator[tuple[Finding, bool]]:
    if (
        not _VAT_RETURN.search(one.subject)
        or _NOT_RETURN.search(one.text)
        or "annual accounting" in one.subject.lower()
    ):
        return
    folded = context.document.folded
    if not _OURS.search(one.text):
        yield from vat_days(folded, one)
    periods = [
        period
        for period in find_periods(folded, one.start, one.end)
        if period.unit in ("day", "week", "month", "working_day")
    ]
    for period in periods:
        after = folded[period.end : one.end]
        if LENGTH.search(folded[one.start : period.start][-16:]) or not _AFTER_PERIOD.match(after):
            continue
        if is_denied(one, period.start) or is_for_us(one, period.start):
            continue
        joined = re.search(r"(?:\band|\bplus|\+|&) $", folded[one.start : period.start])
        is_week = (period.unit, int(period.number)) in (("day", 7), ("week", 1))
        right = is_week and bool(joined)  # one month and seven days
        yield (
            Finding(period.start, period.end),
            right
            or (period.unit == "month" and period.number == 1 and bool(_REST_OF_SEVEN_DAYS.match(after))),
        )
