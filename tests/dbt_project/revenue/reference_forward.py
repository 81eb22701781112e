"""What is certain to change, once more: what each subscription will be worth at every later instant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.dbt_project.revenue.reference_billing import moment_of, month_after, month_of
from tests.dbt_project.revenue.reference_lives import A_DAY
from tests.dbt_project.revenue.reference_price import (
    Json,
    Moment,
    is_live,
    item_mrr,
    own_discounts,
    period_end,
    resumes_at,
    running,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from tests.dbt_project.revenue.reference_ledger import Reference


@dataclass
class Ahead:
    """What a month is certain to bring, in the reporting currency at today's rate."""

    changes: Fraction = Fraction(0)
    cancellations: Fraction = Fraction(0)
    trials: Fraction = Fraction(0)


@dataclass
class Plan:
    """A subscription as a schedule and its own dates will change it.

    Attributes:
        body: As it is now; none where it has yet to begin.
        phases: Those that are still to come.
        ends: When it is certain to end.
        has_coupons: Whether the schedule names any, so that its phases' replace the subscription's own.
    """

    body: Json | None
    phases: list[Json] = field(default_factory=list)
    ends: datetime | None = None
    has_coupons: bool = False

    def phase(self, when: datetime) -> Json | None:
        """Return the later phase that will have begun by an instant."""
        begun = [phase for phase in self.phases if moment_of(phase["start_date"]) <= when]
        return max(begun, key=lambda phase: phase["start_date"], default=None)


