"""All lives together, lived in the order of time on one sandbox."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from orchestration.demo.lives import acts, troubles
from orchestration.demo.lives.birth import SEED_MIX, born
from orchestration.demo.lives.habits import STEADY, Habits
from orchestration.demo.lives.shop import open_shop

if TYPE_CHECKING:
    from orchestration.demo.lives.acts import Act
    from orchestration.demo.lives.life import Json, Life
    from orchestration.demo.sandbox import Sandbox
    from tenants.catalogue import Catalogue

_MONTH = timedelta(days=30)
_PER_MILLE = 1000


@dataclass(frozen=True)
class Step:
    """A stretch of time that has been lived.

    Attributes:
        starts_at: Its beginning.
        ends_at: Its end: the sandbox's time now.
        lives: Everyone who has signed up by then, oldest first, with their present status.
    """

    starts_at: datetime
    ends_at: datetime
    lives: tuple[Life, ...]


class World:
    """A seeded population on a sandbox; the same arguments make the same world, ids included.

    Args:
        sandbox: A fresh one whose time stands at the world's beginning.
        catalogue: The plans on sale.
        tenants: How many customers are tenants of ours.
        months: How long it lasts, in thirds of a quarter of 365 days.
        seed: For everything that chance decides.
        mix: Tenants by plan, `seed` for the steady mix of the seed world, or None for a lively one.
        start: The beginning; the sandbox's time unless given.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        catalogue: Catalogue,
        *,
        tenants: int = 500,
        months: int = 24,
        seed: int = 7,
        mix: Mapping[str, int] | str | None = None,
        start: datetime | None = None,
    ) -> None:
        self.sandbox, self.catalogue = sandbox, catalogue
        self.start = (start or sandbox.now).astimezone(UTC)
        self.end = self.start + timedelta(days=round(365 * months / 12))
        self.habits = STEADY if mix else Habits()
        counts = dict(mix) if isinstance(mix, Mapping) else SEED_MIX if mix else None
        sandbox.advance_to(self.start)
        self.shop = open_shop(sandbox, catalogue, plain=self.habits.is_plain)
        self._rng = Random(seed)
        self.lives = born(self, self._rng, tenants, counts)
        self._order = count()
        self._plans: list[tuple[datetime, int, Life, Act]] = []
        for life in self.lives:
            self._push(life.signed_up_at, life, acts.sign_up)

    @property
    def now(self) -> datetime:
        """The world's time."""
        return self.sandbox.now

    def call(self, method: str, path: str, form: Json | None = None) -> Json:
        """Call the API."""
        return self.sandbox.call(method, path, form)

    def update(self, life: Life, **form: object) -> None:
        """Change a customer's subscription."""
        life.status = self.call("POST", f"/v1/subscriptions/{life.subscription_id}", form)["status"]

    def price(self, life: Life) -> str:
        """Return the price a customer pays for their plan; agreed prices are drawn once."""
        found = self.shop.prices[life.plan, life.interval, life.currency]
        return found[life.rng.randrange(len(found))] if len(found) > 1 else found[0]

    def trial_days(self, life: Life) -> int:
        """Return how long a plan can be tried."""
        return self.catalogue.plan(life.plan).trial_days

    def plan(self, life: Life, after: timedelta, act: Act) -> None:
        """Let a customer do something later."""
        self._push(self.now + after, life, act)

    def _push(self, moment: datetime, life: Life, act: Act) -> None:
        heapq.heappush(self._plans, (moment.replace(microsecond=0), next(self._order), life, act))

    def steps(self, step: timedelta = timedelta(days=20)) -> Iterator[Step]:
        """Live on, pausing after each step for whoever pulls or adds to the world in between.

        A step under 30 days leaves every event listable at its end.
        """
        begin = self.start
        while begin < self.end:
            until = min(begin + step, self.end)
            with self.sandbox.batch():
                self._live(until)
            yield Step(begin, until, self._present(until))
            begin = until

    def _live(self, until: datetime) -> None:
        while self._plans and self._plans[0][0] <= until:
            moment, _, life, act = heapq.heappop(self._plans)
            self.sandbox.advance_to(max(moment, self.now))
            troubles.attempt(act, self, life)
            if act in (acts.sign_up, _month_passes):
                self._push(moment + _MONTH * life.rng.uniform(0.8, 1.2), life, _month_passes)
        self.sandbox.advance_to(until)

    def _present(self, moment: datetime) -> tuple[Life, ...]:
        present = [life for life in self.lives if life.signed_up_at <= moment and life.customer_id]
        for life in present:
            acts.refresh(self, life)
        return tuple(present)


def _month_passes(world: World, life: Life) -> None:
    """Let chance decide whether a customer does something this month, and what."""
    status = acts.refresh(world, life)
    if status == "paused":
        if life.rng.random() < world.habits.returns:
            acts.resume(world, life)
        return
    if status != "active":
        return
    drawn = life.rng.randrange(_PER_MILLE)
    for weight, act in world.habits.monthly:
        drawn -= weight
        if drawn < 0:
            troubles.attempt(act, world, life)
            return


def populate(
    sandbox: Sandbox,
    catalogue: Catalogue,
    *,
    tenants: int = 500,
    months: int = 24,
    seed: int = 7,
    mix: Mapping[str, int] | str | None = None,
    start: datetime | None = None,
) -> World:
    """Live a whole world at once and return it."""
    world = World(sandbox, catalogue, tenants=tenants, months=months, seed=seed, mix=mix, start=start)
    for _ in world.steps(timedelta(days=25)):
        continue
    return world
