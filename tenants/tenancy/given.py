"""A tenant's own limits and features as people write them: at the command line, and in forms."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import msgspec

from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.tenancy import Overrides

AS_PLANNED = "plan"
_OVERAGE = {"charged": True, "refused": False, AS_PLANNED: None}


@dataclass(frozen=True)
class OverridesIn:
    """What was given; None stays as it is, the word `plan` goes back to what the plan says."""

    quotas: Sequence[str]
    user_limit: str | None
    rate_limit: str | None
    features: Sequence[str] | None
    overage: str | None

    def over(self, old: Overrides) -> Overrides:
        """Return the tenant's overrides with what was given.

        Raises:
            InvalidInput: Something cannot be read.
        """
        changes: dict[str, Any] = {"quotas": _quotas(old.quotas, self.quotas)}
        if self.user_limit is not None:
            changes["user_limit"] = _whole(self.user_limit, "user limit")
        if self.rate_limit is not None:
            changes["rate_limit_per_minute"] = _whole(self.rate_limit, "rate limit")
        if self.features is not None:
            changes["features"] = tuple(name for name in self.features if name != AS_PLANNED)
        if self.overage is not None:
            changes["overage_allowed"] = _overage(self.overage)
        return msgspec.structs.replace(old, **changes)


def _quotas(old: dict[str, Decimal | None], given: Sequence[str]) -> dict[str, Decimal | None]:
    quotas = dict(old)
    for text in given:
        meter, _, units = text.partition("=")
        if units == AS_PLANNED:
            quotas.pop(meter, None)
        else:
            quotas[meter] = None if units == "unlimited" else _units(text, units)
    return quotas


def _units(text: str, units: str) -> Decimal:
    try:
        return Decimal(units)
    except InvalidOperation:
        message = f"{text!r} is no quota; write it as api_calls=20000, api_calls=unlimited or api_calls=plan."
        raise InvalidInput(message, "invalid_quota") from None


def _whole(text: str, what: str) -> int | None:
    if text == AS_PLANNED:
        return None
    if not (text.isascii() and text.isdigit()):
        message = f"{text!r} is no {what}; give a whole number, or `plan` for the plan's."
        raise InvalidInput(message, "invalid_limit")
    return int(text)


def _overage(text: str) -> bool | None:
    if text not in _OVERAGE:
        message = f"{text!r} says nothing of overage; use one of {', '.join(_OVERAGE)}."
        raise InvalidInput(message, "invalid_overage")
    return _OVERAGE[text]
