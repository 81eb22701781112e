"""A label says whose lines follow it; every label is known by its first two letters before it is read."""

from __future__ import annotations

import pytest

from validation_engine.checks.invoice_parties import pieces
from validation_engine.documents.plain import read_plain

LABELS = {
    "customer": (
        "Invoice to, Invoiced to, Bill to, Billed to, Sold to, Credit to, Charged to, Issued to,"
        " Addressed to, Made out to, Billing address, To, For, Customer, Client name, Buyer, Purchaser,"
        " Subcontractor"
    ),
    "supplier": "From, Supplier, Seller, Issued by, Invoice from, Supplied by, Contractor",
    "elsewhere": (
        "Deliver to, Delivery address, Shipped to, Site, Job address, Location, Works at, Bank details,"
        " Property, Premises"
    ),
}


@pytest.mark.parametrize(
    ("label", "role"), [(label, role) for role, labels in LABELS.items() for label in labels.split(", ")]
)
def test_what_follows_a_label_is_its_party_s(label: str, role: str) -> None:
    found = pieces(read_plain(f"**{label}:** Rannoch Foods Ltd\n70 Quay Road"))
    assert [(one.role, one.labelled) for one in found] == [(role, True), (role, True)]
