"""Checks on the time limit for a claim to an employment tribunal."""

from __future__ import annotations

import re
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
from validation_engine.fields.periods import find_periods
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from validation_engine.documents.model import Document
    from validation_engine.fields.periods import Period

_TRIBUNAL = re.compile(
    r"\btribunals?\b|(?-i:\bET\b)|\b(?:claims?|complaints?|complain|case)(?: (?:of|for|about|to))? "
    r"(?:an? |your )?unfair(?:ly)? dismiss|"
    r"\bunfair[- ]dismissal (?:claim|complaint|case|proceedings)",
    re.IGNORECASE,
)
_TRIBUNAL_CUE = Cue("tribunal|\\bET\\b|unfair")
_CLAIM = re.compile(
    r"\b(?:claims?|do (?:so|this|it)|bring|lodge|tribunal|proceedings|complaint|complain|act|deadline|"
    r"time limit|"
    r"(?:it|this|that) (?:must|has to|needs to|should|is to))\b",
    re.IGNORECASE,
)
_OTHER_PERIOD = Quick(
    r"\b(?:service|employed|worked|employment for|conciliat\w*|acas|qualif\w+|appeal\w*|salary|pay|"
    r"retain\w*|keep|kept)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_AND_THEN = re.compile(
    r"\b(?:and|but|then) (?=(?:you|it|that|this|a claim|claims|the claim)\b)", re.IGNORECASE
)
_LONGER_BY_LAW = re.compile(r"\b(?:redundancy pay\w*|equal pay)\b[^;]*$", re.IGNORECASE)
_CLAIM_WITHIN = Quick(
    r"\b(?:tribunals?|claims?|brought|made|lodged|presented|submitted|started|raised|"
    r"filed)\b[^.;]{0,25}\bwithin $",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:\W*[|] ?)?[^.;:|]{0,60}\b(?:tribunals?|ET|unfair(?:ly)? dismiss\w+)\b[^.;:|]{0,40}[:|][^.;]{0,30}$",
    re.IGNORECASE,
)
# Said of a claim that was made, or of what follows one.
_OTHER_EVENT = Quick(
    r"\b(?:settled?|settles|heard|hears?|hearings?|decide[sd]?|list(?:ed|s)?|sits?|repl(?:y|ies)|respond|"
    r"compensation|awarded?|paid)\b[^.;]{0,25}$",
    re.IGNORECASE,
)
_NO_LIMIT = re.compile(
    r"\bno (?:time[- ]?limit|limit|deadline)\b|\b(?:at any time|whenever you (?:like|wish|choose))\b",
    re.IGNORECASE,
)
# For how long a claim can be made, or after how long it is lost.
_STAYS_OPEN = Quick(
    r"\b(?:claim\w*|tribunals?|proceedings|present|bring|lodge|go|complain\w*)\b[^.;]{0,40}\bfor(?: up to|"
    r" the next)? $|"
    r"\b(?:lose|lost|runs? out|expires?|ends?|barred|lapses?|too late|allows?|gives?|accepts?)\b[^.;]{0,50}$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?:\b(?:is|are|was) not|n't|\bnot have|\brather than|\binstead of)(?: an?| the| only)? $", re.IGNORECASE
)
_OTHER_AFTER = re.compile(
    r"^'?s?'? ?(?:of )?(?:continuous )?(?:service|employment|pay|salary|conciliation)\b", re.IGNORECASE
)


@check("tribunal_time_limit")
def tribunal_time_limit(context: Context) -> CheckResult:
    """A limit for a tribunal claim is three months, or six from the day of `six_months_from`."""
    none = _unlimited(context.document)
    if none is not None:
        return failed("A claim to a tribunal has a time limit; the document says there is none.", none)
    limits = list(_tribunal_limits(context.document))
    if not limits:
        return not_applicable("No time limit for a tribunal claim is stated.")
    wrong = [one for one in limits if not _is_right(one, context.as_of, context.params["six_months_from"])]
    if not wrong:
        return passed()
    quote = context.document.text[wrong[0].start : wrong[0].end]
    message = (
        f"The limit for a tribunal claim is not {quote} but three months less a "
        f"day, early conciliation first."
    )
    if str(context.as_of) >= str(context.params["six_months_from"]):
        message = f"The limit for a tribunal claim is not {quote}."
    return failed(message, *(Finding(one.start, one.end) for one in wrong))


def _tribunal_limits(document: Document) -> Iterator[Period]:
    for index in _about_claims(document):
        sentence = document.sentences[index]
        for period in find_periods(document.folded, sentence.start, sentence.end):
            lead = document.folded[sentence.start : period.start]
            rest = document.folded[period.end : sentence.end]
            if _is_tribunal_limit(lead, rest):
                yield period


def _about_claims(document: Document) -> Iterator[int]:
    """Yield the sentences on claims, and the one right after where it goes on about the claim."""
    for index in _TRIBUNAL_CUE.sentences(document):
        if not _TRIBUNAL.search(document.sentence_text(index)):
            continue
        yield index
        after = index + 1
        if after == len(document.sentences):
            continue
        text = document.sentence_text(after)
        same = document.sentences[after].block == document.sentences[index].block
        if same and _CLAIM.search(text) and not _TRIBUNAL.search(text):
            yield after


def _unlimited(document: Document) -> Finding | None:
    """Return where a claim is said to have no time limit."""
    for index in _about_claims(document):
        sentence = document.sentences[index]
        found = _NO_LIMIT.search(document.folded, sentence.start, sentence.end)
        if found and re.search(r"(?i)claim|bring|go to|complain|tribunal", document.sentence_text(index)):
            return Finding(found.start(), found.end())
    return None


def _is_tribunal_limit(lead: str, rest: str) -> bool:
    if _OTHER_AFTER.match(rest) or _DENIED.search(lead):
        return False
    if _LONGER_BY_LAW.search(lead) or _OTHER_EVENT.search(lead):
        return False
    if _CLAIM_WITHIN.search(lead) or _LABEL.match(lead):
        return True
    if _OTHER_PERIOD.search(_AND_THEN.split(lead)[-1]):
        return False
    return bool(
        _STAYS_OPEN.search(lead)
        or re.search(
            r"(?i)(?:\b|')(?:within|inside|have|has|ve got|get|gets|limit|deadline|up to|"
            r"(?:later|more) than|period|"
            r"before|after|usually|normally|is|in|the end of)\b[^.;]{0,30}$",
            lead,
        )
    )


def _is_right(period: Period, as_of: date, six_months_from: object) -> bool:
    if period.unit == "month" and period.number == 3:  # noqa: PLR2004 - the statutory months
        return True
    if period.unit == "day" and period.number == 1:
        return True  # of "three months less 1 day"
    return period.unit == "month" and period.number == 6 and str(as_of) >= str(six_months_from)  # noqa: PLR2004 - the same
