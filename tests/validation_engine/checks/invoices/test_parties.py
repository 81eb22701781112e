"""A label says whose lines follow it; every label is known by its first two letters before it is read."""

from __future__ import annotations

import pytest

from tests.validation_engine.checks.checking import checked
from validation_engine.checks.invoices.parties import pieces
from validation_engine.documents.plain import read_plain

LABELS = {
    "customer": (
        "Invoice to, Invoiced to, Bill to, Billed to, Sold to, Credit to, Charged to, Issued to,"
        " Addressed to, Made out to, Billing address, To, For, Customer, Client name, Buyer, Purchaser,"
        " Subcontractor, Customer address, Consignee and customer, FAO"
    ),
    "supplier": "From, Supplier, Supplier address, Seller, Issued by, Invoice from, Supplied by, Contractor",
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


def test_the_second_address_of_a_letter_is_the_customer_s() -> None:
    own = "Gairloch Slate\n8 Quarry Brae, Gairloch IV21 2BT\nCompany no. SC612908\n\n"
    text = own + "Doune Estates Ltd\n6 Main Street\nDoune FK16 6BJ\n\nTo our fees for the roof £40.00"
    roles = [one.role for one in pieces(read_plain(text))]
    assert roles == ["supplier"] * 3 + ["customer"] * 3 + ["supplier"]


def test_a_label_in_a_column_of_its_own_names_what_stands_beside_it() -> None:
    text = "To     Kelso Mill Ltd      Invoice 33\n       Mill Wynd           4 May 2026"
    roles = [one.role for one in pieces(read_plain(text))]
    assert roles == ["customer", "customer", "supplier", "customer", "supplier"]


@pytest.mark.parametrize(
    ("check", "text", "verdict"),
    [
        ("supplier_identity", "From\nCorrie Audio Ltd\nCompany number SC601177\nVAT GB271660559", "FAIL"),
        ("supplier_vat_number", "VAT Number\t904 3377 36\nNet\t£10.00\nVAT 20%\t£2.00", "PASS"),
        ("supplier_vat_number", "VAT analysis   Rate   Goods   VAT\nA   20%   36.67   7.33", "FAIL"),
        ("document_number", "Invoice #: TS-4471", "PASS"),
        ("supplier_identity", "Invoice 8 for Ayr Rowing Club, 1 Kirk Wynd, Ayr KA7 2BB.\nTar £20.00", "FAIL"),
        (
            "customer_identity",
            "Ore Ltd, Ayr KA7 1AA\nCustomer name:\nCustomer address:\nTar £5.00, net",
            "FAIL",
        ),
        ("customer_identity", "| Buyer | not stated |\n| Tar, one | £20.00 |\n| VAT | £4.00 |", "FAIL"),
        (
            "customer_identity",
            "Ore Ltd, Mill Road, Ayr KA7 1AA. Registered in Wales.\nFay Ltd, 3 Kirk Wynd, Ayr KA7 2BB",
            "PASS",
        ),
        (
            "business_owner",
            "Rab Imrie, Joiner\n8 Seaforth Street\nTotal £40.00\nI am a sole trader.",
            "NOT_APPLICABLE",
        ),
        ("business_owner", "Invoice 8. Trading name: Fix-It. Sole trader. Owner: not shown.", "FAIL"),
        ("business_owner", "Trim Dog Grooming\n(a sole trader business)\n22 Victoria Road, Ayr", "FAIL"),
        ("business_owner", "Invoice from Pipes & Taps, a sole trader business.\nTap, £60.00", "FAIL"),
        (
            "business_owner",
            "Sweet Cakes\nSweet Cakes is the business name of sole trader Priya Nair.",
            "PASS",
        ),
        (
            "business_owner",
            "Imrie Clock Repairs\n8 Seaforth Street\nTotal £40.00\nI am a sole trader.",
            "FAIL",
        ),
    ],
)
def test_a_party_s_particulars_are_found_in_every_layout(check: str, text: str, verdict: str) -> None:
    assert checked(check, text).verdict == verdict
