"""Check that nothing is called free that has a charge elsewhere in the document."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from validation_engine.checks.promotions.free.apart import CHOICE, are_alternatives
from validation_engine.checks.promotions.free.charges import charges, placed
from validation_engine.checks.promotions.free.rows import contradicted_rows
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.scan import reported
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick
from validation_engine.scan.topics import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_CLAIM = Quick(
    r"\b(?:(?:completely|entirely|totally|absolutely|wholly|100%|genuinely|always) (?:free|fee[- ]free)"
    r"(?: of (?:all )?(?:fees|charges|costs?|charge))?"
    r"|(?:fee|charge|commission)[- ]free|(?:no|zero)-(?:fees?|charges?|commission)"
    r"|free of (?:all |any )?(?:fees|charges)"
    r"|(?:no|zero|without(?: any)?|0%) (?:(?:other|such|more) )?(?:fees|charges|"
    r"costs)(?: or (?:charges|fees|costs))?"
    r"(?: of any (?:kind|sort)| at all| whatsoever| whatever| ever| to pay)?"
    r"|(?:without paying|not) a penny in (?:fees|charges)|free (?:dealing|trading|trades|investing|transfers)"
    r"|(?:no|zero) (?:fees|charges|costs) with (?:us|our|this)\b"
    r"|(?:invest|manage|look after|run|trade|advise)(?: [\w'-]+){0,6} (?:at no|without) (?:cost|charge)"
    r"(?: to you)?"
    r"|(?:we|i) charge (?:you )?nothing(?: at all)?"
    r"|free to (?:use|join|hold|own)|(?:costs?|pay)(?: (?!for\b)\w+)? (?:absolutely )?nothing(?: at all)?"
    r"|(?:not|\w+n't|never) costs? (?:you |anyone )?a (?:single )?penny(?! (?:more|extra)))"
    r"(?! (?:for(?! (?:investors|customers|members|savers|you|anyone|borrowers)\b)|on|to|if|when|"
    r"unless|until|in|during|other|except|apart|while|beyond|with|as|else|more|further|extra|"
    r"from(?! (?:the )?(?:very )?(?:beginning|start|outset|first|day one)\b))\b)"
    r"|\b(?:costs?(?: you)? nothing|free(?: of charge)?) to (?:deal|invest|hold|own|have|run|keep)\b"
    r"|\b(?:never|not) pay (?:us )?an? (?:commission|fee|charge)\b"
    r"|\b(?:dealing|trading|investing) with us is free\b"
    r"|\b(?:service|account|app|platform|isa|plan|sipp|pension|portfolio|card|advice|membership|dealing|"
    r"trading|investing)s? (?:is|are|comes?|(?:is|are) (?:provided|offered|run|given))"
    r"(?: (?!not\b|never\b|hardly\b)\w+)?(?: to \w+)? "
    r"(?:free(?: of (?:any )?charge)?|(?:at no|without) (?:cost|charge))"
    r"(?=[.!;]|$| and | from the (?:start|outset)| to (?:you|the|our|every\w*|all)\b)"
    r"|\bfree (?:mortgage|financial|investment|pension) advice\b(?! (?:line|from|on|service))"
    r"|\bno (?:charge|fee|cost) for (?:the|our|this|using (?:the|our)) "
    r"(?:service|account|app|advice|platform|plan)\b"
    r"|\b(?:invest|borrow|save|trade)(?:ing)? (?:is )?free of charge\b"
    r"|^(?:\d[\d.]{0,3} )?(?!(?:joining|leaving|opening|closing|it|that|this|entry|parking|delivery)\b)"
    r"[\w'-]+ (?:is|are) (?:completely |totally )?free(?=[.!])|\bnever (?:see|get|receive) a bill\b"
    r"|\bnobody pays (?:us )?an? (?:penny|commission|charge|platform fee|fee)\b(?! (?:for|on|to)\b)"
    r"|^free advice\b(?! (?:on|from(?! start)|line|is available|at)\b)"
    # "You won't pay us anything.", "We never charge you.", "It doesn't cost you a bean."
    r"|\b(?:(?:won't|will not|don't|do not|never|needn't|not|shan't)(?: ever)? (?:have to )?pay (?:us |me )?"
    r"|(?:won't|will not|doesn't|does not|never) costs? (?:you |borrowers |customers |members )?)"
    r"(?:anything|a (?:single )?(?:penny|bean|thing|pound|farthing))(?: at all| whatever)?"
    r"(?=[.!;:]|$| (?:for (?:(?:the|our|my) (?:service|advice|help|work)|having)|"
    r"and|to (?:borrow|join|invest|use))\b)"
    r"|\b(?:we|i) (?:don't|do not|never|make no|levy no|take no) charges? "
    r"(?:you|borrowers|customers|clients|members|anything|a penny|(?:you )?for (?:the|our|my) "
    r"(?:service|advice|help|work))(?: anything| a penny)?(?=[.!;:]|$)",
    re.IGNORECASE,
)
_NO_SUCH = Quick(
    r"\b(?:no|zero|nil|without(?: any| an?)?|£0|0%) (?P<kind>(?!(?:any|other)\b)[\w-]{3,}(?: \w+)?) "
    r"(?:fees?|charges?|commission)\b",
    re.IGNORECASE,
)
# What is free by its own name: "Free share dealing".
_FREE_THING = Quick(
    r"\b(?:free (?:share |stock |online |unlimited |money |bank |international )*"
    r"(?:(?P<kind>dealing|trading|custody|switching|transfer)s?)"
    r"|(?:no|zero|0%|without) (?P<commission>commission))\b"
    r"(?! (?:for|on|to|if|when|unless|until|in|during|account|line|from|is)\b)",
    re.IGNORECASE,
)
# A sum of nothing: "You pay 0% in fees for our service".
_NIL = Quick(
    r"(?<![\w.])(?:0%|\xa30|nothing|zero) in (?:annual |any |dealing )?(?:fees|charges|costs)\b"
    r"(?! (?:if|when|unless|until|during|in)\b"
    r"| for (?:the |your )?(?:first|\d|one|two|three|six|twelve|a)\b)",
    re.IGNORECASE,
)
_ELSEWHERE = Quick(
    r"\b(?:ombudsman|complain\w*|(?:goes|gone|go) wrong|(?:get|got) (?:it|this|things?|something) wrong|"
    r"initial|sorry|not happy|unhappy|call|calls|helpline|guide|"
    r"leaflet|download|parking|delivery|meeting|consultation|"
    r"tax|advice line|first|trial|until|switch(?:ing)? service|"
    r"debtline|moneyhelper|citizens advice|risk|withdraw\w*|transfers?|depend)\b",
    re.IGNORECASE,
)
_FROM_THE_START = re.compile(
    r"\bfrom the (?:very )?first \w+(?: call| meeting| day)?|\bfirst [\w' -]{1,20} to (?:the )?last\b",
    re.IGNORECASE,
)
# Said not to hold here, or said of others: "free deals exist elsewhere; ours isn't one".
_OF_OTHERS = Quick(
    r"\belsewhere\b|\b(?:other|some|many|several|most) (?:\w+ )?(?:lenders?|firms?|platforms?|providers?|"
    r"brokers?|banks?|apps?) (?:offer|advertise|promote|market|sell|call|have|claim|say|do)\b|"
    r"\b(?:ours|this one|we)(?: is| are|'re)?(?: not|n't) (?:one|among|free|a free|fee[- ]free|that)\b|"
    r"\bours (?:does|is|do|are)(?:n't| not)\b|\bno such thing\b|\bnothing is (?:ever )?free\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|never|n't|nor)\b(?: \w+){0,4} $", re.IGNORECASE)
# What is free is one step of dealing with the firm, not the whole of it.
_ONE_STEP = re.compile(
    r"\b(?:opening|closing|leaving|joining|transferring|switching|setting up|moving|adding|signing up|"
    r"applying|asking|changing|stopping|paying in|ending|cancelling|saving|waiting|"
    r"registering)\b(?: [\w'-]+){0,5} $",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"\b(?:opening|closing|closure|leaving|leave|joining|join|transferring|switching|cancelling|cancellation|"
    r"exit|changing|getting (?:in|out)|complaints?)\b",
    re.IGNORECASE,
)
# A claim without a subject is about what was named before it: "Leaving | Ring us. Costs nothing."
_POINTS_BACK = re.compile(
    r"(?:it|that|this|costs?|free|no)\b|.{0,60}\b(?:it|that|this)(?: will|'ll| won't| does(?:n't| not)) "
    r"(?:not )?(?:cost|be)\b",
    re.IGNORECASE,
)
# "Under £5,000 you pay nothing": so much only is free.
_TIER = re.compile(r"\b(?:under|up to|below|over|above|from|first) \xa3\d", re.IGNORECASE)
_IS_FREE = re.compile(r" (?:is|are) (?:\w+ )?free\b.*")
# "Dealing has cost nothing since April" is about no other charge.
_ONE_KIND = re.compile(
    r"\b(?P<kind>dealing|trading|trade|transfer|switching)s?(?: \w+){0,2} $", re.IGNORECASE
)
# The same charge under another name.
_RECURRING = re.compile(r"\b(?:annual|yearly|ongoing|monthly|regular|year|month)\b")


_FREE = Cue(
    "free|nobody pays|no[ -]|zero|nil|without|0%|penny|nothing|never|"
    "(?:not|n't) (?:have to )?(?:pay|cost|charge)"
)


@check("fee_free_contradiction")
def fee_free_contradiction(context: Context) -> CheckResult:
    """Nothing is called free that has a charge of more than nothing elsewhere in the document."""
    row = next(contradicted_rows(context.document), None)
    if row:
        return failed(None, *row)
    claims = list(_free_claims(context))
    if not claims:
        return not_applicable("The document does not claim to be free of charges.")
    stated = list(charges(context))
    for claim, kind in claims:
        against = [
            span
            for span, charged in stated
            if _is_of(kind, charged) and not are_alternatives(context.document, claim, span, kind)
        ]
        if against:
            return failed(None, claim, *against[:3])
    return passed()


def _is_of(kind: str, charged: str) -> bool:
    """Whether a charge is of the kind that is said not to be taken, none meaning any."""
    return kind in charged or bool(_RECURRING.fullmatch(kind) and _RECURRING.search(charged))


def _free_claims(context: Context) -> Iterator[tuple[Finding, str]]:
    """Yield each claim to be free, with the kind of charge it is limited to, if any."""
    for index in _FREE.sentences(context.document):
        text, found = context.document.sentence_text(index), list(_claims_in(context.document, index))
        if found and not (
            reported.ATTRIBUTION.search(text)
            or CHOICE.search(text)
            or _OF_OTHERS.search(text)
            or _TIER.search(text)
        ):
            yield from found


def _claims_in(document: Document, index: int) -> Iterator[tuple[Finding, str]]:
    start, text = document.sentences[index].start, document.sentence_text(index)
    for found in chain(_NO_SUCH.finditer(text), _FREE_THING.finditer(text)):
        yield placed(start, found), found[found.lastgroup or 0].lower()
    yield from ((placed(start, found), "") for found in _NIL.finditer(text))
    whole = [found for found in _CLAIM.finditer(text) if _said(text, found)]
    if whole and not _is_elsewhere(document, index):
        yield from ((placed(start, found), _kind(text, found)) for found in whole)


def _kind(text: str, found: re.Match[str]) -> str:
    """Return the one charge that a claim is about, if it costs nothing and not the whole service."""
    told = text[: found.start()] if found[0].lower().startswith("cost") else _IS_FREE.sub(" ", found[0])
    one = _ONE_KIND.search(told)
    return one["kind"].lower() if one else ""


def _is_elsewhere(document: Document, index: int) -> bool:
    """Whether a sentence, or what its "it" points back to, is about something that is free for everybody."""
    text = document.sentence_text(index)
    label, bar, _ = text.partition("|")
    if _ELSEWHERE.search(_FROM_THE_START.sub("", text)) or (bar and _STEP.search(label)):
        return True
    above = (*topics(document, index), max(index - 1, 0)) if _POINTS_BACK.match(text) else ()
    told = [document.sentence_text(one) for one in above if one != index]
    return any(_ELSEWHERE.search(one) or _STEP.search(one) for one in told)


def _said(text: str, found: re.Match[str]) -> bool:
    """Whether a match is not denied just before, and is about more than one step."""
    before = text[: found.start()]
    return not _DENIED.search(before) and not _ONE_STEP.search(before)
