"""Which rate a subcontractor's status asks for: gross payment, registered, or not matched by HMRC."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from validation_engine.scan.cues import HISTORY
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A label with the status as its value: "Status (checked 3 June): gross".
_STATED = r"(?:verif\w+|status|treatment|payment type|tax type)(?:\b[^\n.;:|]{0,60}[:|]| (?:as|is)|,)? ?"
_GROSS = Quick(
    r"\b(?:gross(?: payment)? status|(?:on|for|to|under|with|have|has|holds?|"
    r"granted) gross(?: payment)?\b(?! (?:of|amount))|"
    r"(?:be |is |are )?paid gross\b(?!,? \(?(?:without|before|excl\w*|ex|of) |[ :|.]*[\xa3\d])|"
    rf"{_STATED}gross\b(?! (?:amount|of)))",
    re.IGNORECASE,
)
_UNVERIFIED = Quick(
    r"\b(?:unverified|not (?:been )?verified|unmatched|not (?:a )?match(?:ed)?|(?:could|can)(?: ?not|"
    r"n't) (?:be )?"
    r"(?:verif\w+|match\w*|traced?|found)|(?:could|can)(?: ?not|n't) find (?:any |a )?(?:record|match|"
    r"trace|you\b)|"
    r"no match|(?:no|any) (?:record|trace)(?: of you)(?: (?:was|were|has been) found)?|"
    r"no (?:record|trace) (?:was |were |has been )?found|not (?:found|known|recogni[sz]ed|traced)|"
    r"verification (?:\w+ )?failed|failed verification|verif\w+\b[^\n.;:|]{0,40}[:|?] ?no\b(?!\.? ?(?:v\d|"
    r"\d|:|result))|"
    r"not (?:yet )?registered(?! (?:for|with|under|in) (?:the )?(?:vat|value added|paye))|unregistered|"
    r"higher (?:rate|deduction)(?![^.]*%))\b",
    re.IGNORECASE,
)
_REGISTERED = Quick(
    r"\b(?:verified|matched|(?:paid |payment )?under (?:the )?(?:standard )?deduction|"
    rf"{_STATED}(?:net|registered)|"
    r"verification (?:no|number|ref|reference)\.?:? ?v\d{10}(?!/?\w)|"
    r"net payment(?![ :|.-]*[\xa3\d])|standard (?:rate|deduction)|cis[- ]registered|"
    r"registered (?:for|under|with|in) (?:the )?(?:cis|scheme|net|construction)|"
    r"registered (?:subcontractor|and (?:verified|matched))|"
    r"status[\w ]{0,30}:? registered|hmrc[:,] registered)\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:if|unless|should you|were you|had you|until|in case|whether|where|whenever|once you|"
    r"(?:apply|applying|applied) for|applications?|want|ask(?:ed|ing)? (?:for|about))\b[^.;:,]*",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|nor|[a-z]+n't|never|no longer|neither|without)\b[^.;:,]{0,40}$", re.IGNORECASE
)
_YES_OR_NO = re.compile(r"(?:yes|no)\b", re.IGNORECASE)
_ANSWERED_NO = re.compile(r"[?:| ]{1,4}no\b", re.IGNORECASE)
# "No VAT is in these figures, as you are not registered": not the scheme's register.
_OF_VAT = re.compile(r"\bvat\b", re.IGNORECASE)
_NEXT_DENIES = re.compile(r"\W*(?:no|you(?:'re| are) not|you aren't|not (?:yet|so))\b", re.IGNORECASE)


def expected_rate(sentences: Iterable[str]) -> Decimal | None:
    """Return the rate that the status told asks for; None where none or more than one is told."""
    told: list[str] = []
    for text in _answered(sentences):
        if told and _NEXT_DENIES.match(text):
            told.pop()
        if not HISTORY.search(text):
            told.append(_SUPPOSED.sub("", text))
    rates = {rate for text in told for rate in _told_by(text)}
    return rates.pop() if len(rates) == 1 else None


def _answered(sentences: Iterable[str]) -> Iterator[str]:
    """Yield each question with its yes or no, as "Verified? No", and all else as it is."""
    asked = ""
    for text in sentences:
        if text.endswith("?"):
            asked = text
            continue
        yield f"{asked} {text}" if asked and _YES_OR_NO.match(text) else text
        asked = ""


def _told_by(text: str) -> set[Decimal]:
    rates = set()
    if any(
        not (_DENIED.search(text, 0, found.start()) or _ANSWERED_NO.match(text, found.end()))
        for found in _GROSS.finditer(text)
    ):
        rates.add(Decimal(0))
    rest = _UNVERIFIED.sub("", text)
    if rest != text and not _OF_VAT.search(text):
        rates.add(Decimal(30))
    if any(not _DENIED.search(rest, 0, found.start()) for found in _REGISTERED.finditer(rest)):
        rates.add(Decimal(20))
    # "Verified: gross": what was found when HMRC was asked.
    return rates - {Decimal(20)} if Decimal(0) in rates else rates
