"""The time that privacy documents allow for answering a request about one's data."""

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
from validation_engine.fields.periods import A_PERIOD, Period, find_periods
from validation_engine.scan.hits import Span
from validation_engine.scan.quick import Quick
from validation_engine.scan.scopes import in_any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document
    from validation_engine.scan.scopes import Scope

# What is taken or allowed is a time only where the time stands right after it: "take a flat" is none.
_JUST_BEFORE_TIME = (
    r"(?: (?:us|him|her|them|you|me|about|around|roughly|usually|normally|typically|at|most|least|up|to|as|"
    r"long|between|no|more|than|over|a|the|full|maximum|of|another|further|some|anything|from)){0,5} "
    r"(?:\d|an? (?:month|week|fortnight|quarter|year|day)|one|two|three|four|five|six|"
    r"seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty\b)"
)
_ANSWER = Quick(
    r"\b(?:repl(?:y|ies|ied)|respon(?:d|ds|se|ses)|answer(?:s|ed)?|deal(?:t)? with|act(?:s|ed)? on|"
    r"compl(?:y|ies) with|"
    r"get back|com(?:e|ing) back to|back to you|write back|be with you|"
    r"handle[sd]?|fulfil(?:s|led)?|action(?:ed|s)?|grant(?:ed|s)?|honou?r(?:ed|s)?|satisf(?:y|ies|ied)|"
    r"complete(?:d (?:with)?in)?|let you have|provide|send|suppl(?:y|ies|ied)|process|hear from us|"
    rf"receive|wait|(?:take[sn]?|allow)(?={_JUST_BEFORE_TIME})|"
    r"turn(?:s|ed)? (?:(?:it|them|these|those|this|that|each|every one) )?(?:a?round))\b",
    re.IGNORECASE,
)
_RIGHTS = Quick(
    r"\b(?:requests?|rights?(?! to (?:work|rent))|subject access|access to|"
    r"(?:ask\w*|apply|applied) for access|copy of|copies of|"
    r"see (?:what|everything|the \w+) (?:we|it|they) (?:hold|have|keep)|ask (?:us )?to|"
    r"ask\w* (?:us |him |her |them )?(?:for|to see) (?:a |the |your |their |sight of )"
    r"(?:your )?(?:file|data|records?|details|information|papers)|"
    r"sight of (?:your|their|the)|object\w*|eras\w+|correct\w*|restrict\w*|delet\w+)\b",
    re.IGNORECASE,
)
_OTHER_MATTER = Quick(
    r"\b(?:complain\w*|commissioner|ico|order(?:s|ed)?|deliver\w*|refund\w*|breach\w*|"
    r"incident\w*|"
    r"ke(?:ep|pt)|retain\w*|retention|stor(?:e|ed|age)|invoice\w*|pay|paid|payments?|appeal|tribunal|"
    r"newsletter|"
    r"unsubscrib\w*|enquir\w*|quer(?:y|ies)|quot(?:e|ation)s?|"
    r"marketing|notice of|terminat\w*|sub-?processor\w*|previous|last|over the)\b",
    re.IGNORECASE,
)
# What else can take the time that stands after it: not the answer, but what becomes of data, or an old rule.
_NOT_ANSWER = Quick(
    r"\b(?:back-?ups?|overwrit\w+|wiped?|cach\w+|google\w*|search (?:engines?|results)|disappear\w*|"
    r"acknowledg\w*|(?:old|former|earlier) (?:policy|rule|law|notice|limit|act)|used to|formerly|no longer|"
    r"shred\w*|destroy\w*|purg\w+|anonymis\w+|expir\w+|up to date)\b",
    re.IGNORECASE,
)
_ACTS = Quick(f"(?:{_ANSWER.pattern})|(?P<other>{_NOT_ANSWER.pattern})", re.IGNORECASE)
_EXTENSION = Quick(
    r"\b(?:exten(?:d|ds|ded|sion)|further|additional|another|more|complex\w*|complicated|numerous|"
    r"longer)\b",
    re.IGNORECASE,
)
_ONE_RIGHT = (
    r"(?:right (?:of|to) )?(?:(?:subject )?access|(?:get )?a? ?copy(?: of your data)?|rectification|"
    r"correction|erasure|deletion|restriction|objection|portability)(?: requests?)?"
)
# A line of its own, or of a table, that gives a right and a time and nothing of keeping.
_LINE = Quick(rf"^\W*{_ONE_RIGHT}(?:(?:,| and| or) {_ONE_RIGHT})*\s*[:|-]", re.IGNORECASE)
# A time that is no deadline: how often, how far back, how long somebody else has.
_NO_DEADLINE = re.compile(
    r"\b(?:every|each|last|past|previous|(?:go(?:es)?|reach(?:es)?|look(?:s|ing)?) back|back (?:only|just)|"
    r"you(?:'ve| have)(?: got| up to)?)(?: to| for| the)*\s*$",
    re.IGNORECASE,
)
# "Allow six weeks for the original to come back": the time is for what stands after it.
_FOR_OTHER = re.compile(
    r"\s*for (?!(?:us|an?|the|our|your|any|each|every|this|that)? ?"
    r"(?:us|him|her|them|(?:full )?(?:repl|answer|respon|request|cop(?:y|ies)|reply)))",
    re.IGNORECASE,
)
# What takes the time is not the answer: "the switch itself takes 60 days".
_OTHER_TAKES = re.compile(
    r"\b(?:switch|transfer|printing|post|delivery|move|bank|refund)(?:ing)?(?: \w+){0,2} $", re.IGNORECASE
)
_KEEPING = Quick(
    r"\b(?:ke(?:ep|pt)|retain\w*|retention|stor(?:e|ed|age)|hold|held|how long we)\b", re.IGNORECASE
)
_HOW_LONG = re.compile(
    r"\b(?:how (?:long|soon|quickly|fast)|by when|when (?:will|do|can|should))\b", re.IGNORECASE
)
_TIME_FIRST = re.compile(
    r"^\W*(?:(?:it takes|usually|normally|up to|about|around|within|inside|in|at most|no more than|"
    r"allow) ){0,3}"
    r"(?:\d|an? (?:month|week)|[a-z]+ (?:calendar |working )?(?:days|weeks|months)\b)",
    re.IGNORECASE,
)
_YOUR_RIGHTS = re.compile(r"\b(?:your|data|the|our) (?:\w+ )?rights\b|\baccess requests?\b", re.IGNORECASE)
_NOT_OURS: tuple[Scope, ...] = ("quotation", "attribution", "example")
_LONG_LINE = 120
_REACH = 40
_MOST_ROWS = 20
_MONTH_DAYS = 31
# "Eleven years of records" is an amount; "one month of receiving it" is a time.
_OF_WHAT = re.compile(
    r"\s+(?:worth )?of (?:\w+ )?(?:records|e-?mails|letters|data|files?|notes|history|statements|papers|"
    r"footage|correspondence|calls|bills)\b",
    re.IGNORECASE,
)


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
    for index in A_PERIOD.sentences(document):
        sentence, text = document.sentences[index], document.sentence_text(index)
        if _is_line(document, index, text) or _is_asked_for(document, index, text):
            periods = find_periods(document.folded, sentence.start, sentence.end)
        elif _ANSWER.search(text) and not (_OTHER_MATTER.search(text) or _is_of_complaint(document, index)):
            found = find_periods(document.folded, sentence.start, sentence.end)
            periods = [
                one
                for one in found
                if _is_for_answering(text, one, sentence.start)
                and not in_any(document, Span(one.start, one.end, index), _NOT_OURS)
            ]
        else:
            continue
        if periods and _is_about_rights(document, text, sentence.block):
            yield periods, text


