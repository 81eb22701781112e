"""What makes a waiver: a gate that there is, a finding's fingerprint, a reason, and a day to come."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from tenants.errors import InvalidInput
from tenants.ids import new_id
from tenants.stores import Suppression
from validation_engine.api.form_fields import day_named
from validation_engine.names import meant, nearest
from validation_engine.suppressions import FINGERPRINT_LENGTH

if TYPE_CHECKING:
    from tenants.api.access import Granted

LONGEST_REASON = 500
FINGERPRINT = re.compile(rf"[0-9a-f]{{{FINGERPRINT_LENGTH}}}")


class SuppressionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding to waive: its gate and fingerprint as the result gave them, why, and until which day."""

    gate_id: str
    fingerprint: str
    reason: str
    expires_on: str | None = None


def suppression(granted: Granted, wanted: SuppressionIn, shipped: list[str]) -> Suppression:
    """Return the waiver that is asked for, once all in it is such that it can hold.

    Args:
        granted: For whom.
        wanted: What is asked for.
        shipped: The ids of the ruleset's gates.

    Raises:
        InvalidInput: A field is wrong, and which.
    """
    _refuse_unknown_gate(granted, wanted.gate_id, shipped)
    _refuse_foreign_fingerprint(wanted.fingerprint)
    reason = _checked_reason(wanted.reason)
    now = granted.deps.clock.now()
    expires = _end_of(wanted.expires_on, granted.tenant.time_zone)
    if expires is not None and expires <= now:
        message = f"The waiver would have expired on {wanted.expires_on}; give a day to come."
        raise InvalidInput(message, "already_expired")
    return Suppression(
        suppression_id=new_id("sup"),
        gate_id=wanted.gate_id,
        fingerprint=wanted.fingerprint,
        author=granted.principal.name,
        reason=reason,
        created_at=now,
        expires_at=expires,
    )


def is_same(one: Suppression, other: Suppression) -> bool:
    """Return whether two waivers say the same, whenever each was asked for."""
    return other == replace(one, suppression_id=other.suppression_id, created_at=other.created_at)


def _refuse_unknown_gate(granted: Granted, gate_id: str, shipped: list[str]) -> None:
    """Refuse a gate that neither the ruleset nor the tenant has: its waiver would never hold."""
    known = [*shipped, *(own.gate_id for own in granted.store.custom_gates())]
    if gate_id not in known:
        hint = meant(gate_id, known) or "; list them at /v1/gates and /v1/custom-gates"
        message = f"There is no gate `{gate_id[:90]}`{hint}."
        raise InvalidInput(message, "unknown_gate", nearest=nearest(gate_id, known))


def _refuse_foreign_fingerprint(told: str) -> None:
    if FINGERPRINT.fullmatch(told) is None:
        message = (
            f"`fingerprint` is {told[:50]!r}; copy the {FINGERPRINT_LENGTH} digits and letters of the finding"
            " from the validation's result."
        )
        raise InvalidInput(message, "invalid_fingerprint")


def _checked_reason(told: str) -> str:
    reason = told.strip()
    if not 3 <= len(reason) <= LONGEST_REASON:  # noqa: PLR2004 - shorter says nothing
        message = f"The reason has {len(reason)} characters; say why in 3 to {LONGEST_REASON}."
        raise InvalidInput(message, "invalid_reason")
    if "\0" in reason:
        message = "The reason holds a null character; leave it out."
        raise InvalidInput(message, "invalid_reason")
    return reason


def _end_of(day: str | None, zone: str) -> datetime | None:
    """Return the end of a day where the tenant is."""
    if day is None:
        return None
    told = day_named("expires_on", day)
    try:
        return datetime.combine(told + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        message = f"`expires_on` is {day}, beyond any calendar; leave it out for a waiver without an end."
        raise InvalidInput(message, "invalid_body") from None
