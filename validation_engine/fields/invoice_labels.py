"""What the words before an amount of an invoice call it: net, VAT or gross."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from validation_engine.lazy import per_document
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

TotalKind = Literal["net", "vat", "gross"]
# What each label of a document was found to call an amount.
Kinds = dict[str, TotalKind | None]

# Without one of these, words call an amount nothing.
_NAMES = Cue(
    "net|total|rated|vat|value|goods|gross|amount|balance|pay|due|tax|owe|credit|altogether|in all|all told|"
    "bill|invoice|account"
)
# So far from its amount a label may end.
LABEL_REACH = 20
WITHOUT = (
    r"(?:before|excluding|exclusive of|excl?\.?|ex\.?|net of|less|without|not including|leaving out)"
    r"(?: any| adding| the)?[ -](?:vat|tax)"
)
_NET = Quick(
    r"\b(?:nett? (?:total|amount|value|sum|price|goods|credit|altogether|in all|all told)|total nett?|"
    r"sub-? ?total|goods total|"
    r"(?:zero|standard|reduced|lower)[- ]rated?(?: (?:goods|lines?|items?|supplies|sales|services|total))?"
    r"(?= ?(?:\([^)]*\))?[\s.:|]*$)|taxable (?:amount|total|value|sum)|"
    r"nett?(?! (?:pay|paid|payment|payable)\b)|"
    rf"total,? \(?{WITHOUT}\)?|{WITHOUT}|value of (?:goods|supply|work))\b",
    re.IGNORECASE,
)
_VAT = Quick(
    r"(?<!subject to )(?<!exempt from )(?<!without )(?<!\bno )\b(?:total vat|"
    r"vat (?:total|amount|altogether|in all|all told)|"
    r"vat(?: content| element| included| contained)?,?"
    r"(?: (?:at|@) \d[\d.]* ?%)? (?:of|in|within) (?:the |this )?(?:total|price|above|"
    r"amount|sum)|vat content|vat due|vat charged|vat (?:to pay|payable|chargeable)|vat|value added tax)\b",
    re.IGNORECASE,
)
_NOT_VAT = re.compile(
    r"\bvat (?:reg|registration|no\b|number|invoice|return|exempt|period|gb\d|"
    r"\(?(?:gb ?)?\d{3} ?\d{4} ?\d\d\b|"
    r"(?:is |being )?(?:left out|left off|excluded|omitted|not included|apart)\b)",
    re.IGNORECASE,
)
_GROSS = Quick(
    r"\b(?<!\bline )(?<!\bitem )(?:(?:grand |invoice |gross |overall |final )?totals?"
    r"(?: (?:due|payable|amount|to pay|now due|owing|credit(?:ed)?|paid|"
    r"\(?(?:including|incl?\.?|inclusive of|with) vat\)?))*|"
    r"(?:amount|sum) (?:due|payable|to pay|owing|you owe)|"
    r"(?:value|price|amount|sum|figure) (?:with|including|incl\.?|plus) vat|"
    r"balance (?:due|payable)|invoice (?:value|amount)|(?:we )?credit you with|you (?:now )?owe(?: us)?|"
    r"(?:bring|tak)(?:s|es|ing)(?: \w+){0,2} (?:bill|invoice|account|it|that) (?:up )?to|due from you|"
    r"you pay|(?:bill|invoice|account) comes to|you are due to pay|amount for payment|"
    r"total to pay|please pay|now due|to pay|payable|altogether|in all|all told|to your credit|"
    r"gross(?: amount)?)\b|^[\W_]*due(?=[\W_]*$)",
    re.IGNORECASE,
)
INCLUDES_VAT = Quick(
    r"\b(?:including|includes?|incl?\.?|inclusive of|with|after|of which|contains?) (?:\S+ ){0,3}vat\b",
    re.IGNORECASE,
)
# The VAT in a total: "Total includes VAT at 20% of £20.00".
_INCLUDES_SO_MUCH = re.compile(
    r"\b(?:includ(?:es|ing)|contain(?:s|ing)|with) (?:uk )?vat"
    r"(?: (?:at|@) \d[\d.]* ?(?:%|per ?cent))? of:? $",
    re.IGNORECASE,
)
# "Credit including VAT", a name of its own.
_NAMED_WITH_VAT = Quick(
    r"^[^a-z]*(?:(?!which|is|are|and|this|that|it|price)[a-z'&-]+ ){1,4}\(?"
    r"(?:including|incl?\.?|inclusive of|with) (?:uk )?vat\W*$",
    re.IGNORECASE,
)
# "Total, VAT included"
VAT_IN_IT = re.compile(r"\b(?:vat|tax) (?:is |being |now )?(?:included|inclusive|incl|inc)\b", re.IGNORECASE)
# What may stand between a label and its amount without parting them.
_FILLING = re.compile(
    r"\b(?:at|on|that|it|this|the|standard|reduced|rate|of|is|are|was|comes?|to|thereon|charged|added|which|"
    r"makes?|a|now|amounts?|in|for)\b|[\d.]+ ?(?:%|per ?cent)|\([^)]*\)|[ .:*_|-]",
    re.IGNORECASE,
)
# "VAT at 20% on £500.00": what the VAT is on.
_BASE = re.compile(r"\bvat\b[^\n]{0,40}\bon $", re.IGNORECASE)


@per_document
def kinds_in(_: Document) -> Kinds:
    """Return what is known of a document's labels: at first nothing."""
    return {}


def kind_of(label: str, kinds: Kinds) -> TotalKind | None:
    """Return what the words before an amount call it; the last word wins.

    Args:
        label: The words.
        kinds: Answers given before, for a document repeats its labels; this one is added.
    """
    if label not in kinds:
        kinds[label] = _kind_of(label) if _NAMES.within(label) else None
    return kinds[label]


def _kind_of(label: str) -> TotalKind | None:
    best: tuple[int, TotalKind] | None = None
    for kind, pattern in (("net", _NET), ("vat", _VAT), ("gross", _GROSS)):
        for found in pattern.finditer(label):
            if kind == "vat" and _NOT_VAT.match(label, found.start()):
                continue
            candidate: tuple[int, TotalKind] = (found.end(), kind)  # type: ignore[assignment]
            # "Value with VAT" ends where "VAT" does.
            is_with_vat = kind == "gross" and found[0].lower().endswith("vat")
            if best is None or candidate[0] > best[0] - is_with_vat:
                best = candidate
    if _BASE.search(label):
        return None
    if best is None or len(_FILLING.sub("", label[best[0] :])) > LABEL_REACH:
        return None
    return _unless_both_are_named(label, best[1])


def _unless_both_are_named(label: str, kind: TotalKind) -> TotalKind:
    """Return the kind meant where a label names VAT beside another: "total including VAT", "net of VAT"."""
    if kind != "vat":
        return kind
    gross = _GROSS.search(label)
    if _INCLUDES_SO_MUCH.search(label):
        return "vat"
    if _NAMED_WITH_VAT.search(label):
        return "gross"
    if gross and VAT_IN_IT.search(label, gross.end()):
        return "gross"
    if gross and INCLUDES_VAT.search(label) and not re.search(r"of which", label, re.IGNORECASE):
        return "gross" if gross.start() < label.lower().rfind("vat") else "vat"
    without = re.search(r"\b(?:ex|excl|excluding|before|without|net of)\b", label, re.IGNORECASE)
    return "net" if _NET.search(label) and without else kind