class Forward:
    """The forecast of a reference."""

    def __init__(self, reference: Reference) -> None:
        self.reference, self.now = reference, reference.now
        self.months: dict[date, Ahead] = defaultdict(Ahead)
        for name, life in reference.lives.items():
            body, since = life.at(self.now)
            if body is not None:
                self._subscription(name, body, since)
        for schedule in self._schedules(None):
            plan = self._plan(None, [schedule])
            if plan.phases:
                self._follow(plan, [], Fraction(0), self._currency(plan, plan.phases[0]))

    def _schedules(self, subscription: str | None) -> list[Json]:
        listed = self.reference.book.objects["subscription_schedule"].values()
        running = {"active", "not_started"}
        return [s for s in listed if s["subscription"] == subscription and s["status"] in running]

    def _plan(self, body: Json | None, schedules: list[Json]) -> Plan:
        phases = [phase for schedule in schedules for phase in schedule["phases"]]
        ends = [max(p["end_date"] for p in s["phases"]) for s in schedules if s["end_behavior"] == "cancel"]
        ends = [end for end in ends if moment_of(end) > self.now]
        if body and body.get("cancel_at"):
            ends.append(body["cancel_at"])
        if body and body["cancel_at_period_end"] and period_end(body) < float("inf"):
            ends.append(int(period_end(body)))
        return Plan(
            body,
            [phase for phase in phases if moment_of(phase["start_date"]) > self.now],
            moment_of(min(ends)) if ends else None,
            any(_coupons(part) for phase in phases for part in (phase, *phase["items"])),
        )

    def _subscription(self, name: str, body: Json, since: datetime | None) -> None:
        now = self.reference.moment(name, body["customer"], self.now, since)
        leaving = body["cancel_at_period_end"] or body.get("cancel_at")
        if body["status"] == "trialing" and not leaving:
            begun = body | {"status": "active", "pause_collection": None}
            trial_end = max(moment_of(body.get("trial_end") or 0), self.now)
            self._month(trial_end).trials += self._reporting(body["currency"], _total(begun, now))
        bears_from = self.now if is_live(body, now) else self._resumption(name, body, since)
        if bears_from is None:
            return
        plan = self._plan(body, self._schedules(name))
        instants = [at for at in self.reference.instants(name) if at > self.now]
        marks = []
        for at in {*instants, *(moment_of(phase["start_date"]) for phase in plan.phases)}:
            then = self.reference.moment(name, body["customer"], at, since)
            phase = plan.phase(at)
            if at < bears_from:
                continue
            if phase:
                marks.append((at, self._in_phase(plan, phase, then)))
            elif is_live(body, then):
                marks.append((at, self._with_billed(name, body, then)))
        self._follow(plan, marks, self._with_billed(name, body, now), body["currency"])

    def _resumption(self, name: str, body: Json, since: datetime | None) -> datetime | None:
        """Return when a pause will be over by itself, if the subscription bears anything then."""
        if not self.now.timestamp() < resumes_at(body) < float("inf"):
            return None
        then = self.reference.moment(name, body["customer"], moment_of(int(resumes_at(body))), since)
        return then.at if is_live(body, then) else None

    def _with_billed(self, name: str, body: Json, moment: Moment) -> Fraction:
        full = _total(body, moment)
        return full + self.reference.billed(name, moment.at, full)

    def _in_phase(self, plan: Plan, phase: Json, moment: Moment) -> Fraction:
        """Return what a phase will bear, less its own coupons or the subscription's that still run."""
        body = plan.body or {"id": "none", "items": {"data": []}, "discounts": []}
        rates = [item["tax_rates"] for item in body["items"]["data"]] or [[]]
        objects = self.reference.book.objects
        items = [
            {
                "id": f"{number}",
                "price": objects["price"][item["price"]],
                "quantity": item["quantity"],
                "discounts": [_discount(objects["coupon"][coupon]) for coupon in _coupons(item)],
                "tax_rates": rates[0],
            }
            for number, item in enumerate(phase["items"])
        ]
        coupons = [objects["coupon"][coupon] for coupon in _coupons(phase)]
        own = [discount for _, discount in own_discounts(body, moment)] if plan.body else []
        if not own and moment.customer_discount:
            own = running([moment.customer_discount], moment.at, body)
        taken = [_discount(coupon) for coupon in coupons] if plan.has_coupons else own
        later = {
            "status": "active",
            "currency": self._currency(plan, phase),
            "cancel_at_period_end": False,
            "items": {"data": items},
            "discounts": taken,
        }
        return _total(later, Moment(moment.at, moment.policy, coupons=objects["coupon"]))

    def _currency(self, plan: Plan, phase: Json) -> str:
        first = self.reference.book.objects["price"][phase["items"][0]["price"]]
        return str(phase.get("currency") or (plan.body or first)["currency"])

    def _follow(
        self, plan: Plan, marks: Iterable[tuple[datetime, Fraction]], value: Fraction, currency: str
    ) -> None:
        """Add what changes from mark to mark up to the plan's end to the months."""
        if plan.body is None:
            starts = (moment_of(phase["start_date"]) for phase in plan.phases)
            empty = [Moment(at, self.reference.policy) for at in starts]
            marks = [(m.at, self._in_phase(plan, plan.phase(m.at) or {}, m)) for m in empty]
        for at, after in sorted(marks):
            if plan.ends is None or at < plan.ends:
                self._month(at).changes += self._reporting(currency, after - value)
                value = after
        if plan.ends is not None:
            self._month(max(plan.ends, self.now)).cancellations -= self._reporting(currency, value)

    def until(self, month: date) -> Ahead:
        """Return what falls due by a month's end; nothing has yet in the running month."""
        running = month_of(self.reference.today)
        return self._sum(at for at in self.months if month > running and at <= month)

    def after(self, month: date) -> Ahead:
        """Return all that is scheduled but for what falls due by a month's end."""
        whole, due = self._sum(self.months), self.until(month)
        return Ahead(whole.changes - due.changes, whole.cancellations - due.cancellations)

    def trials(self, month: date) -> Fraction:
        """Return what trials that end by a month's end would bear."""
        return self._sum(at for at in self.months if at <= month).trials

    def _sum(self, months: Iterable[date]) -> Ahead:
        listed = [self.months[at] for at in list(months)]
        return Ahead(
            sum((ahead.changes for ahead in listed), Fraction(0)),
            sum((ahead.cancellations for ahead in listed), Fraction(0)),
            sum((ahead.trials for ahead in listed), Fraction(0)),
        )

    def _month(self, when: datetime) -> Ahead:
        return self.months[month_of(when.astimezone(self.reference.zone).date())]

    def _reporting(self, currency: str, amount: Fraction) -> Fraction:
        return self.reference.reporting(currency, amount, self.reference.today)

    def scheduled_then(self, month: date) -> Fraction:
        """Return what was already to be canceled at the end of a past month, at today's rates."""
        close, total = self.reference.close(month_after(month) - A_DAY), Fraction(0)
        for name, life in self.reference.lives.items():
            body, since = life.at(close)
            if body and (body["cancel_at_period_end"] or body.get("cancel_at")):
                moment = self.reference.moment(name, body["customer"], close, since)
                if is_live(body, moment):
                    total += self._reporting(body["currency"], self._with_billed(name, body, moment))
        return total


def _total(body: Json, moment: Moment) -> Fraction:
    return sum(item_mrr(body, moment).values(), Fraction(0))


def _coupons(part: Json) -> list[str]:
    """Return the coupons that a phase or an item of it names."""
    older = [part["coupon"]] if part.get("coupon") else []
    return older + [listed["coupon"] for listed in part.get("discounts", [])]


def _discount(coupon: Json) -> Json:
    return {"id": coupon["id"], "start": 0, "end": None, "source": {"coupon": coupon}}
