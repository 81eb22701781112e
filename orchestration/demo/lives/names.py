"""Made-up companies: names and slugs, all different."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_FIRST = (
    "Alder", "Amber", "Aspen", "Avon", "Beacon", "Birch", "Blythe", "Bracken", "Brook", "Calder",
    "Cedar", "Clyde", "Copper", "Coral", "Cotswold", "Dale", "Dee", "Derwent", "Ember", "Esk", "Fern",
    "Fleet", "Forth", "Garnet", "Granite", "Harbour", "Hazel", "Heather", "Heron", "Ivory", "Jasper",
    "Juniper", "Kestrel", "Larch", "Linden", "Lomond", "Lark", "Maple", "Marlow", "Mersey", "Moor",
    "Nene", "Oak", "Ochre", "Orchard", "Otter", "Pearl", "Pennine", "Quarry", "Raven", "Ridge", "Rowan",
    "Saffron", "Severn", "Slate", "Spey", "Stour", "Tamar", "Tees", "Thistle", "Tweed", "Umber", "Vale",
    "Wharf", "Willow", "Wren", "Yarrow",
)  # fmt: skip
_SECOND = (
    "Advisory", "Analytics", "Assurance", "Brokers", "Capital", "Care", "Claims", "Consulting",
    "Credit", "Devices", "Digital", "Estates", "Finance", "Foods", "Freight", "Health", "Homes",
    "Housing", "Insurance", "Labs", "Lending", "Lettings", "Logistics", "Media", "Mortgages", "Mutual",
    "Partners", "Payments", "Payroll", "Pensions", "Property", "Recruitment", "Retail", "Savings",
    "Security", "Services", "Software", "Supplies", "Systems", "Wealth",
)  # fmt: skip
_LEGAL = ("Ltd", "Ltd", "Ltd", "LLP", "plc", "Group")


def companies(rng: Random, count: int) -> list[tuple[str, str]]:
    """Return so many different companies as (name, slug)."""
    pairs = [(first, second) for first in _FIRST for second in _SECOND]
    rng.shuffle(pairs)
    found = []
    for place in range(count):
        first, second = pairs[place % len(pairs)]
        series = place // len(pairs)
        number = f" {series + 1}" if series else ""
        slug = f"{first}-{second}{number}".lower().replace(" ", "-")
        found.append((f"{first} {second}{number} {rng.choice(_LEGAL)}", slug))
    return found
