"""The time in which a breach is reported to the regulator."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.fields.periods import Period, find_periods
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_REGULATOR = re.compile(
    r"\b(?:(?:information )?commissioner|ico|supervisory authority|"
    r"(?<!charity )(?<!charities )(?<!care )(?<!housing )(?<!financial )(?<!pensions )regulator"
    r"(?! (?:of|for) (?!data|information)))\b",
    re.IGNORECASE,
)
_REGULATOR_CUE = Cue("commissioner|ico|authority|regulator")
_TELLS = Quick(
    r"\b(?:hears?|report\w*|notif\w+|tell\w*|told|inform\w*|submi\w+|contact\w*|files?|form|sent|"
    r"writes? to|kn[eo]ws?|known|finds? out|learns?)\b",
    re.IGNORECASE,
)
_REPORTS = Quick(
    r"\b(?:report\w*|notif\w+|inform\w*|submit\w*|submission|(?:becom|becam|be|is|was)\w* aware|"
    r"deadline|limit|clock|form|we (?:know|knew|found out|find out))\b",
    re.IGNORECASE,
)
# A row or line of a table of deadlines begins with whom it is for.
_LINE = re.compile(
    r"^\W*(?:(?:step )?\d{1,2}\W{1,3})?(?:the )?(?:uk )?(?:information commissioner(?:'s office)?|"
    r"commissioner|ico|supervisory|regulator)\b[^|:(]{0,40}[|:(]",
    re.IGNORECASE,
)
_OTHER_TIME = re.compile(
    r"\b(?:in (?:19|20)\d\d|"
    r"review\w*|train\w*|ke(?:ep|pt)|retain\w*|which (?:takes?|lasts?)(?: up to)?|rest of|"
    r"further (?:facts|details|information)|(?:answer|repl)\w*)\b",
    re.IGNORECASE,
)
# "within ten days of the Commissioner being told": the report is what the time is counted from.
_FROM_REPORT = re.compile(
    r"^\s*(?:of|after|from|before|once|following)\s+(?:(?:tell|notify|inform|report)\w* (?:to )?|"
    r"(?:an? |the )?(?:answer|reply|report|notice) (?:from|to|of) )?(?:the )?"
    r"(?:information commissioner|commissioner|ico|regulator|supervisory authority)\b",
    re.IGNORECASE,
)
# "Reported eleven days late": how late, or how long ago, is no time allowed.
_NOT_ALLOWED = re.compile(
    r"^ (?:too )?(?:late|overdue|ago|earlier|before|older?|after (?:that|this))\b", re.IGNORECASE
)
# The regulator told sooner than it must be.
_AT_ONCE = re.compile(
    r"\b(?:(?:on )?the (?:same|very|next|following) (?:working )?day|(?:on )?the day (?:itself|after)|"
    r"that day|(?:same|next) day|within the day|today|tonight|overnight|by (?:nightfall|midnight|evening))\b",
    re.IGNORECASE,
)
_BY_DAY = re.compile(
    r"\b(?:by|on|before) the (?:end of the )?(?P<day>second|third|fourth|fifth|sixth|seventh|tenth|"
    r"fourteenth) (?:working )?day\b",
    re.IGNORECASE,
)
_NTH = {
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "tenth": 10,
    "fourteenth": 14,
}
# A timetable by the hour: "By hour 72.", "T+72h".
_BY_HOUR = re.compile(
    r"\b(?:hour (?P<named>\d{1,3})|[th] ?\+ ?(?P<counted>\d{1,3})(?: ?(?:h|hrs|hours))?)\b", re.IGNORECASE
)
_ALLOWED_DAYS = 3
_LOOK_BACK = 40
# What may stand before the time that a sentence begins with.
_BEGINS = re.compile(
    r"^\W*(?:(?:step )?\d{1,2}[.)]? ?)?"
    r"(?:(?:that|this|it) (?:is|means|must be)(?: done)? |"
    r"(?:we|you|she|he|they)(?:'ve|'s| have| has)(?: got| only)? |(?:it|this|that) (?:is|has) to be done |"
    r"the (?:limit|deadline) is )?"
    r"(?:within|inside|in|at (?:the )?most|(?:no|not) later than|by|up to|before)?(?: the)?(?: first)?\W*$",
    re.IGNORECASE,
)
_SHORT_LEAD = 60


@check("regulator_told_in_time")
def regulator_told_in_time(context: Context) -> CheckResult:
    """A breach is to be reported to the regulator within 72 hours; a procedure must say so."""
    times = list(_reporting_times(context.document))
    wrong = [one for one in times if one.days > _ALLOWED_DAYS]
    if wrong:
        said = " ".join(context.document.folded[wrong[0].start : wrong[0].end].split())
        return failed(f"{said} is longer than 72 hours.", *(Finding(one.start, one.end) for one in wrong))
    if times or _is_stated_elsewhere(context):
        return passed()
    if context.document_type != "breach_procedure":
        return not_applicable("No time for telling the regulator is stated.")
    return failed(
        "The procedure tells of reports to the regulator, but not that they are due within 72 hours."
    )


def _is_stated_elsewhere(context: Context) -> bool:
    """Return whether the 72 hours stand apart from the regulator, or it is told on the day."""
    document = context.document
    return any(
        _AT_ONCE.search(text) and _TELLS.search(text)
        for text in map(document.sentence_text, _REGULATOR_CUE.sentences(document))
        if _REGULATOR.search(text)
    ) or any(
        one.days == _ALLOWED_DAYS and _is_of_report(document, document.sentence_at(one.start))
        for one in context.fields.periods
    )


def _is_of_report(document: Document, index: int) -> bool:
    """Whether a sentence is on reports, or answers the question who tells the regulator."""
    before = document.sentence_text(index - 1) if index else ""
    asked = before.endswith("?") and _REGULATOR.search(before) is not None
    return asked or _REPORTS.search(document.sentence_text(index)) is not None


def _reporting_times(document: Document) -> Iterator[Period]:
    """Yield, for each sentence on telling the regulator, the time that stands nearest to the regulator."""
    for index in _REGULATOR_CUE.sentences(document):
        text = document.sentence_text(index)
        regulator = _REGULATOR.search(text)
        if regulator is None or not (_TELLS.search(text) or _LINE.match(text)):
            continue
        at = document.sentences[index].start + regulator.start()
        near = list(_times(document, index)) or list(_beside(document, index)) or _heading(document, index)
        if near:
            yield min(near, key=lambda one: min(abs(one.start - at), abs(one.end - at)))


def _times(document: Document, index: int) -> Iterator[Period]:
    """Yield the times in a sentence that may be that of the report."""
    folded, sentence = document.folded, document.sentences[index]
    for one in (*find_periods(folded, sentence.start, sentence.end), *_days_counted(document, index)):
        before = folded[max(one.start - _LOOK_BACK, sentence.start) : one.start]
        after = folded[one.end : sentence.end]
        if not (_OTHER_TIME.search(before) or _FROM_REPORT.match(after) or _NOT_ALLOWED.match(after)):
            yield one


def _beside(document: Document, index: int) -> Iterator[Period]:
    """Yield the time that a sentence beside it begins with: "Three days at the outside"."""
    block = document.sentences[index].block
    for at in (index + 1, index - 1):
        if 0 <= at < len(document.sentences) and document.sentences[at].block == block:
            one = document.sentences[at]
            if at < index and one.end - one.start > _SHORT_LEAD:
                continue
            for time in _times(document, at):
                if _BEGINS.match(document.folded[one.start : time.start]):
                    yield time


def _heading(document: Document, index: int) -> list[Period]:
    """Return the time that the heading of its section gives, where it is short enough."""
    heading = document.sections[document.sentences[index].block]
    if heading < 0:
        return []
    at = document.sentence_at(document.blocks[heading].start)
    return [one for one in _times(document, at) if one.days <= _ALLOWED_DAYS]


def _days_counted(document: Document, index: int) -> Iterator[Period]:
    """Yield what "by the third day" and "by hour 72" allow."""
    sentence = document.sentences[index]
    for found in _BY_DAY.finditer(document.folded, sentence.start, sentence.end):
        yield Period(Decimal(_NTH[found["day"].lower()]), "day", found.start(), found.end())
    for found in _BY_HOUR.finditer(document.folded, sentence.start, sentence.end):
        yield Period(Decimal(found["named"] or found["counted"]), "hour", found.start(), found.end())
