"""The account itself, its balance, and exchange rates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from orchestration.demo.sandbox.errors import Json, missing
from orchestration.demo.sandbox.lists import PAGE, cut, envelope
from orchestration.demo.sandbox.periods import DAY
from orchestration.demo.sandbox.routing import route
from orchestration.demo.sandbox.shapes.platform import account_object

if TYPE_CHECKING:
    from orchestration.demo.sandbox.account import Account

# Units of each currency for one US dollar, around which the daily rates swing a little.
_PER_DOLLAR = {
    "aud": 1.52, "bhd": 0.376, "cad": 1.38, "chf": 0.88, "eur": 0.92, "gbp": 0.79, "jpy": 151.0,
    "krw": 1372.0, "kwd": 0.307, "sek": 10.6, "thb": 34.5, "usd": 1.0,
}  # fmt: skip
_SWING, _DIGITS = 0.02, 6


def rates_of(currency: str, moment: int) -> dict[str, float]:
    """Return units of every currency for one of the given, on the day of a moment."""
    day = moment // DAY
    today = {
        code: value * (1 + _SWING * math.sin(day / 29 + place)) if code != "usd" else value
        for place, (code, value) in enumerate(_PER_DOLLAR.items())
    }
    return {code: round(value / today[currency], _DIGITS) for code, value in today.items()}


def _rate(currency: str, moment: int) -> Json:
    return {"id": currency, "object": "exchange_rate", "rates": rates_of(currency, moment)}


@route("GET /v1/exchange_rates")
def list_rates(account: Account, form: Json) -> Json:
    """List today's rates of every currency."""
    values = PAGE.read(form)
    found = (_rate(currency, account.now) for currency in sorted(_PER_DOLLAR))
    data, has_more = cut(found, values, lambda rate: rate["id"], "exchange_rate")
    return envelope(data, "/v1/exchange_rates", has_more=has_more)


@route("GET /v1/exchange_rates/{id}")
def retrieve_rate(account: Account, _form: Json, currency: str) -> Json:
    """Return today's rates of one currency."""
    if currency not in _PER_DOLLAR:
        raise missing(currency, "exchange_rate")
    return _rate(currency, account.now)


@route("GET /v1/account")
def retrieve_account(account: Account, _form: Json) -> Json:
    """Return the account that the key belongs to."""
    return account_object(account.settings["country"])


@route("GET /v1/accounts/{id}")
def retrieve_account_by_id(account: Account, _form: Json, account_id: str) -> Json:
    """Return the account by its id."""
    own = account_object(account.settings["country"])
    if account_id != own["id"]:
        raise missing(account_id, "account")
    return own


@route("GET /v1/balance")
def retrieve_balance(account: Account, _form: Json) -> Json:
    """Return what is available and pending by currency."""
    available: dict[str, int] = {}
    waiting: dict[str, int] = {}
    for entry in account.store.of("balance_transaction"):
        side = available if entry["available_on"] <= account.now else waiting
        side[entry["currency"]] = side.get(entry["currency"], 0) + entry["net"]
    return {
        "object": "balance",
        "available": _amounts(available),
        "connect_reserved": [],
        "livemode": False,
        "pending": _amounts(waiting),
    }


def _amounts(sums: dict[str, int]) -> list[Json]:
    return [
        {"amount": amount, "currency": code, "source_types": {"card": amount}}
        for code, amount in sums.items()
    ]
