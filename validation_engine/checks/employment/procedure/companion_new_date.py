"""The check that another day may be had for the companion, with no shorter limit than the statute's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.registry import CheckResult, Context, Finding, check, failed, passed
from validation_engine.fields.periods import find_periods
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Document
    from validation_engine.fields.periods import Period

_COMPANION = Quick(
    r"\b(?:companion|accompan\w+|colleague|representative|rep|union|person you|whoever you)\b", re.IGNORECASE
)
_NEW_DATE = Quick(
    r"\b(?:suggest|propose|offer|another|alternative|rearrang\w*|re-arrang\w*|"
    r"reschedul\w*|postpon\w*|new (?:date|time)|"
    r"different|other (?:date|time)|put (?:off|back)|moved?)\b",
    re.IGNORECASE,
)
_LIMIT = Quick(
    r"\b(?:within|in|no (?:later|more) than|up to|at most|next|maximum of|limit of|you (?:will )?have|"
    r"only)(?: \w+){0,3} $",
    re.IGNORECASE,
)
# Says by when to ask for another date, not when that date may be.
_REQUEST = Quick(
    r"\b(?:requests?|made|tell|inform|notify|let (?:me|us)|confirm|reply|receipt|"
    r"receiving|of this letter|notice)\b",
    re.IGNORECASE,
)
_BYGONE = re.compile(r"\b(?:used to|no longer|previously|formerly|in the past)\b", re.IGNORECASE)
_AT_MOST = re.compile(
    r" (?:at (?:the )?(?:most|outside)|maximum|or less|and no (?:more|longer))\b", re.IGNORECASE
)
_LEAST = {"hour": 24, "day": 1, "working_day": 1}


@check("companion_new_date")
def companion_new_date(context: Context) -> CheckResult:
    """No shorter limit than `days` days is set for another date that suits the companion."""
    document, least = context.document, int(context.params["days"])
    short = [
        period
        for index in range(len(document.sentences))
        for period in _new_date_periods(document, index)
        if _is_limit(document, period)
        and not _REQUEST.search(document.folded[max(period.start - 60, 0) : period.end + 30])
        and _is_shorter(period, least)
    ]
    if not short:
        return passed()
    message = (
        f"Another date must be within {document.text[short[0].start : short[0].end]}; "
        f"the statute allows {least} working days."
    )
    return failed(message, *(Finding(one.start, one.end) for one in short))


def _is_limit(document: Document, period: Period) -> bool:
    before = document.folded[max(period.start - 30, 0) : period.start]
    return bool(_LIMIT.search(before) or _AT_MOST.match(document.folded, period.end))


def _new_date_periods(document: Document, index: int) -> list[Period]:
    sentence, text = document.sentences[index], document.sentence_text(index)
    before = (
        document.sentence_text(index - 1)
        if index and document.sentences[index - 1].block == sentence.block
        else ""
    )
    if not _NEW_DATE.search(text) or _BYGONE.search(text) or not _COMPANION.search(before + " " + text):
        return []
    return find_periods(document.folded, sentence.start, sentence.end)


def _is_shorter(period: Period, least: int) -> bool:
    return period.unit in _LEAST and period.number < least * _LEAST[period.unit]
