"""Bills the lives of a world: lines, prorations, tax, one-offs, payments, refunds, and some errors."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from tests.dbt_project.revenue.account import seconds
from tests.dbt_project.revenue.billing_payments import Payer
from tests.dbt_project.revenue.reference_price import Json, is_collection_paused, period_amount, running

if TYPE_CHECKING:
    import random

    from tests.dbt_project.revenue.account import Account

A_MONTH = timedelta(days=30, hours=10)
BEARING = {"active", "past_due"}
OUTCOMES = ["paid"] * 8 + [
    "late",
    "late",
    "open",
    "void",
    "uncollectible",
    "credited",
    "refunded",
    "disputed",
]
CYCLES = {"month": 1, "year": 12, "week": 1, "day": 1}
SHIPPING = {"amount_subtotal": 375, "amount_tax": 75, "amount_total": 450}


class Biller:
    """Writes the invoices of every subscription on an account.

    Attributes:
        broken: The invoices that do not add up, by what is wrong with each.
    """

    def __init__(self, account: Account, chance: random.Random, until: datetime) -> None:
        self.account, self.chance, self.until = account, chance, until
        self.payer = Payer(account, until)
        self.broken: dict[str, str] = {}
        self._used: set[tuple[str, str]] = set()

    def bill(self) -> None:
        """Bill every subscription from its beginning to its end."""
        lives: dict[str, list[tuple[datetime, Json]]] = defaultdict(list)
        for seen in self.account.observations:
            if seen.object_type == "subscription":
                lives[seen.object_id].append((seen.occurred_at, orjson.loads(seen.body)))
        for states in lives.values():
            self._life(states)

    def _life(self, states: list[tuple[datetime, Json]]) -> None:
        when, number = states[0][0], 0
        while when < self.until - timedelta(days=1):
            body = [body for begins, body in states if begins <= when][-1]
            changes = sum(1 for begins, _ in states[1:] if when - A_MONTH < begins <= when)
            if body["status"] in BEARING and not is_collection_paused(body, when):
                self._invoice(body, when, self._lines(body, when, number, changes))
            when, number = when + A_MONTH, number + 1

    def _lines(self, body: Json, when: datetime, number: int, changes: int) -> list[Json]:
        lines = []
        for item in body["items"]["data"]:
            recurring = item["price"]["recurring"]
            if number % (CYCLES[recurring["interval"]] * recurring["interval_count"]) == 0:
                lines.append(self._regular(body, item, when))
            if changes and self.chance.random() < 0.5:
                lines += [self._proration(body, item, when, sign) for sign in (-1, 1)]
        if self.chance.random() < 0.08:
            lines.append(self._one_off(body, when))
        return lines

    def _line(self, body: Json, amount: int, when: datetime, **fields: Any) -> Json:
        period = {"start": seconds(when), "end": seconds(when + A_MONTH)}
        return {
            "id": self.account.new_id("il"),
            "object": "line_item",
            "amount": amount,
            "currency": body["currency"],
            "quantity": 1,
            "period": period,
            "discount_amounts": [],
            "taxes": [],
        } | fields

    def _of_item(self, body: Json, item: Json, *, proration: bool) -> Json:
        details = {"subscription": body["id"], "subscription_item": item["id"], "proration": proration}
        return {
            "parent": {"type": "subscription_item_details", "subscription_item_details": details},
            "pricing": {"price_details": {"price": item["price"]["id"]}},
        }

    def _regular(self, body: Json, item: Json, when: datetime) -> Json:
        metered = item["price"]["recurring"]["usage_type"] == "metered"
        amount = (
            self.chance.randrange(5000)
            if metered
            else int(period_amount(item["price"], item["quantity"], body["currency"]))
        )
        line = self._line(
            body, amount, when, quantity=item["quantity"], **self._of_item(body, item, proration=False)
        )
        for discount in running(body["discounts"] + item["discounts"], when, body):
            self._take_off(line, body["id"], discount)
        self._tax(line, item)
        return line

    def _take_off(self, line: Json, subscription: str, discount: Json) -> None:
        left = line["amount"] - sum(part["amount"] for part in line["discount_amounts"])
        once = discount["source"]["coupon"]["duration"] == "once"
        if left > 0 and not (once and (subscription, discount["id"]) in self._used):
            part = {"amount": self.chance.randrange(1, left + 1), "discount": discount["id"]}
            line["discount_amounts"].append(part)
            if once:
                self._used.add((subscription, discount["id"]))

    def _tax(self, line: Json, item: Json) -> None:
        net = line["amount"] - sum(part["amount"] for part in line["discount_amounts"])
        if item["tax_rates"]:
            details = {"tax_rate": item["tax_rates"][0]["id"]}
            behaviour = "inclusive"
        elif self.chance.random() < 0.1:
            details, behaviour = {"tax_rate": "txr_2"}, "exclusive"
        else:
            return
        line["taxes"] = [{"amount": net // 6, "tax_behavior": behaviour, "tax_rate_details": details}]

    def _proration(self, body: Json, item: Json, when: datetime, sign: int) -> Json:
        amount = sign * self.chance.randrange(1, 4000)
        begins = when - timedelta(days=9)
        return self._line(body, amount, begins, **self._of_item(body, item, proration=True))

    def _one_off(self, body: Json, when: datetime) -> Json:
        origin = {"invoice_item": self.account.new_id("ii"), "proration": False, "subscription": None}
        if self.chance.random() < 0.5:
            origin["subscription"] = body["id"]
        parent = {"type": "invoice_item_details", "invoice_item_details": origin}
        return self._line(body, self.chance.randrange(1, 9000), when, parent=parent)

    def _invoice(self, body: Json, when: datetime, lines: list[Json]) -> None:
        if not lines:
            return
        shipping = self.chance.choice([0] * 9 + [SHIPPING["amount_total"]])
        off = [part["amount"] for line in lines for part in line["discount_amounts"]]
        added = [t["amount"] for line in lines for t in line["taxes"] if t["tax_behavior"] == "exclusive"]
        total = sum(line["amount"] for line in lines) - sum(off) + sum(added) + shipping
        invoice = {
            "id": self.account.new_id("in"),
            "object": "invoice",
            "customer": body["customer"],
            "billing_reason": "subscription_cycle",
            "collection_method": "charge_automatically",
            "currency": body["currency"],
            "created": seconds(when),
            "total": total,
            "shipping_cost": SHIPPING if shipping else None,
            "parent": {
                "type": "subscription_details",
                "subscription_details": {"subscription": body["id"]},
            },
            "lines": {"data": lines, "has_more": False},
            **self._balance(total),
        }
        self._break(invoice)
        self._settle(invoice, when)

    def _balance(self, total: int) -> Json:
        """Return what the customer's credit balance took of an invoice, or got from one below zero."""
        start = -self.chance.choice([0] * 9 + [max(total, 0) // 3])
        ending = 0 if total >= 0 else start + total
        return {"starting_balance": start, "ending_balance": ending, "amount_due": max(total + start, 0)}

    def _break(self, invoice: Json) -> None:
        last, pick = invoice["lines"]["data"][-1], self.chance.randrange(150)
        if pick == 0 and invoice["amount_due"]:
            invoice["total"] += 7
            invoice["amount_due"] += 7
            self.broken[invoice["id"]] = "unbalanced_invoice"
        elif pick == 1 and last["amount"] and not last["discount_amounts"]:
            invoice["lines"] = {"data": invoice["lines"]["data"][:-1], "has_more": True}
            self.broken[invoice["id"]] = "lines_cut_off"

    def _settle(self, invoice: Json, when: datetime) -> None:
        outcome = self.chance.choice(OUTCOMES) if invoice["amount_due"] else "paid"
        due, paid_at = invoice["amount_due"], None
        credited = due // 4 if outcome == "credited" else 0
        if outcome in {"paid", "credited", "refunded", "disputed"}:
            paid_at = when + timedelta(hours=1)
        elif outcome == "late":
            paid_at = when + timedelta(days=self.chance.randrange(1, 45))
        if credited:
            paid_at = self.payer.paid_after_credit(invoice, when)
        moments = {"finalized_at": seconds(when), "paid_at": None}
        unpaid = invoice | {
            "status": "open",
            "amount_paid": 0,
            "amount_remaining": due,
            "attempt_count": 0,
            "status_transitions": moments,
        }
        if self.chance.random() < 0.3:
            self.account.tell(unpaid, "invoice.finalized", when)
        if paid_at is None or paid_at > self.until:
            closed = {"status": outcome if outcome in {"void", "uncollectible"} else "open"}
            self._leave(unpaid | closed, when)
            return
        settled = unpaid | {
            "status": "paid",
            "amount_paid": due - credited,
            "amount_remaining": 0,
            "pre_payment_credit_notes_amount": credited,
            "attempt_count": 1,
            "status_transitions": moments | {"paid_at": seconds(paid_at)},
        }
        if credited:
            self.payer.credit(settled, when, paid_at)
        is_plain = outcome not in {"paid", "late"}
        shown = self.payer.settle(settled, when, paid_at, is_plain=is_plain)
        self.account.tell(shown, "invoice.paid", paid_at)
        self._collect(settled, paid_at, outcome)

    def _leave(self, unpaid: Json, when: datetime) -> None:
        """Tell of an invoice that is never paid in full, before and after a part of it may have been."""
        self.account.tell(unpaid, "invoice.updated", when + timedelta(hours=2))
        shown = self.payer.pay_in_part(unpaid, when)
        if shown is not unpaid:
            self.account.tell(shown, "invoice.updated", when + timedelta(days=51))

    def _collect(self, invoice: Json, when: datetime, outcome: str) -> None:
        money = {
            "customer": invoice["customer"],
            "currency": invoice["currency"],
            "created": seconds(when),
            "amount": invoice["amount_paid"],
        }
        if not invoice["amount_paid"]:
            return
        charge = {"id": self.account.new_id("ch"), "object": "charge", "invoice": invoice["id"]} | money
        self.account.tell(charge | {"status": "succeeded"}, "charge.succeeded", when)
        if outcome == "late":
            failed = charge | {"id": self.account.new_id("ch"), "status": "failed"}
            self.account.tell(failed, "charge.failed", when)
        later = min(when + timedelta(days=self.chance.randrange(1, 60)), self.until)
        back = money | {"charge": charge["id"], "created": seconds(later)}
        if outcome == "refunded":
            part = self.chance.randrange(1, invoice["amount_paid"] + 1)
            status = self.chance.choice(["succeeded", "succeeded", "failed"])
            refund = {"object": "refund", "amount": part, "status": status}
            self.account.tell(back | refund | {"id": self.account.new_id("re")}, "refund.created", later)
        if outcome == "disputed":
            dispute = {"object": "dispute", "status": self.chance.choice(["won", "lost"])}
            closed = back | dispute | {"id": self.account.new_id("dp")}
            self.account.tell(closed, "charge.dispute.closed", later)
