"""The kinds of document the gates speak of, and the groups they name them by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation_engine.errors import UnknownName
from validation_engine.names import meant

if TYPE_CHECKING:
    from collections.abc import Iterable

UNKNOWN = "unknown"
ANY = "any"

PROMOTIONS = (
    "investment_promotion",
    "savings_promotion",
    "credit_promotion",
    "mortgage_promotion",
    "high_risk_promotion",
    "social_media_promotion",
)
NDAS = ("mutual_nda", "unilateral_nda", "employee_nda", "settlement_agreement")
INVOICES = ("vat_invoice", "simplified_invoice", "reverse_charge_invoice", "non_vat_invoice", "credit_note")
PRIVACY = (
    "privacy_notice",
    "employee_privacy_notice",
    "consent_form",
    "processing_agreement",
    "cookie_notice",
    "marketing_email",
    "breach_procedure",
    "dsar_response",
)
LETTERS = (
    "disciplinary_invite",
    "investigation_invite",
    "suspension_letter",
    "grievance_invite",
    "appeal_invite",
    "warning_letter",
    "dismissal_letter",
    "appeal_outcome",
    "grievance_outcome",
)
EMPLOYMENT = (*LETTERS, "disciplinary_policy", "employment_contract", "employee_email")
GROUPS: dict[str, tuple[str, ...]] = {
    "every_promotion": PROMOTIONS,
    "every_nda": NDAS,
    "every_invoice": INVOICES,
    "every_privacy_document": PRIVACY,
    "every_employment_letter": LETTERS,
    "every_employment_document": EMPLOYMENT,
}
TYPES: tuple[str, ...] = (
    *PROMOTIONS,
    "client_update",
    "client_terms",
    "complaints_leaflet",
    "final_response_letter",
    *PRIVACY,
    *INVOICES,
    "cis_statement",
    "tax_guidance",
    "status_determination",
    "expenses_policy",
    "payment_demand",
    *NDAS,
    *EMPLOYMENT,
    UNKNOWN,
)


def expanded(names: Iterable[str]) -> frozenset[str]:
    """Return the types that names and groups stand for; `any` is every type, `unknown` included.

    Raises:
        UnknownName: A name is neither a type nor a group.
    """
    found: set[str] = set()
    for name in names:
        if name == ANY:
            found.update(TYPES)
        elif name in GROUPS:
            found.update(GROUPS[name])
        elif name in TYPES:
            found.add(name)
        else:
            known = (ANY, *GROUPS, *TYPES)
            near = meant(name, known)
            msg = f"There is no document type or group {name!r}{near}; there are: {', '.join(known)}."
            raise UnknownName(msg, "unknown_document_type")
    return frozenset(found)


def known_type(name: str) -> str:
    """Return the name if it is a document type.

    Raises:
        UnknownName: It is not.
    """
    if name in TYPES:
        return name
    msg = (
        f"There is no document type {name[:80]!r}{meant(name, TYPES)};"
        f" leave it out to have it detected, or use one of: {', '.join(TYPES)}."
    )
    raise UnknownName(
        msg,
        "unknown_document_type",
    )
