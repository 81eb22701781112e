"""Small wrong turns in the SQL, kept in `mutants.yml`, and what notices each of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import yaml

from orchestration.policies import resolve
from tests.dbt_project.revenue.account import Account, Json, moment, seconds, write_landing
from tests.dbt_project.revenue.conformance import differences, reference_of
from tests.dbt_project.revenue.test_history import EXPECTED, told_by_lists
from tests.dbt_project.revenue.test_history import NOW as LISTED_AT
from tests.dbt_project.revenue.test_metrics import BAD, NOW
from tests.dbt_project.revenue.worlds import World, in_any_order

if TYPE_CHECKING:
    from tests.dbt_project.revenue.warehouse import Project

FINDINGS = """
    select check_name, object_id from intermediate.dq_revenue__flaws
    union all select 'flagged', cast(month as varchar) from marts.mrr_months where not is_complete
    union all select 'counted', cast(month as varchar) from marts.mrr_months where closing_mrr != 100
"""
HISTORIES = """
    select movement_date, movement_type, amount from marts.mrr_movements where customer_id = ? order by 1
"""


@dataclass(frozen=True)
class Mutant:
    """One change of the compiled SQL.

    Attributes:
        name: What is wrong with it.
        file: The model that it changes; a macro changes every model that it is part of.
        before: The text that is there.
        after: What is put in its place.
        caught_by: What notices it first.
    """

    name: str
    file: str
    before: str
    after: str
    caught_by: str

    def applied(self, project: Project) -> Project:
        """Return the project with the change.

        Raises:
            LookupError: The text is not there, so that nothing would be changed.
        """
        names = [m.name for m in project.models if self.before in m.query]
        own = [name for name in names if name == Path(self.file).stem]
        for name in own or names:
            project = project.mutated(name, lambda query: query.replace(self.before, self.after))
        if not names:
            message = f"{self.name}: no model has {self.before!r}"
            raise LookupError(message)
        return project


def mutants() -> list[Mutant]:
    """Return every mutant of the list."""
    listed = yaml.safe_load(Path(__file__).with_name("mutants.yml").read_text())
    return [Mutant(**entry) for entry in listed]


class Laboratory:
    """Three accounts in which everything matters: random lives, lives before the events, flawed objects."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.world = World(seed=23, customers=70, months=16)
        self._certain_lives(self.world.account)
        self.reference = reference_of(self.world, resolve("default").switches)
        self._land_world()
        self.listed = told_by_lists()
        self.listed.account.land(folder / "listed")
        self.flawed = Account()
        good = self.flawed.item(self.flawed.price("10000"))
        self.flawed.subscribe(moment("2025-01-05"), [good])
        self.bad = {(check, self._flaw(check, terms, fields)) for check, terms, fields in BAD}
        self.flawed.land(folder / "flawed")

    @staticmethod
    def _certain_lives(account: Account) -> None:
        """Add what chance may leave out: orders of discounts, parting currencies, crowded days, pauses."""
        off = [
            account.discount(moment("2023-03-01"), amount_off=700, currency="usd"),
            account.discount(moment("2023-03-01"), percent_off=10),
        ]
        price = account.price("2999")
        account.subscribe(moment("2023-03-01"), [account.item(price)], discounts=off)
        euros = account.item(account.price("100", currency="eur"))
        first = account.subscribe(moment("2023-03-01"), [euros])
        item = account.item(price, 9)
        second = account.subscribe(moment("2023-03-01"), [item], customer=first["customer"])
        account.change(first, moment("2023-05-05"), items=[euros | {"quantity": 2}])
        account.change(second, moment("2023-05-05"), items=[item | {"quantity": 1}])
        one = account.subscribe(moment("2023-04-01"), [item])
        other = account.subscribe(moment("2023-04-01"), [item], customer=one["customer"])
        account.change(one, moment("2023-06-06"), items=[item | {"quantity": 10}])
        account.change(other, moment("2023-06-06"), items=[item | {"quantity": 12}])
        back = account.subscribe(moment("2023-03-01"), [item])
        until = {"behavior": "void", "resumes_at": seconds(moment("2023-05-01"))}
        account.change(back, moment("2023-04-01"), pause_collection=until)
        account.change(back, moment("2023-06-01"), items=[item | {"quantity": 3}])
        later = account.discount(moment("2023-05-01"), percent_off=10)
        account.subscribe(moment("2023-03-01"), [item], discounts=[later])
        running = account.discount(moment("2023-03-01"), percent_off=10)
        away = account.subscribe(moment("2023-03-01"), [item], discounts=[running])
        until = {"behavior": "void", "resumes_at": seconds(moment("2024-07-01"))}
        account.change(away, moment("2023-04-01"), pause_collection=until)
        phase = {
            "start_date": seconds(moment("2024-06-01")),
            "end_date": seconds(moment("2025-01-01")),
            "items": [{"price": price["id"], "quantity": 2}],
        }
        schedule = {"status": "active", "end_behavior": "release", "created": 0, "phases": [phase]}
        who = {"id": "sub_sched_away", "subscription": away["id"], "customer": away["customer"]}
        account.list_object(who | schedule | {"object": "subscription_schedule"}, moment("2023-04-01"))
        Laboratory._certain_phase(account)

    @staticmethod
    def _certain_phase(account: Account) -> None:
        """Add a later phase in a further currency, with a coupon for one of its products and one for all."""
        units = {"gbp": {"unit_amount": 100}, "eur": {"unit_amount": 2700}}
        abroad = [account.price("2999", currency_options=units) for _ in range(2)]
        body = account.subscribe(moment("2023-03-01"), [account.item(abroad[0])], currency="eur")
        terms: list[Json] = [
            {"percent_off": 50, "applies_to": {"products": [abroad[1]["product"]]}},
            {"amount_off": 900, "currency": "usd", "currency_options": {"eur": {"amount_off": 800}}},
            {"percent_off": 30},
        ]
        coupons = [
            {"id": f"co_phase_{number}", "object": "coupon", "duration": "forever"} | term
            for number, term in enumerate(terms)
        ]
        for coupon in coupons:
            account.list_object(coupon, moment("2023-03-01"))
        phase = {
            "start_date": seconds(moment("2024-08-01")),
            "end_date": seconds(moment("2025-01-01")),
            "items": [{"price": each["id"], "quantity": 1} for each in abroad],
            "discounts": [{"coupon": coupon["id"]} for coupon in coupons[:2]],
        }
        phase["items"][0]["discounts"] = [{"coupon": coupons[2]["id"]}]
        who = {"id": "sub_sched_abroad", "subscription": body["id"], "customer": body["customer"]}
        schedule = {"status": "active", "end_behavior": "release", "created": 0, "phases": [phase]}
        account.list_object(who | schedule | {"object": "subscription_schedule"}, moment("2023-04-01"))

    def _land_world(self) -> None:
        """Land the world twice over and in no order."""
        chance = random.Random(5)
        told = [*self.world.account.observations, *self.world.account.observations[::2]]
        arrived = in_any_order(told, self.world.until, chance)
        write_landing(self.folder / "world", arrived, self.world.account.rows)

    def _flaw(self, check: str, terms: Json, fields: Json) -> str:
        price = self.flawed.price("10000")
        items = [] if check == "subscription_without_items" else [self.flawed.item(price | terms)]
        return str(self.flawed.subscribe(moment("2025-02-05"), items, **fields)["id"])

    def catcher(self, project: Project) -> str | None:
        """Return what notices that the project computes something wrong, if anything does."""
        try:
            found = self._differs(project)
            missing_rate = self._accepts_a_currency_without_a_rate(project)
        except duckdb.Error as error:
            return f"the engine: {str(error).splitlines()[0]}"
        return found or missing_rate

    def _differs(self, project: Project) -> str | None:
        con = project.build(self.folder / "world", self.world.until)
        problem = next(differences(con, self.reference, self.world.broken), None)
        return problem or self._histories(project) or self._findings(project)

    def _histories(self, project: Project) -> str | None:
        con = project.build(self.folder / "listed", LISTED_AT)
        for name, expected in EXPECTED:
            rows = con.execute(HISTORIES, [self.listed.customers[name]]).fetchall()
            if [(str(d), k, a) for d, k, a in rows] != [(d, k, Decimal(a)) for d, k, a in expected]:
                return f"the histories: {name} is {rows}"
        return None

    def _findings(self, project: Project) -> str | None:
        con = project.build(self.folder / "flawed", NOW)
        flagged = {("flagged", f"2025-0{month}-01") for month in (2, 3, 4)}
        found = set(con.execute(FINDINGS).fetchall())
        return None if found == self.bad | flagged else f"the findings: {found ^ (self.bad | flagged)}"

    def _accepts_a_currency_without_a_rate(self, project: Project) -> str | None:
        account = Account()
        account.subscribe(moment("2025-01-10"), [account.item(account.price("10000", currency="thb"))])
        try:
            project.build(account.land(self.folder / "unrated"), NOW)
        except duckdb.Error:
            return None
        return "the missing rate: THB counts without one"
