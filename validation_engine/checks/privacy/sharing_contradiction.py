"""Promises about sharing data that the same document breaks."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from validation_engine.checks.privacy.recipient_lists import listed_recipients
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
    from validation_engine.scan.scopes import Scope

_ANYONE = (
    r"(?:anyone|anybody|third part(?:y|ies)|other (?:people|organisations|companies|businesses|firms)|"
    r"outside (?:the company|our company|our (?:\w+ )?(?:team|club|firm|practice|school|staff))|"
    r"any (?:other|outside) \w+|any (?:person|company|organisation|business|firm|third party))"
)
_BUT_US = r"(?:but|except|other than|apart from) (?:us|ourselves|our (?:own )?(?:staff|team))"
_ABSOLUTE = Quick(
    r"\b(?:(?:never|do not|don't|will not|won't|does not|"
    r"shall not|nor(?: do| will)? we|not to) (?:ever )?(?:sell,? (?:rent,? )?(?:or|nor) )?"
    r"(?:share|disclose|pass(?: on)?|give|hand|show|reveal|release)\b[^.;:]{0,60}?"
    rf"\b{_ANYONE}"
    r"|(?:have|has) never (?:ever )?(?:shared|disclosed|passed(?: on)?|given|shown|released)\b[^.;:]{0,60}?"
    rf"\b{_ANYONE}"
    r"|(?:(?:is|are|be|been) (?:not|never)|(?:isn't|aren't)|never|none|nothing|no \w+)\b[^.;:]{0,60}?\b"
    r"(?:shared|disclosed|passed(?: on)?|given|handed(?: over)?|shown|released)\b[^.;:]{0,20}?"
    rf"\b(?:to|with) (?:a |any )?{_ANYONE}"
    r"|(?:never|do not|don't|will not|won't) (?:ever )?(?:share|disclose|pass on)\b (?:any of )?"
    r"(?:your|customer|personal|member|staff)[^.;:,]{0,40}(?=[.;!]|$)"
    r"|(?:share|disclose|pass on|sell|give)\b[^.;:|?]{0,40}\?[ |]*(?:no\b|never\b|not at all|nobody|"
    r"(?:with|to) no)"
    r"|(?:for our eyes only|(?:stays?|remains?) (?:strictly )?(?:with|between) us(?: alone)?)\b"
    r"|(?:nobody|no one|no-one|no third party|no other (?:company|organisation|business|firm)) "
    rf"(?:else |outside [^.]{{0,30}} |{_BUT_US} )?(?:ever )?(?:sees|receives|gets)\b)",
    re.IGNORECASE,
)
_QUALIFIED = Quick(
    r"\b(?:unless|except\w*|other than|apart from|without|only|for (?:marketing|their|the purpose|"
    r"advertis\w+)|save (?:as|for|where|that)|"
    rf"{_ANYONE} (?:else )?(?:who|that|which|so|whose)\b"
    r"(?! (?:is|are|does|do)(?: not|n't) (?:us|part|on|in|work))|"
    r"but|below|following|besides|beyond|than|else|otherwise|in order to|so that they|who do not|if|"
    r"needlessly|unnecessar\w+|just anyone|not (?:listed|named))\b",
    re.IGNORECASE,
)
_OWN = re.compile(rf"\b{_BUT_US}\b", re.IGNORECASE)
_EXCEPTION = re.compile(
    r"^\W*(?:the )?only\b|\b(?:exceptions?|except|apart from|other than)\b", re.IGNORECASE
)
_GIVEN = (
    r"(?:partners?|insurers?|brokers?|agenc(?:y|ies)|suppliers?|sponsors?|(?<!our )compan(?:y|ies)|"
    r"advertisers?|affiliates?|contractors?|providers?|accountants?|bookkeepers?|couriers?|banks?|lenders?|hmrc|bureau|"
    r"royal mail|third part(?:y|ies)|organisations?|police|consultants?|retailers?|printers?|collectors?|"
    r"surveyors?|schools?|councils?|solicitors?|processors?|mailing house|networks?|"
    r"google analytics|mailchimp|facebook|meta|stripe|paypal|dpd|evri|xero|"
    r"sister (?:firm|business)|landlords?|agents?)"
)
_BRAND = (
    r"(?:stripe|paypal|gocardless|worldpay|sumup|zettle|klarna|mailchimp|mailerlite|brevo|hubspot|salesforce|"
    r"shopify|squarespace|wix|xero|quickbooks|dropbox|google|microsoft|amazon|eventbrite|calendly)"
)
_THINGS = (
    r"(?:details|data|information|(?:nick)?names?|address(?:es)?|records?|messages|lists?|numbers?|"
    r"history|e-?mails?)"
)
_SHARES = Quick(
    r"\b(?:(?:share[sd]?|disclose[sd]?|pass(?:es|ed)?|give[ns]?|send[s]?|sent|provide[sd]?|supply|"
    r"supplies|transfer(?:s|red)?|go(?:es)?)\b"
    rf"[^.;]{{0,60}}?\b(?:with|to)\b[^.;]{{0,40}}?\b{_GIVEN}"
    rf"|{_GIVEN}\b[^.;]{{0,60}}?\b(?:receives?|gets?|sees?|(?:is|are) (?:given|sent|shown)|"
    rf"has access to|have access to)\b[^.;]{{0,30}}?\b{_THINGS}"
    rf"|{_GIVEN}\b[^.;]{{0,60}}?\b(?:is|are) (?:given|sent|shown) (?:your|their|each|every|all)"
    r"|(?-i:\b(?!DPO|ICO|CEO|PTA)[A-Z]{3,})\b[^.;]{0,40}?\b(?:receives?|gets?) "
    r"(?:your|their|each|every|all)\b"
    rf"[^.;]{{0,30}}?\b{_THINGS}"
    rf"|(?:run|runs|go|goes|sent|handled|processed|hosted|stored|held|taken|managed|kept)\b[^.;]{{0,20}}?\b"
    rf"(?:by|through|via|with|on) {_BRAND}"
    r"|(?-i:\b[A-Z]\w+ of [A-Z]\w+),? (?:who|which) (?:gets?|receives?|sees?|are (?:given|sent)|is (?:given|"
    rf"sent))\b[^.;]{{0,30}}?\b(?:{_THINGS}|file)"
    rf"|{_BRAND}\b[^.;]{{0,60}}?\b(?:holds?|stores?|keeps?|has|have|hosts?|processes|handles)\b[^.;]{{0,30}}?\b{_THINGS}"
    r"|(?:recipients?|(?:shared|disclosed|passed|given|sent) (?:with|to)|"
    r"who (?:gets|receives|sees|has)[^.;:|?]{0,30})"
    r" ?\?? ?[:|] ?(?!none|no\b|nobody|no-one|n/a|not\b|only us|our (?:own )?staff|us\b|you\b)\w[\w' &-]*"
    r"|(?:ltd|limited|plc|llp|inc)\b[^.;]{0,20}?\b(?:who|which) (?:gets?|receives?|sees?|"
    rf"(?:is|are) (?:given|sent|shown))\b[^.;]{{0,30}}?\b{_THINGS})\b",
    re.IGNORECASE,
)
# A promise of some data only is broken by a sentence on the same.
_PARTICULAR = Quick(
    r"\b(?:health|medical|clinical|card|bank|payment|passwords?|photos?|photographs?|pictures?|survey|answers|"
    r"sensitive|special category|criminal|ethnic\w*|location|cctv|footage|recordings?|"
    r"notes|"
    r"messages|votes?|diar(?:y|ies)|(?:phone|telephone|mobile) numbers?|date of birth|"
    r"references|results|feedback|"
    r"comments|salar(?:y|ies)|diagnos[ei]s|e-?mail address(?:es)?|reviews?|donations?|gifts?)\b",
    re.IGNORECASE,
)
# "What you tell the counsellor isn't shared".
_WHAT_IS_TOLD = re.compile(r"\bwhat (?:you|they|s?he) (?:tells?|says?|writes?|answers?)\b", re.IGNORECASE)
_WHOLE = re.compile(
    r"\b(?:(?:your|personal|customer|member|staff|client|all|any)(?:'s|s')? (?:personal )?"
    r"(?:data|details|information)|"
    r"names?|(?<!mail )address(?:es)?|"
    r"everything|anything about)\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(r" (?:no|none|nothing)\b", re.IGNORECASE)
_DENIED = re.compile(r"n't\b|\b(?:not|never|cannot|no)\b", re.IGNORECASE)
_UK = r"(?:the )?(?:uk|united kingdom|great britain|britain|scotland|country)"
_STAYS = Quick(
    rf"\b(?:(?:never|not|nothing|none)\b[^.;:]{{0,40}}\b(?:leaves?|outside|out of) (?:of )?{_UK}"
    r"|(?:all|everything|your (?:data|details|information|records))\b[^.;:]{0,40}\b(?:kept|stays?|stored|"
    rf"held|hosted|remains?)\b[^.;:]{{0,30}}\b(?:in|inside|within) {_UK})\b",
    re.IGNORECASE,
)
_PLACES = (
    r"(?:united states|usa|the us|america|texas|california|ohio|oregon|virginia|canada|"
    r"india|mumbai|bangalore|"
    r"philippines|manila|singapore|china|hong kong|japan|australia|south africa|ireland|dublin|germany|"
    r"frankfurt|france|"
    r"netherlands|amsterdam|spain|poland|sweden|israel|ukraine|brazil|mexico|overseas|abroad)"
)
_ABROAD = Quick(
    r"\b(?:(?:servers?|host\w*|stor(?:e[sd]?|age)|held|kept|process\w*|data cent(?:re|er)s?|sent|transferred|"
    r"based|located|back(?:ed)? ?ups?)\b"
    rf"[^.;]{{0,60}}?\b{_PLACES}"
    # Who sits there and sees the data has it there.
    r"|(?:team|staff|office|company|providers?|suppliers?|contractors?|developers?|engineers?|"
    r"call cent(?:re|er)|help ?desk|colleagues|agents?|branch|partners?|people)\b[^.;]{0,20}?\b"
    r"(?:in|from|at) (?:the )?"
    rf"{_PLACES}\b[^.;]{{0,40}}?\b(?:access\w*|sees?|reads?|handles?|uses?|looks? at|receives?|gets?|"
    r"works? (?:on|with)|opens?|answers?|deals? with|types?|enters?|views?|manages?))\b",
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
        said = _said(context.document, breach)
        if breach is _SHARES:
            said = chain(said, listed_recipients(context.document))
        broken = [span for span in said if _is_of_the_same(context.document, claim, span)]
        if broken:
            message = f"The document promises {told}, and says otherwise elsewhere."
            return failed(message, Finding(claim.start, claim.end), Finding(broken[0].start, broken[0].end))
    return passed() if promised else not_applicable("No absolute promise of this kind is made.")


def _unqualified(document: Document, promise: Quick) -> Iterator[Span]:
    for index, sentence in enumerate(document.sentences):
        found = promise.search(document.folded, sentence.start, sentence.end)
        if found is None or _QUALIFIED.search(_OWN.sub("", document.sentence_text(index))):
            continue
        span = Span(found.start(), found.end(), index)
        if not _is_taken_back(document, index) and not in_any(
            document, span, ("quotation", "attribution", "example")
        ):
            yield span


def _is_of_the_same(document: Document, claim: Span, told: Span) -> bool:
    """Whether a sentence is another than the promise, and on the data that the promise is on."""
    promise, said = document.sentence_text(claim.sentence), document.sentence_text(told.sentence)
    if claim.sentence == told.sentence or _WHOLE.search(promise):
        return claim.sentence != told.sentence
    if _WHAT_IS_TOLD.search(promise):
        return _WHAT_IS_TOLD.search(said) is not None
    some = {one.group().lower() for one in _PARTICULAR.finditer(promise)}
    return not some or any(one.group().lower() in some for one in _PARTICULAR.finditer(said))


def _is_taken_back(document: Document, index: int) -> bool:
    """Whether the next sentence makes an exception: "We share it with nobody. There is one exception."."""
    following = document.sentence_text(index + 1) if index + 1 < len(document.sentences) else ""
    return _EXCEPTION.search(following) is not None


def _said(document: Document, pattern: Quick) -> Iterator[Span]:
    for index, sentence in enumerate(document.sentences):
        found = pattern.search(document.folded, sentence.start, sentence.end)
        if found is None or _DENIED.search(found.group()) or _NOTHING.match(document.folded, found.end()):
            continue
        if not in_any(document, span := Span(found.start(), found.end(), index), _NOT_SAID):
            yield span
