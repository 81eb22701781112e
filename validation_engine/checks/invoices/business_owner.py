"""Whether the person behind a business name is named."""

from __future__ import annotations

import re
from itertools import filterfalse, islice
from typing import TYPE_CHECKING

from validation_engine.checks.invoices.parties import pieces, text_of, texts_of
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterable

    from validation_engine.checks.invoices.parties import Piece

_COMPANY = Quick(
    r"\b(?:limited|ltd|p\.?l\.?c|l\.?l\.?p|c\.?i\.?c|company (?:no|number|registration)|registered in|"
    r"charity)\b",
    re.IGNORECASE,
)
_ASSOCIATION = Quick(r"\b(?:council|association|club|trust|society|university)\b", re.IGNORECASE)
_OWNER = Quick(
    r"\b(?:trading as|t/a|proprietors?|prop\.|owners?:|owned by|"
    r"(?<!the )(?<!your )(?<!their )(?<!'s )owner|the owner(?= is\b|,)|partners?:|partners are|sole trader:)",
    re.IGNORECASE,
)
_FIRST_NAME = (
    "Aileen|Alan|Alasdair|Alastair|Alison|Amanda|Amy|Andrew|Angela|Angus|Ann|Anna|Anne|Anthony|Barbara|"
    "Ben|Brian|Callum|Calum|Cameron|Carol|Catherine|Catriona|Charles|Charlotte|Chloe|Chris|Christine|"
    "Christopher|Claire|Colin|Craig|Daniel|David|Dawn|Deborah|Derek|Donald|Donna|Douglas|Duncan|Eilidh|"
    "Elaine|Elizabeth|Emily|Emma|Euan|Ewan|Fergus|Fiona|Fraser|Gareth|Gary|Gavin|George|Gillian|Gordon|"
    "Graham|Grant|Greg|Gregor|Hamish|Hannah|Harry|Hazel|Heather|Helen|Iain|Ian|Irene|Isla|Isobel|Jack|"
    "Jacqueline|James|Jamie|Jane|Janet|Jean|Jennifer|Jenny|Jill|Joan|Joanna|Joanne|John|Jonathan|Joyce|"
    "Judith|Julia|Julie|Karen|Kate|Katherine|Kathleen|Keith|Kelly|Kenneth|Kerry|Kevin|Kirsty|Laura|"
    "Lauren|Lee|Lesley|Lewis|Linda|Lisa|Lorna|Louise|Lucy|Lynn|Mairi|Malcolm|Margaret|Maria|Marie|Mark|"
    "Martin|Mary|Matthew|Maureen|Megan|Mhairi|Michael|Michelle|Moira|Morag|Morven|Murdo|Murray|Natalie|"
    "Neil|Nicola|Nigel|Olivia|Orla|Pamela|Patricia|Patrick|Paul|Pauline|Peter|Philip|Priya|Rachel|"
    "Rebecca|Richard|Robert|Robin|Roderick|Rona|Ronald|Rory|Rosemary|Ross|Rowan|Ruth|Ryan|Samantha|"
    "Samuel|Sandra|Sara|Sarah|Scott|Sean|Sharon|Sheila|Shona|Simon|Sophie|Stephen|Steven|Stewart|"
    "Stuart|Susan|Thomas|Tom|Tracey|Valerie|Victoria|Wendy|William|Yvonne"
)
_PERSON = Quick(
    r"\b(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? (?:[A-Z][\w'-]* ){0,2}|(?:[A-Z]\.? ){1,2}|"
    rf"(?:{_FIRST_NAME}) (?:[A-Z][\w'-]* )?)"
    # "22 Victoria Road" is no person.
    r"(?!(?:Road|Street|Avenue|Lane|Terrace|Place|Square|Park|Drive|Crescent|Gardens|Close|House|Court|Mews|"
    r"Quay|Bridge|Station|Mill|Works|Wharf)\b)[A-Z][a-z][\w'-]+"
)
_TRADE_WORD = Quick(
    r"\b(?:in|of|the|and|on|for|at|services?|solutions?|clean\w*|design\w*|plumb\w*|garden\w*|care|"
    r"catering|baker\w*|"
    r"bakes|studios?|repairs?|groom\w*|paws|joinery|decorat\w*|paint\w*|electric\w*|build\w*|landscap\w*|"
    r"photograph\w*|"
    r"tutor\w*|music|lessons|hair|beauty|salon|cakes?|flowers|florist|crafts?|kitchens?|fencing|roofing|"
    r"plaster\w*|"
    r"tiling|removals|handyman|property|translations?|writing|editing|consult\w*|web|digital|media|"
    r"pottery|candles|"
    r"stitch\w*|sew\w*|knit\w*|window|windows|dog|dogs|pet|pets|walk\w*|fitness|yoga|massage|therapy|"
    r"events|weddings|"
    r"travel|taxis?|transport|trees?|coaching|training|creative|woodwork|upholstery|carpentry|mobile|"
    r"signs?|print\w*|heating|drain\w*|scaffold\w*|paving|chimneys?|sweeps?|locks?|locksmiths?|ironing|laundry|"
    r"tailor\w*|barber\w*|nails|jewell\w*|arts?|bikes?|cycles|boats?|motors|hire|works|workshop|joiners?|"
    r"tuning|piano|clocks?|sheds?|looms?|frames?|framing|farm|kennels|cattery|nursery|brewery|bakehouse|"
    r"pantry|gallery|press|books?|bookkeeping|admin|school|gutters|wool|yarn|ceramics|restoration|"
    r"photos?|portraits|tuition|interiors|shop|stores?|"
    r"stone\w*|masonry|glass|glazing|floors?|flooring|carpets?|blinds|curtains?|soaps?|gifts?|lawns?|hedges?|"
    r"logs|couriers?|computers?|film|video|sound|disco|entertain\w*|parties|marquees?|pies|honey|plants)\b|&|"
    r"[a-z]'n'|'s\b",
    re.IGNORECASE,
)
_NOT_THE_NAME = re.compile(
    r"^(?:(?:sales |tax )?invoice|receipt|bill|page|date|no|www|tel|phone|e-?mail|\d|copy|original)\b|[:@]",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(
    r"\b(?:sole trader|self-employed|one-(?:man|woman|person) (?:band|business|firm)|partnership|"
    r"trading name|trading as|business name)\b",
    re.IGNORECASE,
)
# Words of what is told, not listed, where so many others stand after or before them.
_TELLING = frozenset(
    "i we you your my me us it that was were has have had is are will who went".split()  # noqa: SIM905 - shorter
)
_OPENING, _BESIDE = _TELLING | {"please", "thank", "thanks", "don", "can"}, 3
_MARKS = '.,;:!?()"'
_TO_THE_CUSTOMER = re.compile(r"\W*(?:dear|hi|hello|hey|thanks?|for|to|attn|fao)\b", re.IGNORECASE)
# "I'm Ruth Gowland and Tidy Columns is my business"
_OWN_WORD = re.compile(
    r"\b(?:I am|I'm|[Mm]y name is|[Rr]un by|[Bb]usiness of|[Bb]elongs to|[Oo]wned by|[Ss]ole trader|"
    r"[Pp]roprietor|[Tt]rading name of)(?: is| named)? (?:[A-Z][\w'-]+ ){1,2}[A-Z][\w'-]+"
)
_LETTER_BY_LETTER = re.compile(r"(?:[A-Z] ){2,}[A-Z]")
_LETTERHEAD = 3
_MOST_NAME_WORDS, _FULL_NAME = 7, 3
_AFTER_NAME = re.compile(r",| - |: | \| ")


# "Trading name: Fix-It Handyman", "from Pipes & Taps, a sole trader business".
_TOLD_NAME = re.compile(
    r"\b[Tt]rading name(?: is)?:? (?P<label>[A-Z][\w&' -]{2,40})|"
    r"\b(?:[Ff]rom|[Bb]y) (?P<told>[A-Z][\w&' -]{2,40}), a sole trader|"
    r"^(?:[Bb]usiness|[Tt]rading) ?(?:[Nn]ame)?\n(?P<cell>[A-Z][\w&' -]{2,40})$",
    re.MULTILINE,
)
_NO_OWNER = re.compile(
    r"\b(?:owners?|proprietors?|partners?):? *\W?(?:not (?:shown|stated|given|named)|none|blank|-|n/a|tbc)\b",
    re.IGNORECASE,
)


@check("business_owner")
def business_owner(context: Context) -> CheckResult:
    """Behind a supplier's business name without a company stands a named person."""
    found = pieces(context.document)
    is_body = _is_body(found)
    own = [] if is_body else [piece for piece in found if piece.role == "supplier"]
    text = text_of(own, "supplier")
    if is_body or (context.document_type != "non_vat_invoice" and not _SAYS_SO.search(text)):
        return not_applicable("The supplier is a company or an association, or says nothing of its form.")
    told = _TOLD_NAME.search(text)
    if told and not (
        _OWNER.search(_NO_OWNER.sub("", text)) or _PERSON.search(text) or _OWN_WORD.search(text)
    ):
        return failed(None)
    names = [
        piece
        for piece in own
        if not (_NOT_THE_NAME.search(piece.text) or _is_told(piece.text))
        and len(piece.text.split()) <= _MOST_NAME_WORDS
    ]
    if not names or not _is_business_name(names[0].text):
        return not_applicable("The supplier uses no business name that we recognise.")
    listed = "\n".join(piece.text for piece in own if not _is_told(piece.text))
    if _OWNER.search(text) or _PERSON.search(listed) or _OWN_WORD.search(text):
        return passed()
    return failed(None, Finding(names[0].start, names[0].start + len(names[0].text)))


def _is_body(found: Iterable[Piece]) -> bool:
    """Whether letterhead or footer make the supplier a company, or its name an association."""
    letterhead = islice(filterfalse(_is_told, texts_of(found, "supplier")), _LETTERHEAD)
    return any(map(_ASSOCIATION.search, letterhead)) or any(
        _COMPANY.search(text) and not _is_told(text) for text in texts_of(found, "supplier")
    )


def _is_told(text: str) -> bool:
    """Whether a line is part of what is written to the customer, who knows people and firms of their own."""
    if _TO_THE_CUSTOMER.match(text):
        return True
    words = [word.strip(_MARKS).partition("'")[0] for word in text.lower().split()]
    return not _OPENING.isdisjoint(words[:-_BESIDE]) or not _TELLING.isdisjoint(words[_BESIDE:])


def _is_business_name(name: str) -> bool:
    if _LETTER_BY_LETTER.fullmatch(name):
        return not _PERSON.match(name.replace(" ", "").title() + " Xx")
    return _TRADE_WORD.search(name) is not None and not _is_own_name(name)


def _is_own_name(name: str) -> bool:
    """Whether a person trades under their own name, with the trade after it: "Rab Imrie, Joiner"."""
    first, _, trade = (part.strip() for part in _AFTER_NAME.sub("\n", name, count=1).partition("\n"))
    words = first.split()
    return (
        bool(trade) and 1 < len(words) <= _FULL_NAME and words[0] != "The" and not _TRADE_WORD.search(first)
    )
