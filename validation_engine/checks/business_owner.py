"""Whether the person behind a business name is named."""

from __future__ import annotations

import re

from validation_engine.checks.invoice_parties import pieces, text_of
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

_COMPANY = Quick(
    r"\b(?:limited|ltd|p\.?l\.?c|l\.?l\.?p|c\.?i\.?c|company (?:no|number|registration)|registered in|"
    r"charity|council|"
    r"association|club|trust|society|university)\b",
    re.IGNORECASE,
)
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
    rf"(?:{_FIRST_NAME}) (?:[A-Z][\w'-]* )?)[A-Z][a-z][\w'-]+"
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
_MOST_NAME_WORDS, _FULL_NAME = 7, 3
_AFTER_NAME = re.compile(r",| - |: | \| ")


@check("business_owner")
def business_owner(context: Context) -> CheckResult:
    """Behind a supplier's business name without a company stands a named person."""
    found = pieces(context.document)
    own = text_of(found, "supplier")
    if _COMPANY.search(own) or (context.document_type != "non_vat_invoice" and not _SAYS_SO.search(own)):
        return not_applicable("The supplier is a company or an association, or says nothing of its form.")
    names = [
        piece
        for piece in found
        if piece.role == "supplier"
        and not _NOT_THE_NAME.search(piece.text)
        and len(piece.text.split()) <= _MOST_NAME_WORDS
    ]
    if not names or not _TRADE_WORD.search(names[0].text) or _is_own_name(names[0].text):
        return not_applicable("The supplier uses no business name that we recognise.")
    if _OWNER.search(own) or _PERSON.search(own):
        return passed()
    return failed(None, Finding(names[0].start, names[0].start + len(names[0].text)))


def _is_own_name(name: str) -> bool:
    """Whether a person trades under their own name, with the trade after it: "Rab Imrie, Joiner"."""
    first, _, trade = (part.strip() for part in _AFTER_NAME.sub("\n", name, count=1).partition("\n"))
    words = first.split()
    return (
        bool(trade) and 1 < len(words) <= _FULL_NAME and words[0] != "The" and not _TRADE_WORD.search(first)
    )
