"""What goes wrong with money, and what is put right: refused cards, refunds, credit notes, disputes."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from orchestration.demo.lives import acts
from orchestration.demo.sandbox.errors import ApiError

if TYPE_CHECKING:
    from orchestration.demo.lives.acts import Act
    from orchestration.demo.lives.life import Json, Life
    from orchestration.demo.lives.world import World

# Of those who replace a refused card: who pays in two parts, and up to here who pays outside Stripe.
_IN_PARTS, _OUTSIDE = 0.3, 0.5


def card_trouble(world: World, life: Life) -> None:
    """Have the card refused at the next charge: once or twice, until replaced, or for good."""
    if not life.method_id:
        return
    outcome = life.rng.random()
    code = life.rng.choice(("generic_decline", "insufficient_funds"))
    world.sandbox.decline(
        life.method_id, code, life.rng.randint(1, 2) if outcome < world.habits.retry_helps else None
    )
    if world.habits.retry_helps <= outcome < world.habits.card_is_replaced:
        world.plan(life, timedelta(days=life.rng.uniform(30, 38)), replace_card)


def replace_card(world: World, life: Life) -> None:
    """Leave another card and pay what is open with it; some pay in two parts, or by bank transfer."""
    if acts.subscription(world, life)["status"] == "canceled":
        return
    acts.add_card(world, life)
    way = Random(life.customer_id).random()  # apart, so that lives stay as they are
    for invoice in _open_invoices(world, life):
        if way < _IN_PARTS and invoice["amount_remaining"] > 1:
            _pay_half(world, life, invoice)
        elif way < _OUTSIDE:
            world.call("POST", f"/v1/invoices/{invoice['id']}/pay", {"paid_out_of_band": True})
        else:
            world.call("POST", f"/v1/invoices/{invoice['id']}/pay", {"payment_method": life.method_id})


def _pay_half(world: World, life: Life, invoice: Json) -> None:
    form = {
        "amount": invoice["amount_remaining"] // 2,
        "currency": invoice["currency"],
        "customer": life.customer_id,
        "payment_method": life.method_id,
        "confirm": True,
    }
    half = world.call("POST", "/v1/payment_intents", form)
    path = f"/v1/invoices/{invoice['id']}/attach_payment"
    world.call("POST", path, {"payment_intent": half["id"]})
    world.plan(life, timedelta(days=25), pay_the_rest)


def pay_the_rest(world: World, life: Life) -> None:
    """Pay what is still open."""
    for invoice in _open_invoices(world, life):
        world.call("POST", f"/v1/invoices/{invoice['id']}/pay", {"payment_method": life.method_id})


def _open_invoices(world: World, life: Life) -> list[Json]:
    query = {"customer": life.customer_id, "status": "open", "limit": 5}
    found: list[Json] = world.call("GET", "/v1/invoices", query)["data"]
    return found


def _last_charge(world: World, life: Life) -> Json | None:
    found = world.call("GET", "/v1/charges", {"customer": life.customer_id, "limit": 1})["data"]
    return found[0] if found and found[0]["paid"] and not found[0]["amount_refunded"] else None


def get_refund(world: World, life: Life) -> None:
    """Have a charge paid back, in part or whole."""
    charge = _last_charge(world, life)
    if charge:
        amount = charge["amount"] if life.rng.random() < 1 / 2 else max(1, charge["amount"] // 3)
        world.call(
            "POST",
            "/v1/refunds",
            {"charge": charge["id"], "amount": amount, "reason": "requested_by_customer"},
        )


def get_credit_note(world: World, life: Life) -> None:
    """Have part of an invoice credited."""
    query = {"customer": life.customer_id, "status": "paid", "limit": 1}
    invoice = next(iter(world.call("GET", "/v1/invoices", query)["data"]), None)
    if invoice and invoice["total"] > 0 and not invoice["post_payment_credit_notes_amount"]:
        amount = max(1, invoice["total"] // 4)
        world.call(
            "POST",
            "/v1/credit_notes",
            {
                "invoice": invoice["id"],
                "amount": amount,
                "credit_amount": amount,
                "reason": "product_unsatisfactory",
            },
        )


def dispute(world: World, life: Life) -> None:
    """Dispute the last charge with the bank; it is decided weeks later."""
    charge = _last_charge(world, life)
    if charge and not charge["disputed"]:
        world.sandbox.dispute(charge["id"])
        world.plan(life, timedelta(days=life.rng.uniform(10, 20)), settle_dispute)


def settle_dispute(world: World, life: Life) -> None:
    """Learn how the dispute ended."""
    charges = world.call("GET", "/v1/charges", {"customer": life.customer_id, "limit": 20})["data"]
    for charge in [each for each in charges if each["disputed"]]:
        for found in world.call("GET", "/v1/disputes", {"charge": charge["id"]})["data"]:
            if life.rng.random() < 1 / 2:
                evidence = {"uncategorized_text": "winning_evidence"}
                world.call("POST", f"/v1/disputes/{found['id']}", {"evidence": evidence})
            else:
                world.call("POST", f"/v1/disputes/{found['id']}/close", {})


def one_off(world: World, life: Life) -> None:
    """Order something once, billed with the next invoice."""
    world.call(
        "POST",
        "/v1/invoiceitems",
        {
            "customer": life.customer_id,
            "currency": life.currency.lower(),
            "amount": life.rng.randint(20, 400) * 100,
            "description": "Set-up workshop",
        },
    )


def attempt(act: Act, world: World, life: Life) -> None:
    """Do something that a card may refuse; a refusal is part of life."""
    try:
        act(world, life)
    except ApiError as error:
        if error.error["type"] != "card_error":
            raise
