"""Which variants of the dbt project a build holds: the configured policy, and those built beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from orchestration.dbt_run import Variant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True)
class Policy:
    """A revenue policy, resolved.

    Attributes:
        name: A preset's name, or that of the operator's file without its ending.
        switches: Every switch with its value.
    """

    name: str
    switches: dict[str, Any]


@dataclass(frozen=True)
class Reporting:
    """How revenue is counted and shown.

    Attributes:
        policy: The configured policy, whose tables are `marts`.
        currency: The reporting currency.
        timezone: Days, months and years begin by its clock.
        catalogue: The plan catalogue's name.
        beside: Policies built beside it, as `marts_<policy>`.
        explained: Pairs of those whose gap is explained as well; that to the configured policy always is.
    """

    policy: Policy
    currency: str
    timezone: str
    catalogue: str
    beside: tuple[Policy, ...] = ()
    explained: tuple[tuple[Policy, Policy], ...] = ()

    @property
    def gaps(self) -> list[tuple[Policy, Policy]]:
        """Every pair of policies whose gap is explained."""
        return [*((self.policy, other) for other in self.beside), *self.explained]

    def explaining(self, start: Policy, target: Policy) -> Reporting:
        """Return the same with two policies in the build and the gap between them explained."""
        others = {policy.name: policy for policy in (*self.beside, start, target)}
        others.pop(self.policy.name, None)
        pairs = {(first.name, second.name): (first, second) for first, second in self.explained}
        if start.name != self.policy.name:
            pairs[start.name, target.name] = (start, target)
        return replace(self, beside=tuple(others.values()), explained=tuple(pairs.values()))


def variants(
    reporting: Reporting, state: Path, now: datetime, as_known_at: datetime | None
) -> tuple[Variant, ...]:
    """Return what dbt is to build, the configured policy first."""
    common = common_variables(reporting, now, as_known_at)
    beside = [_variant(policy, common, state, ("tag:revenue",)) for policy in reporting.beside]
    return (_variant(reporting.policy, common, state), *beside)


def balances_only(policies: Sequence[Policy], common: dict[str, Any], state: Path) -> list[Variant]:
    """Return what dbt is to build where of a policy only its customers' balances matter.

    The plans come along so that the test that customers add up to them runs on each.
    """
    return [_variant(policy, common, state, ("+customer_months", "+plan_months")) for policy in policies]


def common_variables(reporting: Reporting, now: datetime, as_known_at: datetime | None) -> dict[str, Any]:
    """Return dbt's variables that are the same for every policy of a build."""
    return {
        "now": now.isoformat(),
        "as_known_at": as_known_at.isoformat() if as_known_at else None,
        "reporting_currency": reporting.currency,
        "reporting_timezone": reporting.timezone,
    }


def _variant(policy: Policy, common: dict[str, Any], state: Path, select: tuple[str, ...] = ()) -> Variant:
    own = {
        "policy": policy.name,
        "policy_switches": policy.switches,
        "is_configured_policy": not select,
    }
    return Variant(policy.name, common | own, state / "dbt" / policy.name, select)
