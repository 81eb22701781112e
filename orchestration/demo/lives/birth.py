"""Who there is at all: companies, plans, sign-up dates and tempers, drawn from the seed."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from orchestration.demo.lives.life import Life, Trend
from orchestration.demo.lives.names import companies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestration.demo.lives.world import World

SEED_MIX = {"starter": 500, "professional": 200, "enterprise": 50, "enterprise_plus": 20}
_SHARES = {"starter": 0.6, "professional": 0.3, "enterprise": 0.08, "enterprise_plus": 0.02}
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_QUIET_END = timedelta(days=25)
_CALLS = {"starter": 60, "professional": 240, "enterprise": 600, "enterprise_plus": 900}


def shares(mix: Mapping[str, float], total: int) -> dict[str, int]:
    """Scale a mix to a total by largest remainders, so that the counts add up exactly."""
    whole = sum(mix.values())
    exact = {name: total * weight / whole for name, weight in mix.items()}
    counts = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: counts[name] - exact[name])
    for name in by_remainder[: total - sum(counts.values())]:
        counts[name] += 1
    return counts


def born(world: World, rng: Random, tenants: int, mix: Mapping[str, int] | None) -> list[Life]:
    """Return everyone in the order of their sign-up."""
    known = [plan.id for plan in world.catalogue.plans]
    weights: Mapping[str, float] = mix or {name: _SHARES.get(name, 0.05) for name in known}
    plans = [name for name, count in shares(weights, tenants).items() for _ in range(count)]
    rng.shuffle(plans)
    strangers = round(tenants * world.habits.strangers)
    plans += rng.choices(known[:2], k=strangers)
    moments = _moments(rng, world.start, world.end - _QUIET_END, len(plans))
    firms = companies(rng, len(plans))
    made = []
    for place, plan in enumerate(plans):
        own = Random(rng.getrandbits(64))
        is_tenant = place < tenants
        made.append(_one(world, own, firms[place], plan, moments[place], is_tenant=is_tenant))
    return sorted(made, key=lambda life: life.signed_up_at)


def _moments(rng: Random, start: datetime, end: datetime, count: int) -> list[datetime]:
    """Return sign-up times: a tenth was there in the first days, the rest comes ever faster."""
    span = (end - start).total_seconds()
    early = [start + timedelta(seconds=rng.uniform(60, 0.02 * span)) for _ in range(count // 10)]
    later = [start + timedelta(seconds=span * rng.random() ** 0.7) for _ in range(count - len(early))]
    found = [*early, *later]
    rng.shuffle(found)
    return [moment.replace(microsecond=0) for moment in found]


def _one(
    world: World, own: Random, firm: tuple[str, str], plan: str, moment: datetime, *, is_tenant: bool
) -> Life:
    name, slug = firm
    habits = world.habits
    intervals = [each for each in world.catalogue.intervals if habits.intervals.get(each)]
    interval = own.choices(intervals, [habits.intervals[each] for each in intervals])[0]
    second = own.random() < habits.second_currency and len(world.shop.currencies) > 1
    trend: Trend = own.choices(("growing", "steady", "declining"), (0.45, 0.35, 0.2))[0]
    return Life(
        rng=own,
        tenant_id=f"ten_{''.join(own.choices(_ALPHABET, k=16))}" if is_tenant else None,
        name=name,
        slug=slug,
        email=f"billing@{slug}.example",
        signed_up_at=moment,
        plan=plan,
        interval=interval,
        currency=world.shop.currencies[1 if second else 0],
        usage_trend=trend,
        calls_per_month=max(3, int(_CALLS.get(plan, 60) * own.lognormvariate(0, 0.6))),
        document_quality=round(own.uniform(0.35, 0.9), 2),
        quality_trend=own.choices(("improving", "steady", "worsening"), (0.5, 0.35, 0.15))[0],
    )
