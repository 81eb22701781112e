"""The particulars of one document: names, consistent dates, valid check digits, sums that add up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from orchestration.demo.documents import names

if TYPE_CHECKING:
    from random import Random

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - twelve words read better than twelve strings
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FSCS_LIMIT_RAISED_ON = date(2025, 12, 1)
_VAT_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)


def particulars(rng: Random, module: str, dated: date) -> dict[str, str]:
    """Draw everything that a document of this module and date may mention."""
    return {
        **_parties(rng, module),
        **_people(rng),
        **_dates(rng, dated),
        **_sums(rng),
        **_numbers(rng, dated),
    }


def _parties(rng: Random, module: str) -> dict[str, str]:
    company = rng.choice(names.FINANCE_HOUSES if module == "fca_uk" else names.TRADERS)
    customer = rng.choice([name for name in names.TRADERS if name != company])
    town, _ = place = rng.choice(names.PLACES)
    domain = company.lower().removesuffix(" ltd").replace(" ", "") + ".example"
    return {
        "company": company,
        "customer": customer,
        "town": town,
        "address": _address(rng, place),
        "customer_address": _address(rng, rng.choice(names.PLACES)),
        "domain": domain,
        "email": f"{'privacy' if module == 'gdpr_uk' else 'office'}@{domain}",
        "phone": f"01632 960 {rng.randrange(1000):03}",
        "accountants": rng.choice(names.ACCOUNTANTS),
        "fund": rng.choice(names.FUNDS),
        "product": rng.choice(names.PRODUCTS),
        "job_title": rng.choice(names.JOBS),
    }


def _address(rng: Random, place: tuple[str, str]) -> str:
    return f"{rng.randrange(1, 90)} {rng.choice(names.STREETS)}, {place[0]} {place[1]}"


def _people(rng: Random) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, (first, last, title) in enumerate(rng.sample(names.PEOPLE, 5), start=1):
        found[f"p{number}"] = f"{first} {last}"
        found[f"p{number}_formal"] = f"{title} {last}"
    return found


def _dates(rng: Random, dated: date) -> dict[str, str]:
    hearing = _working_day(dated + timedelta(days=rng.randrange(7, 12)))
    shifted = _WEEKDAYS[(hearing.weekday() + rng.randrange(1, 5)) % 7]
    found = {
        "date": _long(dated),
        "hearing": f"{_WEEKDAYS[hearing.weekday()]} {_long(hearing)}",
        "hearing_wrong_weekday": f"{shifted} {_long(hearing)}",
        "hearing_too_soon": _with_weekday(dated + timedelta(days=1)),
        "days_before_7_weekday": _with_weekday(_working_day(dated - timedelta(days=9))),
    }
    found.update({f"days_before_{days}": _long(dated - timedelta(days=days)) for days in (14, 21, 40, 80)})
    found.update({f"days_after_{days}": _long(dated + timedelta(days=days)) for days in (7, 11, 28)})
    return found


def _sums(rng: Random) -> dict[str, str]:
    quantities = [rng.randrange(2, 20) for _ in range(2)]
    prices = [25 * rng.randrange(50, 400) for _ in range(2)]
    lines = [quantity * price for quantity, price in zip(quantities, prices, strict=True)]
    net = sum(lines)
    vat = (net * 20 + 50) // 100
    goods = rng.sample(names.GOODS, 2)
    pence = {
        "unit1": prices[0],
        "unit2": prices[1],
        "line1": lines[0],
        "line2": lines[1],
        "net": net,
        "vat": vat,
        "gross": net + vat,
        "line1_wrong": lines[0] + 9000,
        "net_wrong": net + 1000,
        "vat_wrong": vat + 1800,
        "gross_wrong": net + vat + 7200,
        "award": 50 * rng.randrange(100, 400),
    }
    found = {name: _pounds(amount) for name, amount in pence.items()}
    return found | {
        "item1": goods[0],
        "item2": goods[1],
        "qty1": str(quantities[0]),
        "qty2": str(quantities[1]),
    }


def _numbers(rng: Random, dated: date) -> dict[str, str]:
    invoice = rng.randrange(100, 4000)
    base = str(rng.randrange(2_000_000, 9_000_000))
    check = 97 - sum(weight * int(digit) for weight, digit in zip(_VAT_WEIGHTS, base, strict=True)) % 97
    return {
        "company_no": f"SC{rng.randrange(200_000, 700_000)}",
        "other_company_no": f"SC{rng.randrange(200_000, 700_000)}",
        "frn": str(rng.randrange(400_000, 900_000)),
        "invoice_no": f"{dated.year}-{invoice:04}",
        "other_invoice_no": f"{dated.year}-{invoice - 40:04}",
        "vat_number": _vat_number(base, check),
        "vat_number_wrong": _vat_number(base, check % 97 + 1),
        "rate": f"{rng.randrange(330, 460) / 100:.2f}",
        "income": f"{50 * rng.randrange(20, 150):,}",
        "salary": f"{500 * rng.randrange(60, 90):,}",
        "fscs_limit": "£120,000" if dated >= _FSCS_LIMIT_RAISED_ON else "£85,000",
    }


def _vat_number(base: str, check: int) -> str:
    return f"{base[:3]} {base[3:]} {check:02}"


def _pounds(pence: int) -> str:
    return f"{pence // 100:,}.{pence % 100:02}"


def _working_day(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)  # noqa: PLR2004 - Friday


def _with_weekday(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {_long(day)}"


def _long(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
