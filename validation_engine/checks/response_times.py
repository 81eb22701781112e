"""Times that privacy documents allow: for answering a request, for telling the regulator of a breach."""

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
from validation_engine.fields.periods import Period, find_periods
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_REGULATOR = re.compile(
    r"\b(?:information commissioner|ico|supervisory authority|regulator)\b", re.IGNORECASE
)
_REGULATOR_CUE = Cue("commissioner|ico|authority|regulator")
_ANSWER = Quick(
    r"\b(?:repl(?:y|ies|ied)|respon(?:d|ds|se|ses)|answer(?:s|ed)?|deal(?:t)? with|act(?:s|ed)? on|"
    r"compl(?:y|ies) with|"
    r"get back|com(?:e|ing) back to|back to you|write back|be with you|"
    r"let you have|provide|send|supply|process|complete|hear from us|receive|wait|take[sn]?|"
    r"turn(?:ed)? round)\b",
    re.IGNORECASE,
)
_RIGHTS = Quick(
    r"\b(?:requests?|rights?|subject access|access to|copy of|copies of|ask (?:us )?to|object\w*|"
    r"eras\w+|correct\w*|restrict\w*|delet\w+)\b",
    re.IGNORECASE,
)
_OTHER_MATTER = Quick(
    r"\b(?:complain\w*|commissioner|ico|acknowledg\w*|order(?:s|ed)?|deliver\w*|refund\w*|breach\w*|"
    r"incident\w*|"
    r"ke(?:ep|pt)|retain\w*|retention|stor(?:e|ed|age)|invoice\w*|pay|paid|payments?|appeal|tribunal|"
    r"newsletter|"
    r"unsubscrib\w*|enquir\w*|quer(?:y|ies)|quot(?:e|ation)s?|"
    r"marketing|notice of|terminat\w*|sub-?processor\w*|previous|last|over the)\b",
    re.IGNORECASE,
)
_EXTENSION = Quick(
    r"\b(?:exten(?:d|ds|ded|sion)|further|additional|another|more|complex\w*|complicated|numerous|"
    r"longer)\b",
    re.IGNORECASE,
)
_MONTH_DAYS = 31


@check("rights_response_time")
def rights_response_time(context: Context) -> CheckResult:
    """Every time given for answering a request about one's data is a month or less, extensions apart."""
    timed = list(_answer_times(context.document))
    if not timed:
        return not_applicable("No time for answering a request is stated.")
    wrong = [period for periods, text in timed for period in _too_long(periods, text)]
    if not wrong:
        return passed()
    said = " ".join(context.document.folded[wrong[0].start : wrong[0].end].split())
    message = f"{said} is more than the one month allowed for answering a request."
    return failed(message, *(Finding(one.start, one.end) for one in wrong))


def _answer_times(document: Document) -> Iterator[tuple[list[Period], str]]:
    for sentence in document.sentences:
        text = document.folded[sentence.start : sentence.end]
        if not _ANSWER.search(text) or _OTHER_MATTER.search(text):
            continue
        periods = find_periods(document.folded, sentence.start, sentence.end)
        if periods and _is_about_rights(document, text, sentence.block):
            yield periods, text


def _is_about_rights(document: Document, text: str, index: int) -> bool:
    if _RIGHTS.search(text):
        return True
    block, before = document.blocks[index], document.blocks[max(index - 1, 0)]
    if _RIGHTS.search(document.folded, block.start, block.end):
        return True
    return bool(_RIGHTS.search(document.folded, before.start, before.end))


def _too_long(periods: list[Period], text: str) -> list[Period]:
    """Return the periods over a month; a longer one beside an allowed one may be an extension."""
    wrong = [one for one in periods if one.days > _MONTH_DAYS]
    if wrong and _EXTENSION.search(text) and (len(periods) == 1 or len(wrong) < len(periods)):
        return []
    return wrong


_TELLS = Quick(
    r"\b(?:hears?|report\w*|notif\w+|tell\w*|told|inform\w*|submit\w*|contact\w*)\b", re.IGNORECASE
)
_REPORTS = Quick(
    r"\b(?:report\w*|notif\w+|inform\w*|submit\w*|submission|(?:becom|becam|be|is|was)\w* aware|"
    r"deadline|limit|clock)\b",
    re.IGNORECASE,
)
_OTHER_TIME = re.compile(r"\b(?:review\w*|train\w*|ke(?:ep|pt)|retain\w*)\b", re.IGNORECASE)
_ALLOWED_DAYS = 3


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
    """Return whether the 72 hours stand in a sentence on reports that does not name the regulator."""
    document = context.document
    return any(
        one.days == _ALLOWED_DAYS and _REPORTS.search(document.sentence_text(document.sentence_at(one.start)))
        for one in context.fields.periods
    )


def _reporting_times(document: Document) -> Iterator[Period]:
    """Yield, for each sentence on telling the regulator, the time that stands nearest to the regulator."""
    for index in _REGULATOR_CUE.sentences(document):
        sentence, text = document.sentences[index], document.sentence_text(index)
        regulator = _REGULATOR.search(text)
        if regulator is None or not _TELLS.search(text):
            continue
        at = sentence.start + regulator.start()
        periods = find_periods(document.folded, sentence.start, sentence.end)
        near = [
            one
            for one in periods
            if not _OTHER_TIME.search(document.folded, max(one.start - 40, sentence.start), one.start)
        ]
        if near:
            yield min(near, key=lambda one: min(abs(one.start - at), abs(one.end - at)))
