"""How a world's invoices are paid: as older versions tell it, at once, in parts, too much, outside Stripe."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.dbt_project.revenue.account import seconds

if TYPE_CHECKING:
    from datetime import datetime

    from tests.dbt_project.revenue.account import Account
    from tests.dbt_project.revenue.reference_price import Json

WAYS = ["untold"] * 4 + ["at_once"] * 3 + ["parts"] * 3
WAYS += ["too_much", "by_record", "half_by_record", "marked", "canceled"]
BY_RECORD = {"type": "payment_record", "payment_record": "prec_1"}


class Payer:
    """Pays invoices in a way of each invoice's own, so that all else in its world stays as it is."""

    def __init__(self, account: Account, until: datetime) -> None:
        self.account, self.until = account, until

    def settle(self, settled: Json, billed: datetime, paid_at: datetime, *, is_plain: bool) -> Json:
        """Tell the payments of an invoice that is paid in full; return the invoice as it is shown then.

        Args:
            settled: The invoice, paid.
            billed: When it was finalised.
            paid_at: When the last of it was paid.
            is_plain: Whether all of it went through Stripe, and no more than was due.
        """
        luck = random.Random(f"pays {settled['id']}")
        due, way = settled["amount_paid"], luck.choice(WAYS)
        if due < 10 or way == "untold":
            return settled
        if is_plain and way not in {"at_once", "parts"}:
            way = "at_once"
        if way == "marked":
            left = luck.choice([0, due])
            return settled | {"amount_paid": 0, "amount_remaining": left, "paid_out_of_band": True}
        if way == "canceled":
            self._tell(settled, 0, due, paid_at, status="canceled")
            return settled
        if way in {"parts", "too_much", "half_by_record"}:
            early = self._early_parts(luck, settled, billed, paid_at, due)
            extra = luck.randrange(1, 500) if way == "too_much" else 0
            by_record = {"payment": BY_RECORD} if way == "half_by_record" else {}
            self._tell(settled, 0, due - early + extra, paid_at, **by_record)
            return settled | {"amount_paid": due + luck.choice([0, extra]), "amount_overpaid": extra}
        self._tell(settled, 0, due, paid_at, **({"payment": BY_RECORD} if way == "by_record" else {}))
        return settled

    @staticmethod
    def paid_after_credit(invoice: Json, billed: datetime) -> datetime:
        """Return when the rest of an invoice is paid on which credit notes are issued."""
        days = random.Random(f"credits {invoice['id']}").choice([0, 3, 20, 40])
        return billed + timedelta(days=days, hours=1)

    def credit(self, settled: Json, billed: datetime, paid_at: datetime) -> None:
        """Tell the credit notes before the payment of an invoice, some of them taken back."""
        luck = random.Random(f"credits {settled['id']} by notes")
        left, count = settled["pre_payment_credit_notes_amount"], luck.choice([0, 1, 1, 2, 3])
        for number in range(1, count + 1):
            when = billed + (paid_at - billed) * number / (count + 1)
            amount = left if luck.random() < 0.5 else luck.randrange(left + 1)
            status = luck.choice(["issued", "issued", "issued", "void"])
            beside = luck.choice([0, 0, 100])
            kind = "mixed" if beside else "pre_payment"
            left -= amount if status == "issued" else 0
            note = {
                "id": f"cn_{settled['id']}_{number}",
                "object": "credit_note",
                "invoice": settled["id"],
                "customer": settled["customer"],
                "currency": settled["currency"],
                "status": "issued",
                "type": kind,
                "amount": amount + beside,
                "pre_payment_amount": amount,
                "post_payment_amount": beside,
                "created": seconds(when),
            }
            self.account.tell(note, "credit_note.created", when)
            if status == "void":
                self.account.tell(note | {"status": "void"}, "credit_note.voided", when)

    def pay_in_part(self, unpaid: Json, billed: datetime) -> Json:
        """Pay a part of some invoices that are never paid in full; return the invoice then."""
        luck = random.Random(f"pays {unpaid['id']}")
        due, when = unpaid["amount_remaining"], billed + timedelta(days=luck.randrange(1, 50))
        if due < 10 or when > self.until or luck.random() < 0.5:
            return unpaid
        part = luck.randrange(1, due)
        self._tell(unpaid, 1, part, when)
        return unpaid | {"amount_paid": part, "amount_remaining": due - part}

    def _early_parts(
        self, luck: random.Random, settled: Json, billed: datetime, paid_at: datetime, due: int
    ) -> int:
        """Tell the parts that came before the last one; return what they come to."""
        paid, count = 0, luck.choice([1, 1, 2, 3])
        for number in range(1, count + 1):
            when = billed + (paid_at - billed) * number / (count + 1)
            part = luck.randrange(1, max((due - paid) // 2, 2))
            paid += part
            self._tell(settled, number, part, when)
            states = settled["status_transitions"] | {"paid_at": None}
            left = {"amount_paid": paid, "amount_remaining": settled["amount_paid"] - paid}
            now = {"status": "open", "status_transitions": states}
            self.account.tell(settled | left | now, "invoice.updated", when)
        return paid

    def _tell(self, invoice: Json, number: int, amount: int, when: datetime, **fields: object) -> None:
        payment = {
            "id": f"inpay_{invoice['id']}_{number}",
            "object": "invoice_payment",
            "invoice": invoice["id"],
            "currency": invoice["currency"],
            "amount_requested": amount,
            "amount_paid": amount,
            "created": seconds(when),
            "is_default": number == 0,
            "payment": {"type": "payment_intent", "payment_intent": f"pi_{invoice['id']}_{number}"},
            "status": "paid",
            "status_transitions": {"canceled_at": None, "paid_at": seconds(when)},
        } | fields
        if payment["status"] == "canceled":
            payment |= {"amount_paid": None}
            payment["status_transitions"] = {"canceled_at": seconds(when), "paid_at": None}
        self.account.tell(payment, f"invoice_payment.{payment['status']}", when)
