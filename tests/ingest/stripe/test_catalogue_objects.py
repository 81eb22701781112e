"""Prices and coupons are read with all that decides what they come to: tiers, currencies, products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.ingest.stripe.factories import NOW, event, price

if TYPE_CHECKING:
    from tests.ingest.stripe.installation import Installation


def test_a_tiered_price_is_read_with_its_tiers(here: Installation) -> None:
    whole = price(1, billing_scheme="tiered", tiers=[{"up_to": None, "unit_amount": 5}])
    here.account.objects["price"] = [whole]
    here.happens(event(1, {k: v for k, v in whole.items() if k != "tiers"}, "price.created"))

    here.sync()

    assert here.fetched() == ["/v1/prices/price_000001"]
    assert here.account.requests[-1][1]["expand[0]"] == "tiers"


def test_a_price_is_read_with_its_amounts_in_other_currencies(here: Installation) -> None:
    options = {"gbp": {"unit_amount_decimal": "9900"}, "eur": {"unit_amount_decimal": "11050.5"}}
    here.account.objects["price"] = [price(1, currency_options=options)]
    here.happens(event(1, price(1), "price.created"))

    here.sync()

    assert here.fetched() == ["/v1/prices/price_000001"]
    assert here.account.requests[-1][1]["expand[1]"] == "currency_options"


def in_two_currencies(number: int) -> dict[str, Any]:
    tiers = [{"up_to": None, "unit_amount": 500}]
    options = {code: {"unit_amount": None, "tiers": tiers} for code in ("gbp", "eur")}
    return price(number, billing_scheme="tiered", tiers=tiers, currency_options=options)


def test_tiers_in_other_currencies_are_asked_for_currency_by_currency(here: Installation) -> None:
    here.account.objects["price"] = [in_two_currencies(1)]
    here.happens(event(1, price(1, billing_scheme="tiered"), "price.created"))

    here.sync()

    assert here.fetched() == ["/v1/prices/price_000001"] * 2
    asked = [value for name, value in here.account.requests[-1][1].items() if name.startswith("expand")]
    assert asked == ["tiers", "currency_options", "currency_options.eur.tiers"]
    options = here.rows("stripe_price", "currency_prices")[-1]
    assert {option["currency"]: option["tiers"] and len(option["tiers"]) for option in options} == {
        "gbp": None,
        "eur": 1,
    }


def test_a_price_whose_tiers_are_refused_lands_without_them(here: Installation) -> None:
    here.account.objects["price"] = [in_two_currencies(1)]
    here.account.refused["/v1/prices/price_000001"] = 400

    here.sync(backfill=True)

    (options,) = here.rows("stripe_price", "currency_prices")
    assert [option["tiers"] for option in options] == [None, None]


def test_a_coupon_is_read_with_the_products_it_is_for(here: Installation) -> None:
    seen = {"object": "coupon", "id": "co_1", "created": NOW, "percent_off": 50, "duration": "forever"}
    here.account.objects["coupon"] = [seen | {"applies_to": {"products": ["prod_000001"]}}]
    here.happens(event(1, seen, "coupon.created"))

    here.sync()

    assert here.fetched() == ["/v1/coupons/co_1"]
    asked = here.account.requests[-1][1]
    assert [asked[f"expand[{place}]"] for place in (0, 1)] == ["applies_to", "currency_options"]