def _is_line(document: Document, index: int, text: str) -> bool:
    """Whether a line or row gives a right and a time, under nothing that speaks of keeping."""
    if len(text) > _LONG_LINE or not _LINE.match(text) or _KEEPING.search(text):
        return False
    heading = document.sections[document.sentences[index].block]
    above = document.blocks[heading] if heading >= 0 else None
    if above and _KEEPING.search(document.folded, above.start, above.end):
        return False
    return not _KEEPING.search(_head_of_table(document, document.sentences[index].block))


def _is_of_complaint(document: Document, index: int) -> bool:
    """Whether "we deal with it" goes on from a sentence on complaints and on no request."""
    before = document.sentence_text(index - 1) if index else ""
    return (
        document.sentences[index].block == document.sentences[max(index - 1, 0)].block
        and "complain" in before.lower()
        and not re.search(
            r"(?i)\brequest|\bcop(?:y|ies)\b|\baccess\b", before + document.sentence_text(index)
        )
    )


def _is_asked_for(document: Document, index: int, text: str) -> bool:
    """Whether a sentence begins with a time, after the question how long an answer takes."""
    question = document.sentence_text(index - 1) if index else ""
    return (
        question.endswith("?")
        and _HOW_LONG.search(question) is not None
        and _RIGHTS.search(question) is not None
        and not _KEEPING.search(question)
        and _TIME_FIRST.match(text) is not None
    )


