"""Checks that an agreement's title and its duties agree on who is bound."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.layout import separated
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    needs_review,
    not_applicable,
    passed,
)
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterable

_MUTUAL = re.compile(r"\b(?:mutual|two-way|reciprocal|bilateral|between two parties)\b", re.IGNORECASE)
_ONE_WAY = re.compile(r"\b(?:one-way|unilateral|one-sided)\b", re.IGNORECASE)
_PARTY = r"(?:part(?:y|ies)|recipients?|disclosers?|receivers?|sides?|compan(?:y|ies)|firms?|businesses)"
_BOTH = Quick(
    rf"\b(?:(?:each|either|both|neither|whichever)(?: of)?(?: the| us| them)?(?: \w+){{0,2}} ?"
    rf"(?:{_PARTY}|us|them)|(?:each|both|neither|either|one|whichever|whoever) of (?:us|them)|"
    r"(?:each|neither|both) (?:shall|will|must|undertakes?|agrees?|promises?)|"
    r"(?:shall|will|must) (?:each|both)|"
    r"each(?: of)? [\w ]{1,40} and [\w ]{1,40}|both ways|either way|alike|"
    r"(?:tells?|shows?|gives?|of|from|shares?|swaps?|exchanges?|discloses?)(?: \w+){0,2} "
    r"(?:each other|one another)|"
    r"(?:gives?|shows?|tells?|discloses?)(?: \w+)? the other|"
    r"the parties (?:shall|will|must) (?:\w+ )?(?:keep|treat|protect|use|hold)|"
    rf"(?:one|an?) {_PARTY}\b.{{0,60}}\bthe other|the other(?:'s| party's)|disclosing party|receiving party|"
    rf"(?:{_PARTY}|one|whoever|whichever|whomever) (?:(?:which|that|who|to whom)(?: \w+){{0,3}} "
    r"(?:receiv|disclos|gets?|got|giv|pass|hand|tell|suppl|shar|learn)\w*|receiving|disclosing|getting|giving|passing|handing)|"
    r"(?:each|both|neither|either) of \w+ and \w+|receiving (?:company|side)|"
    r"(?:each|any|either|a) (?:receiver|recipient|discloser)|in (?:both|either) directions?|"
    r"(?:undertakes?|promises?|owes?)(?: \w+){0,2} to (?:each other|one another|the other)|"
    r"the parties (?:undertake|agree|promise)(?: \w+){0,6} (?:keep|hold|treat|protect)|"
    r"vice versa|the other way (?:round|about)|word for word|on the same terms|"
    r"(?:rules|duties|terms|promises) are the same for)\b",
    re.IGNORECASE,
)
_DUTY = Quick(
    r"\b(?:confiden\w*|information|secre\w+|disclos\w+|recipients?|quiet|private|privacy|tells?|told|"
    r"receiv\w+|getting|gets|promise[sd]?|hand(?:s|ed|ing)? over|undertakes?|duties|"
    r"reveal\w*|divulg\w*|publish\w*|share[ds]?|guard\w*|"
    r"to (?:it|them)sel\w+)\b",
    re.IGNORECASE,
)
_EXCHANGE = re.compile(
    r"\b(?:reciprocally|mutually)\b(?! agree)|"
    r"\bwho (?:is|are|must)[^|:?.;]{0,30}[|:?]+\W{0,3}(?:both|each|all)\b|"
    r"\bis (?:whichever|whoever|the one) of (?:us|the \w+)\b|"
    rf"\beither (?:{_PARTY}|of us)(?: \w+){{0,2}} (?:may|can|will) be (?:an? |the |on )|"
    r"\byou (?:tell|give|show|let|pass)\b.{0,80}\bwe (?:tell|give|show|let|pass)\b|"
    r"\bwe (?:tell|give|show|let|pass)\b.{0,80}\byou (?:tell|give|show|let|pass)\b",
    re.IGNORECASE,
)
# "binds Oban in respect of Beck's information and Beck in respect of Oban's".
_CROSSED = re.compile(
    r"\b([A-Z]\w+)\b[^.;']{1,40} ([A-Z]\w+)'s\b[^.;]{1,60}\b(?:and|while) \2\b[^.;']{1,40} \1's(?! own)"
)
# Who is bound, by name; two of them bound apart are both bound.
_BOUND = re.compile(
    r"\b([A-Z]\w+(?: (?:and |of |& )?[A-Z]\w*){0,5})(?:,[^,.;]{0,60},)? "
    r"(?:shall|will|must|undertakes? to|agrees? to|promises? to)"
    r"(?: \w+)? (?:(?:keep|hold|treat|guard|protect)\b"
    r"(?=[^.;]{0,120}(?:secre|confiden|private|quiet|safe|itself|'s\b))|"
    r"not (?:disclose|reveal|tell|use|pass)\b)"
)
_KEEPS_QUIET = r"(?:disclose|reveal|tell|repeat|use|pass|share|show|divulge|publish)\b"
_BOUND_NOT = re.compile(
    rf"\b([A-Z]\w+(?: [A-Z]\w*){{0,3}}) (?:won't|shan't|mustn't|may not|can't|cannot) (?:\w+ )?{_KEEPS_QUIET}"
)
_NOR_BOUND = re.compile(
    rf"\b(?:[Nn]or|[Nn]either) (?:will|shall|must|may) ([A-Z]\w+(?: [A-Z]\w*){{0,3}}) {_KEEPS_QUIET}"
)
_OWED = re.compile(
    r"\b([A-Z]\w+(?: [A-Z]\w*){0,5}) (?:shall|will|must|undertakes? to|agrees? to)(?: \w+)? "
    r"(?:keep|hold|treat|guard|protect|disclose|reveal|tell|use|pass)(?: the)?"
    r"(?: (?:information|secrets) of)?(?: the)? ([A-Z]\w+(?: [A-Z]\w*){0,5})(?='s|'| (?:secret|confidential))"
)
_WE_KEEP = re.compile(
    r"\bwe(?:'ll| will| shall| must)? (?:keep|guard|treat|protect)\b[^.;]{0,60}\byours?\b", re.IGNORECASE
)
_YOU_KEEP = re.compile(
    r"\byou(?:'ll| will| shall| must)? (?:keep|guard|treat|protect)\b[^.;]{0,60}\bours?\b", re.IGNORECASE
)
_NO_NAMES = re.compile(
    r"neither|each|both|either|part(?:y|ies)|they|it|we|you|nobody|representatives|advisers|affiliates|employees|"
    r"staff|directors|consultants|members|those|persons",
    re.IGNORECASE,
)
_BOILERPLATE = Quick(
    r"\b(?:costs|jurisdiction|terminat\w+|amend\w*|var(?:y|ied)|counterparts?|courts?|"
    r"interdict|injunction|notices?|crimes?|offences?|police|whistle\w*|protected disclosures?|"
    r"personal data|compet\w+|signed|walk away|proceed|end the talks)\b",
    re.IGNORECASE,
)
# One side is told apart as free, or as the only one bound.
_FREE = Quick(
    r"\b(?:not bound|bound by (?:nothing|no)|nothing (?:here|in this \w+) binds|"
    r"no (?:such )?(?:promises?|dut(?:y|ies)|obligations?) (?:\w+ )?(?:about|to|in respect|on|is|are|of)|"
    r"(?:gives?|makes?|owes?) no (?:promises?|undertakings?|dut(?:y|ies))|(?:only|alone) (?:is|are) bound)\b",
    re.IGNORECASE,
)
_ONE_BOUND = Quick(
    r"\b(?:the (?!part)(?!other)\w+|(?!they\b|we\b|both\b|parties\b)\w+) (?:shall|will|must|"
    r"undertakes?|agrees?|promises?|may not|is to(?! be))\b"
    r"(?:,? [\w'-]+){0,12} (?:keep|disclose|reveal|tell|use|hold|secret|confidential|private|confidence)\b|"
    r"\b(?:recipient|receiver|holder) (?:keeps|holds|treats) (?:it|them|the \w+|all \w+)\b",
    re.IGNORECASE,
)
_BOTH_BOUND = Quick(
    rf"\b(?:each|both|either|neither)(?: of)?(?: the)? (?:{_PARTY}|us)(?: \w+){{0,2}} (?:shall|will|must|"
    r"undertakes?|agrees?|promises?|may|is to|are to)\b.{0,80}\b(?:secret|confidential|disclose|use)\b|"
    r"\bparties (?:shall|will|must) (?:each|both) (?:keep|hold|treat|protect)\b",
    re.IGNORECASE,
)
# What says outright that one side alone is bound, though the rest speaks of both.
_ONE_SIDED = re.compile(
    r"\b(?:gives?|makes?|owes?|undertakes?|has|have|accepts?|assumes?) no (?:promises?|undertakings?|"
    r"dut(?:y|ies)|obligations?|covenants?)(?: \w+){0,3}? (?:secre|confiden|silence)|"
    r"\b(?:gives?|makes?|owes?) no (?:such )?(?:promises?|undertakings?) (?:about|as to|on|in respect of|"
    r"concerning) (?:what|anything|whatever)\b|"
    r"\b[Oo]nly (?:the )?[A-Z]\w+(?: [A-Z]\w+){0,4} (?:is|are|shall be|will be) bound\b|"
    r"\b(?:(?:falls?|rests?|lies?) (?:up)?on|binds?|owed by|given by|bound is|bound are) (?:only (?:the )?"
    r"[A-Z]\w+|(?:the )?[A-Z]\w+(?: [A-Z]\w+){0,4} (?:alone|only)\b)|"
    r"(?:^|\| ?)(?:[Ww]ho (?:is|are|must)[^|:?.;]{0,30}|(?:[Pp]art(?:y|ies) )?[Bb]ound)"
    r"[|:?]+ ?[^|.;:]{1,60}\b(?:only|alone)(?=[ .]*(?:\||$))|"
    r"\b(?:may|can|is free to|shall be free to) (?:use|disclose|share|pass|publish|do)\b[^.;]{0,80}"
    r" as (?:it|he|she|they|the \w+) "
    r"(?:pleases?|likes?|wish(?:es)?|chooses?|(?:thinks?|sees?) (?:fit|proper|best))"
)
_OF_ALL = re.compile(
    r"\b(?:neither|nobody|no (?:party|side|one|individual|employee)|each|either|both|any party|own)\b",
    re.IGNORECASE,
)
_MAY = re.compile(r"\bmay (?!not)", re.IGNORECASE)
_TITLE = 3


@check("mutuality_consistent")
def mutuality_consistent(context: Context) -> CheckResult:
    """A mutual title goes with duties of both, a one-way title with duties of one."""
    document = context.document
    title = " ".join(document.folded[one.start : one.end] for one in document.blocks[:_TITLE])[:300]
    sentences = [document.sentence_text(index) for index in range(len(document.sentences))]
    if _MUTUAL.search(title):
        return _judged_mutual(context, sentences)
    if _ONE_WAY.search(title):
        both = any(_binds_both(text) for text in sentences) or _each_keeps_the_others(separated(document))
        return failed(None, *_title_finding(context, _ONE_WAY)) if both else passed()
    return not_applicable("The title does not say whether the agreement is mutual.")


def _judged_mutual(context: Context, sentences: list[str]) -> CheckResult:
    """Judge the duties under a mutual title; a fault only where one side is seen to be bound by itself."""
    one_sided = [index for index, text in enumerate(sentences) if _is_one_sided(text)]
    if one_sided:
        told = context.document.sentences[one_sided[0]]
        return failed(None, *_title_finding(context, _MUTUAL), Finding(told.start, told.end))
    if _any_reciprocal(sentences) or _each_is_bound(separated(context.document)):
        return passed()
    finding = _title_finding(context, _MUTUAL)
    if any(_FREE.search(text) or _ONE_BOUND.search(text) for text in sentences):
        return failed(None, *finding)
    return needs_review("Nothing shows plainly that both sides are bound. A person must look.", *finding)


def _is_one_sided(text: str) -> bool:
    return _ONE_SIDED.search(text) is not None and _OF_ALL.search(text) is None


def _any_reciprocal(sentences: Iterable[str]) -> bool:
    return any(
        (
            _BOTH.search(text)
            and _DUTY.search(text)
            and not _BOILERPLATE.search(text)
            and not _FREE.search(text)
        )
        or _EXCHANGE.search(text)
        or _CROSSED.search(text)
        for text in sentences
    )


def _each_is_bound(folded: str) -> bool:
    """Whether two are bound one after the other: "Alder shall keep it secret. Beck shall keep Alder's"."""
    shapes = (_BOUND, _BOUND_NOT, _NOR_BOUND)
    found = {one.group(1) for shape in shapes for one in shape.finditer(folded)}
    names = {name.removeprefix("The ") for name in found if not any(map(_NO_NAMES.fullmatch, name.split()))}
    return len(names) > 1 or (_WE_KEEP.search(folded) is not None and _YOU_KEEP.search(folded) is not None)


def _each_keeps_the_others(folded: str) -> bool:
    """Whether two are bound to each other by name: "Alder shall keep Beck's plans secret. Beck shall …"."""
    pairs = {(one[1].removeprefix("The "), one[2]) for one in _OWED.finditer(folded)}
    return any((owed, bound) in pairs for bound, owed in pairs)


def _binds_both(text: str) -> bool:
    return bool(_BOTH_BOUND.search(text)) and not _BOILERPLATE.search(text) and not _MAY.search(text)


def _title_finding(context: Context, pattern: re.Pattern[str]) -> list[Finding]:
    found = pattern.search(context.document.folded)
    return [Finding(found.start(), found.end())] if found else []
