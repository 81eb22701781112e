"""Which variants of the dbt project a build holds: the configured policy, and those built beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.dbt_run import Variant

if TYPE_CHECKING:
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
    """

    policy: Policy
    currency: str
    timezone: str
    catalogue: str
    beside: tuple[Policy, ...] = ()


def variants(
    reporting: Reporting, state: Path, now: datetime, as_known_at: datetime | None
) -> tuple[Variant, ...]:
    """Return what dbt is to build, the configured policy first."""
    common = {
        "now": now.isoformat(),
        "as_known_at": as_known_at.isoformat() if as_known_at else None,
        "reporting_currency": reporting.currency,
        "reporting_timezone": reporting.timezone,
    }

    def variant(policy: Policy, *, is_configured: bool) -> Variant:
        own = {
            "policy": policy.name,
            "policy_switches": policy.switches,
            "is_configured_policy": is_configured,
        }
        select = () if is_configured else ("tag:revenue",)
        return Variant(policy.name, common | own, state / "dbt" / policy.name, select)

    beside = [variant(policy, is_configured=False) for policy in reporting.beside]
    return (variant(reporting.policy, is_configured=True), *beside)
