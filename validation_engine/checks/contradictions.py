"""Promises about sharing data that the same document breaks."""

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
from validation_engine.scan.hits import Span
from validation_engine.scan.quick import Quick
from validation_engine.scan.scopes import in_any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document
    from validation_engine.gates.schema import Scope

_ABSOLUTE = Quick(
    r"\b(?:(?:never|do not|don't|will not|won't|does not|"
    r"shall not|nor(?: do| will)? we|not to) (?:ever )?(?:sell,? (?:rent,? )?(?:or|nor) )?"
    r"(?:share|disclose|pass(?: on)?|give|hand|show|reveal|release)\b[^.;:]{0,60}?"
    r"\b(?:anyone|anybody|third part(?:y|ies)|other (?:people|organisations|companies)|"
    r"outside (?:the company|our company|our (?:\w+ )?(?:team|club|firm|practice|school|staff))|"
    r"any (?:other )?(?:person|company|organisation|third party))"
    r"|(?:have|has) never (?:ever )?(?:shared|disclosed|passed(?: on)?|given|shown|released)\b[^.;:]{0,60}?"
    r"\b(?:anyone|anybody|third part(?:y|ies)|any (?:other )?(?:person|company|organisation|third party))"
    r"|never (?:ever )?(?:share|disclose|pass on)\b (?:any of )?(?:your|customer|personal|member|"
    r"staff)[^.;:,]{0,40}(?=[.;!]|$)"
    r"|(?:for our eyes only|(?:stays?|remains?) (?:strictly )?(?:with|between) us(?: alone)?)\b"
    r"|(?:nobody|no one|no-one) (?:else |outside [^.]{0,30} )?(?:ever )?(?:sees|receives|gets)\b)",
    re.IGNORECASE,
)
_QUALIFIED = Quick(
    r"\b(?:unless|except\w*|other than|apart from|without|only|for (?:marketing|their|the purpose|"
    r"advertis\w+)|save (?:as|for|where|that)|"
    r"but|below|following|besides|beyond|than|else|otherwise|in order to|so that they|who do not|if)\b",
    re.IGNORECASE,
)
_SHARES = Quick(
    r"\b(?:(?:share[sd]?|disclose[sd]?|pass(?:es|ed)?|give[ns]?|send[s]?|sent|provide[sd]?|supply|"
    r"supplies|transfer(?:s|red)?|go(?:es)?)\b"
    r"[^.;]{0,60}?\b(?:with|to)\b[^.;]{0,40}?\b(?:partners?|insurers?|brokers?|agenc(?:y|ies)|"
    r"suppliers?|sponsors?|compan(?:y|ies)|"
    r"advertisers?|affiliates?|contractors?|providers?|accountants?|couriers?|banks?|lenders?|hmrc|"
    r"bureau|royal mail|"
    r"third part(?:y|ies)|organisations?|police|consultants?|retailers?|printers?|collectors?|surveyors?|"
    r"schools?|councils?)"
    r"|(?:partners?|insurers?|brokers?|agenc(?:y|ies)|suppliers?|sponsors?|compan(?:y|ies)|advertisers?|"
    r"affiliates?|contractors?|"
    r"providers?|accountants?|couriers?|collectors|lenders?)\b[^.;]{0,60}?\b(?:receives?|gets?|sees?|"
    r"(?:is|are) (?:given|sent|shown)|"
    r"has access to|have access to)\b[^.;]{0,30}?\b(?:details|data|information|names?|address(?:es)?|"
    r"records?)"
    r"|(?:ltd|limited|plc|llp|inc)\b[^.;]{0,20}?\b(?:who|which) (?:gets?|receives?|sees?|"
    r"(?:is|are) (?:given|sent|shown))\b[^.;]{0,30}?"
    r"\b(?:details|data|information|(?:nick)?names?|address(?:es)?|records?|messages))\b",
    re.IGNORECASE,
)
_STAYS = Quick(
    r"\b(?:never|not|nothing|none)\b[^.;:]{0,40}\b(?:leaves?|outside|out of) (?:of )?(?:the )?(?:uk|"
    r"united kingdom|great britain|britain|scotland|country)\b",
    re.IGNORECASE,
)
_ABROAD = Quick(
    r"\b(?:servers?|host\w*|stor(?:ed|age)|held|kept|process\w*|data cent(?:re|er)s?|sent|transferred|"
    r"based|located|back(?:ed)? ?ups?)\b"
    r"[^.;]{0,60}?\b(?:united states|usa|the us|america|texas|california|ohio|oregon|virginia|canada|"
    r"india|mumbai|bangalore|"
    r"philippines|manila|singapore|china|hong kong|japan|australia|south africa|ireland|dublin|germany|"
    r"frankfurt|france|"
    r"netherlands|amsterdam|spain|poland|sweden|israel|ukraine|brazil|mexico|overseas|abroad)\b",
    re.IGNORECASE,
)
_NOT_SAID: tuple[Scope, ...] = ("negation", "quotation", "attribution", "example", "question")


@check("sharing_contradiction")
def sharing_contradiction(context: Context) -> CheckResult:
    """An absolute promise not to share, or not to leave the country, is not broken by another sentence."""
    pairs = (
        ("that data is never shared", _ABSOLUTE, _SHARES),
        ("that data never leaves the United Kingdom", _STAYS, _ABROAD),
    )
    promised = False
    for told, promise, breach in pairs:
        claim = next(_unqualified(context.document, promise), None)
        if claim is None:
            continue
        promised = True
        broken = [span for span in _said(context.document, breach) if span.sentence != claim.sentence]
        if broken:
            message = f"The document promises {told}, and says otherwise elsewhere."
            return failed(message, Finding(claim.start, claim.end), Finding(broken[0].start, broken[0].end))
    return passed() if promised else not_applicable("No absolute promise of this kind is made.")


def _unqualified(document: Document, promise: Quick) -> Iterator[Span]:
    for index, sentence in enumerate(document.sentences):
        found = promise.search(document.folded, sentence.start, sentence.end)
        if found is None or _QUALIFIED.search(document.folded, sentence.start, sentence.end):
            continue
        span = Span(found.start(), found.end(), index)
        if not in_any(document, span, ("quotation", "attribution", "example")):
            yield span


def _said(document: Document, pattern: Quick) -> Iterator[Span]:
    for index, sentence in enumerate(document.sentences):
        found = pattern.search(document.folded, sentence.start, sentence.end)
        if found and not in_any(document, span := Span(found.start(), found.end(), index), _NOT_SAID):
            yield span