def _head_of_table(document: Document, index: int) -> str:
    first = document.first_rows[index]
    if first == -1:
        return ""
    head = max(first, index - _MOST_ROWS)
    return document.folded[document.blocks[head].start : document.blocks[head].end]


def _is_for_answering(text: str, period: Period, start: int) -> bool:
    """Whether the act that stands nearest before a time, else the first after it, is the answer."""
    acts = list(_ACTS.finditer(text))
    before = [one for one in acts if one.start() < period.start - start]
    nearest = before[-1] if before else (acts[0] if acts else None)
    if nearest is None or nearest["other"] or _NO_DEADLINE.search(text[: period.start - start]):
        return False
    following = text[period.end - start : period.end - start + _REACH]
    if _OF_WHAT.match(following):
        return False
    act = nearest.group().lower()
    if act.startswith("take") and _OTHER_TAKES.search(text[: nearest.start()]):
        return False
    if act.startswith("allow") and _FOR_OTHER.match(following):
        return False
    return not (act.startswith("take") and _NOT_ANSWER.search(following))


def _is_about_rights(document: Document, text: str, index: int) -> bool:
    if _RIGHTS.search(text) or (text.endswith(":") and _RIGHTS.search(_first_item(document, index))):
        return True
    heading = document.sections[index]
    if heading >= 0 and _KEEPING.search(
        document.folded, document.blocks[heading].start, document.blocks[heading].end
    ):
        return False
    if heading >= 0 and _YOUR_RIGHTS.search(
        document.folded, document.blocks[heading].start, document.blocks[heading].end
    ):
        return True
    block, before = document.blocks[index], document.blocks[max(index - 1, 0)]
    opener = document.blocks[_opener(document, index - 1)]
    return any(
        _RIGHTS.search(document.folded, one.start, one.end) is not None for one in (block, before, opener)
    )


def _first_item(document: Document, index: int) -> str:
    """Return what follows a block that leads to a list, or nothing."""
    following = document.blocks[index + 1 : index + 2]
    return document.folded[following[0].start : following[0].end] if following else ""


def _opener(document: Document, index: int) -> int:
    """Return what opens the list or table that ends in a block, or the block itself."""
    first = max(index, 0)
    while first > max(index - _MOST_ROWS, 0) and document.blocks[first].kind in ("item", "row"):
        first -= 1
    return first


def _too_long(periods: list[Period], text: str) -> list[Period]:
    """Return the periods over a month; a longer one beside an allowed one may be an extension."""
    wrong = [one for one in periods if one.days > _MONTH_DAYS]
    if wrong and _EXTENSION.search(text) and (len(periods) == 1 or len(wrong) < len(periods)):
        return []
    return wrong
