"""How long somebody has served: as a letter states it, or from the day it began."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from datetime import date

    from validation_engine.checks.registry import Context
    from validation_engine.documents.model import Document

_SERVICE = re.compile(
    r"^'?s?'? (?:of )?(?:complete |completed |continuous |full |unbroken |loyal "
    r"|long )*(?:service|employment|with (?:us|the)|here|in (?:post|the job))\b",
    re.IGNORECASE,
)
_SERVED = Quick(
    r"\b(?:employed|worked|been (?:here|with (?:us|the \w+))|in post|(?:service|employment) of|served|"
    r"with us|with the (?:company|firm))(?: \w+){0,4} (?:for|of)? ?(?:over |"
    r"more than |almost |nearly |some )?$|"
    r"\bservice ?(?:[:|,]|is|was|comes to|amounts to|stands at) *(?:over |more than |almost |nearly )?$",
    re.IGNORECASE,
)
_BEGAN = Quick(
    r"\b(?:start(?:ed)?|joined|came to (?:us|work)|taken on|appointed|commenc\w+|beg[au]n|since|"
    r"employed (?:from|since)|"
    r"continuous (?:employment|service) (?:from|date)|engaged)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_SINCE_YEAR = re.compile(
    r"\b(?:(?:been (?:here|with (?:us|the \w+)|employed|in post|part of)|worked (?:here|for us)|employed)"
    r"[^.;]{0,30} since|"
    r"(?:joined|started|began|came to)\b[^.;]{0,30} in) (?:[a-z]+ )?(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_YEARS_LABEL = re.compile(
    r"\byears(?:'| of)? (?:complete |continuous )?(?:service|employment)\b(?: completed)?\W{1,4}(\d{1,2})\b",
    re.IGNORECASE,
)
_IS_SERVICE = re.compile(
    r"\b(?:employ\w+|join\w+|work\w*|with us|to us|service|as an?|you have been|"
    r"you(?: have|'ve) \w+ for (?:us|the \w+)|"
    r"been (?:in|at|on|behind|part of) (?:the|our|this)(?: \w+){1,3} (?:since|from))\b|"
    r"^\W*(?:your )?(?:start(?:ing)? date|date (?:started|of (?:start|joining|commencement))|started|"
    r"start of (?:employment|service))\b",
    re.IGNORECASE,
)


def years_of_service(context: Context) -> int | None:
    """Return the complete years of service that the letter states, or that its dates give."""
    folded = context.document.folded
    for period in context.fields.periods:
        if period.unit == "year" and (
            _SERVICE.match(folded[period.end : period.end + 60])
            or _SERVED.search(folded[max(period.start - 70, 0) : period.start])
        ):
            return int(period.number)
    labelled = _YEARS_LABEL.search(folded)
    return int(labelled[1]) if labelled else _years_by_dates(context)


def _years_by_dates(context: Context) -> int | None:
    until = context.fields.date.value if context.fields.date else context.as_of
    for one in context.fields.dates:
        index = context.document.sentence_at(one.start)
        text = context.document.folded[context.document.sentences[index].start : one.start]
        if (
            one.value < until
            and _BEGAN.search(text)
            and _IS_SERVICE.search(context.document.sentence_text(index))
        ):
            return _years_between(one.value, until)
    return _years_since(context.document, until)


def _years_since(document: Document, until: date) -> int | None:
    """Return the least complete years where only the year of the beginning is told."""
    found = _SINCE_YEAR.search(document.folded)
    return max(until.year - int(found["year"]) - 1, 0) if found else None


def _years_between(first: date, last: date) -> int:
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))
