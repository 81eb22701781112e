"""Who issues an invoice, who receives it, and under which name and number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.invoices.parties import Piece, addresses_in, pieces, text_of, texts_of
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.fields.people import has_address
from validation_engine.fields.vat_shares import vat_shares
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterable

_REVERSE = re.compile(r"\breverse[- ]charge", re.IGNORECASE)
_VAT_NUMBER = re.compile(
    r"\b(?:vat|vrn)\b[^\d]{0,40}?\d{3} ?\d{2,4} ?\d{2,4}|\b(?:GB|XI) ?\d{3} ?\d{4} ?\d{2}|"
    r"\bG[DB](?:HA)?\d{3}\b",
    re.IGNORECASE,
)
_REGISTERED_OFFICE = re.compile(r"\b(?:registered (?:office|address)|regd?\.? office)\b.*", re.IGNORECASE)
_NO_ADDRESS = re.compile(
    r"\b(?:vat|company|reg\w*|no|number|tel\w*|phone|www|utr|e-?mail)\b|[@\xa3%]|^\W*$|"
    # A label alone, or one whose answer says that there is none.
    r"^\W*(?:(?:customer|client|buyer|purchaser|supplier|seller|from|to|(?:bill|sold|invoice)(?:ed)? to)"
    r"(?: (?:name|address|details))?\W*)?(?:(?:not (?:stated|given|shown|known|provided)|none|n/?a|tb[ac]|us|"
    r"to be (?:confirmed|advised)|unknown|blank|missing|name and address missing)\W*)?$",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"^(?:[\w ]{2,20}: *|to )(?:the |our )?(?:(?:site|office|facilities|property|store|accounts|works|"
    r"general|project) )*(?:manager|owner|occupier|householder|department|office|team|cash)\b",
    re.IGNORECASE,
)
_ADDRESS_PARTS = 3
_FORM = Quick(
    r"\b(?:limited|ltd|p\.?l\.?c|l\.?l\.?p|c\.?i\.?c|cyf(?:yngedig)?|community interest company)\b",
    re.IGNORECASE,
)
_NOT_A_NAME = Quick(r"\b(?:limited (?:to|by|company|companies|liability)|a limited)\b", re.IGNORECASE)

# "Invoice 7120 of 15 April 2026 to Burghead Boatyard Ltd"
_ADDRESSED = re.compile(
    r"\b(?:[Tt]o|[Ff]or|[Cc]lient|[Cc]ustomer|[Aa]ttn):? (?:[A-Z&][\w&'.,()-]* ){1,7}"
    r"(?:Limited|Ltd|LLP|PLC|plc|CIC)\b"
)
# "Invoice 800 for Marlow Rowing Club, 1 Bisham Road, Marlow SL7 1RH."
_SOLD_TO = re.compile(
    r"\b[Ii](?:nvoice|NVOICE)\b[^\n]{0,60}?\b(?:to|for) (?:(?:the|[A-Z&][\w&'.()-]*) ){0,6}[A-Z][\w&'.()-]*, "
    r"(?:\d|Unit|The)[^\n]*?(?=\b(?:from|by)\b|\. |\.?\n|\.?$)",
    re.MULTILINE,
)


@check("supplier_identity")
def supplier_identity(context: Context) -> CheckResult:
    """The supplier's address stands somewhere outside the customer's and the delivery's lines."""
    found = pieces(context.document)
    own = texts_of(found, "supplier")
    if any(has_address(_SOLD_TO.sub("", text)) for text in own) or _is_spelt_out(found):
        return passed()
    return failed("Nothing outside the customer's details gives the supplier's name with an address.")


def _is_spelt_out(found: Iterable[Piece]) -> bool:
    text = "\n".join(one.text for one in found if one.role == "supplier" and one.labelled)
    return _has_parts(text)


def _has_parts(text: str) -> bool:
    parts = [part for part in re.split(r"[,\n]", text) if part.strip(" :*")]
    return len([part for part in parts if not _NO_ADDRESS.search(part)]) >= _ADDRESS_PARTS


@check("customer_identity")
def customer_identity(context: Context) -> CheckResult:
    """The customer is named with an address: labelled, or as the second address of a letter."""
    found = pieces(context.document)
    first = next((piece for piece in found if piece.role == "customer"), None)
    is_nobody = first is not None and _NOBODY.match(first.text) is not None
    shown = [Finding(first.start, first.start + len(first.text))] if first else []
    if first and _has_address(found):
        is_named = not is_nobody or any(map(_FORM.search, texts_of(found, "customer")))
        return passed() if is_named else failed(None, *shown)
    others = "\n".join(_REGISTERED_OFFICE.sub("", text) for text in texts_of(found, "supplier"))
    sold_to = _SOLD_TO.search(others)
    has_two = addresses_in(others) > 1 or (sold_to is not None and has_address(sold_to[0]))
    if has_two and not is_nobody:
        return passed()
    return failed("The document does not give the customer's name with an address.", *shown)


def _has_address(found: Iterable[Piece]) -> bool:
    """Whether the customer's lines give an address, or as many parts as one has."""
    return any(map(has_address, texts_of(found, "customer"))) or _has_parts(text_of(found, "customer"))


@check("supplier_vat_number")
def supplier_vat_number(context: Context) -> CheckResult:
    """A VAT number stands outside the customer's lines where VAT is charged or reverse-charged."""
    folded = context.document.folded
    charged = [one for one in context.fields.invoice.all("vat") if one.amount]
    shares = [] if charged else vat_shares(context.document)
    if not charged and not shares and not _REVERSE.search(folded):
        return not_applicable("No VAT is charged.")
    found = pieces(context.document)
    is_shown = any(map(_VAT_NUMBER.search, texts_of(found, "supplier")))
    # The label may stand on the line before.
    if is_shown or _VAT_NUMBER.search(text_of(found, "supplier")):
        return passed()
    amounts = [(one.start, one.end) for one in charged] or [(one.vat.start, one.vat.end) for one in shares]
    shown = [Finding(*one) for one in amounts[:1]]
    return failed("VAT is shown, and no VAT registration number of the supplier.", *shown)


@check("company_legal_name")
def company_legal_name(context: Context) -> CheckResult:
    """Some name outside the customer's lines carries a company's legal form."""
    own = texts_of(pieces(context.document), "supplier")
    is_named = any(_FORM.search(text) and _FORM.search(_without_others(text)) for text in own)
    return passed() if is_named else failed(None)


def _without_others(text: str) -> str:
    return _ADDRESSED.sub("", _NOT_A_NAME.sub("", text))
