"""Dates for Self Assessment that tax guidance states."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.registry import CheckResult, Context, Finding, check
from validation_engine.checks.tax_guidance.due_days import is_denied, is_for_us
from validation_engine.checks.tax_guidance.time_limits import judged
from validation_engine.fields.dates import A_DATE, FoundDate, find_dates
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.checks.tax_guidance.advice import Advice

_SELF_ASSESSMENT = Quick(
    r"\b(?:self[- ]assessment|returns? for 20\d\d|file on the web|"
    r"fil(?:e|ed|ing) (?:\w+ ){0,3}online|personal (?:tax )?returns?|tax returns?|"
    r"online returns?|paper returns?|"
    r"balancing payment|payments? on account)\b",
    re.IGNORECASE,
)
_OTHER_TAX = Quick(
    r"\b(?:vat|quarters?|corporation tax|company (?:tax )?returns?|companies house|p11d|p60|p45|paye|"
    r"payroll|cis|quarterly|making tax digital|"
    r"mtd|budget|capital gains?|the gain|60 days|"
    r"property disposal|confirmation statement|(?<!without a )(?<!without )(?<!no )(?:penalt\w*|fines?)|"
    r"late|surcharge|interest|inheritance|"
    r"tax credits?|register\w*|"
    r"published|updated|dated|office|(?<!year )(?<!that )closed|appointment|records? by|"
    r"send us|tell us|let us|to us|"
    r"your papers)\b",
    re.IGNORECASE,
)
# Words that speak of Self Assessment only where nothing names another tax, here or in what leads here.
_RETURN_ALONE = Quick(
    r"\b(?:(?:your|a|the|their|\d\d) (?:paper |online )?returns?(?! (?:of|to|from|journey|visit)\b)|"
    r"(?:online|paper) deadline|sole traders?|self[- ]employed)\b",
    re.IGNORECASE,
)
_DO_IT = re.compile(r"\b(?:do|file|send|submit) it (?:online|on paper)\b", re.IGNORECASE)
# "HMRC must have them by ...", said of returns just before.
_TO_HMRC = re.compile(
    r"\b(?:hmrc (?:has|have|gets?|receives?|must have|needs?|wants?)|"
    r"(?:reach(?:es)?|with|to) hmrc|the balance|no penalt\w+)\b",
    re.IGNORECASE,
)
_NAMES_OTHER = Quick(r"\b(?:vat|corporation|compan(?:y|ies)|paye|payroll|cis|trust|estate)\b", re.IGNORECASE)
_FILING = Quick(
    r"\b(?:fil(?:e|ed|ing)|submit\w*|send|sent|returns?|pay(?:s|ment|ments|able)?|paid|due|deadlines?|"
    r"balance|owe|by|before|until|till|last day|latest|no later|reach\w*|post|go(?:es)? in)\b",
    re.IGNORECASE,
)
_ALLOWED = {(31, 1), (31, 10), (31, 7), (5, 10), (30, 12), (5, 4), (6, 4)}
_END_OF_MONTH = re.compile(
    r"\b(?:by|until|till|before|to|on|is|at) (?:the )?(?:very )?(?:last day|end) of (january|february|"
    r"march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_YEAR_ENDS = ((5, 4), (6, 4))
_BY = re.compile(
    r"\b(?:by|until|till|no later than|due(?: on)?|deadline(?: is)?|"
    r"(?:has|have|fil(?:e|ed)|sen[dt]|submit\w*|returns?|pay|reach\w*|in)\b[^.;,]{0,24} before)(?: the)? $",
    re.IGNORECASE,
)
# "30 November: paper return due", in a diary.
_DUE_THEN = re.compile(
    r"^: (?!.*\b(?:us|our|ours)\b)"
    r".*\b(?:due|deadline|last (?:day|date|chance)|latest|must|filing|file|pay)\b",
    re.IGNORECASE,
)
_DUE_COLUMN = re.compile(
    r"\b(?:deadline|due|by when|last day|no later than|send by|file by|pay by)\b", re.IGNORECASE
)
_PAPER, _ONLINE = (
    re.compile(r"\b(?:on )?paper\b", re.IGNORECASE),
    re.compile(r"\b(?:online|on the web|electronic\w*|balance|balancing)\b", re.IGNORECASE),
)
_SPLIT = re.compile(r"[;,.(]| and | but | while | whereas ")
_DENIED_BEFORE = re.compile(r"\b(?:not|never|no|nor|rather than|instead of)\b[^,.;]{0,24}$", re.IGNORECASE)
_DENIED_AFTER = re.compile(
    r"[^,.;]{0,40}\b(?:nowhere|is not|isn't|is wrong|is too late|was never|is no|does not|never)\b",
    re.IGNORECASE,
)
_OCTOBER, _JANUARY = (31, 10), (31, 1)

_RETURN = Cue("assessment|return|the web|online|paper|balancing|on account|sole trader|self-employed")
_TOLD = (A_DATE, Cue("(?:last day|end) of"))


@check("self_assessment_dates")
def self_assessment_dates(context: Context) -> CheckResult:
    """Dates for Self Assessment are those of the statute, and belong to their way of filing."""
    return judged(context, _RETURN, _TOLD, _self_assessment, "No date for Self Assessment is stated.")


def _self_assessment(context: Context, one: Advice) -> Iterator[tuple[Finding, bool]]:
    if not _is_self_assessment(one) or _OTHER_TAX.search(one.text) or not _FILING.search(one.text):
        return
    for end in _END_OF_MONTH.finditer(one.text):
        if not is_denied(one, one.start + end.start()) and not is_for_us(one, one.start + end.start()):
            is_right = end[1].lower() in ("january", "october", "july")
            yield Finding(one.start + end.start(), one.start + end.end()), is_right
    own = context.fields.date
    for found in find_dates(context.document.folded, one.start, one.end, year=2026):
        is_its_own = (own is not None and found.start == own.start) or _is_notes_day(one, found)
        if not (is_its_own or _is_day_denied(one, found) or is_for_us(one, found.start)):
            yield Finding(found.start, found.end), _is_allowed(context, one, found)


def _is_notes_day(one: Advice, found: FoundDate) -> bool:
    """Whether a sentence only begins with the day on which it was written: "Note of 2 June 2026: ..."."""
    before, after = one.text[: found.start - one.start], one.text[found.end - one.start :]
    if not after.startswith(": ") or _BY.search(before) or _FILING.search(before):
        return False
    return found.year_given or not _DUE_THEN.search(after)


def _is_self_assessment(one: Advice) -> bool:
    """Whether the sentence is about Self Assessment: named, or a return where no other tax is named."""
    if _SELF_ASSESSMENT.search(one.subject):
        return True
    is_return = _RETURN_ALONE.search(one.text) or (
        (_DO_IT.search(one.text) or _TO_HMRC.search(one.text)) and _RETURN_ALONE.search(one.subject)
    )
    return bool(is_return) and not _NAMES_OTHER.search(one.subject)


def _is_day_denied(one: Advice, found: FoundDate) -> bool:
    """Whether the sentence denies the day itself: "not 28 February", "28 February appears nowhere".

    `is_denied` asks whether the clause before it denies what leads there: "you need not send a paper return
    to us by 31 October", which denies a duty and leaves the day to be judged. This one looks less far back
    for the day's own denial, and after it too.
    """
    before, after = one.text[: found.start - one.start], one.text[found.end - one.start :]
    return bool(_DENIED_BEFORE.search(before) or _DENIED_AFTER.match(after))


def _is_allowed(context: Context, one: Advice, found: FoundDate) -> bool:
    day = (found.value.day, found.value.month)
    text = context.document.folded
    is_due = _BY.search(text, one.start, found.start) or _DUE_COLUMN.search(one.columns)
    if day not in _ALLOWED or (day in _YEAR_ENDS and is_due):
        return False
    begin = max((cut.end() for cut in _SPLIT.finditer(text, one.start, found.start)), default=one.start)
    end = next((cut.start() for cut in _SPLIT.finditer(text, found.end, one.end)), one.end)
    clause = text[begin:end]
    on_paper, online = _PAPER.search(clause), _ONLINE.search(clause)
    if on_paper and not online:
        return day != _JANUARY
    return not (online and not on_paper and day == _OCTOBER)
