"""What must hold of a tenant before it is written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from tenants.catalogue import METERS
from tenants.errors import Conflict, InvalidInput
from tenants.people.addresses import checked_email
from tenants.people.records import check_language
from tenants.tenancy.records import STATUSES

if TYPE_CHECKING:
    from tenants.catalogue import Catalogue
    from tenants.tenancy.records import Tenant

_LONGEST_NAME = 200
_MOST_DAYS = 3650
_LONGEST_REASON = 500
# What a quota's counter can hold: DECIMAL(18,6).
_MOST_UNITS = 999_999_999_999
REGIONS = ("us", "eu", "apac", "local")


def check_tenant(tenant: Tenant, catalogue: Catalogue) -> None:
    """Refuse a tenant with a field that is wrong.

    Raises:
        InvalidInput: Which one, and what it may be.
    """
    plan = catalogue.plan(tenant.plan)
    _check_text(tenant)
    unknown = sorted(set(tenant.modules or ()) - set(plan.modules))
    if unknown:
        message = (
            f"The plan {plan.id} does not have the module {unknown[0]!r}; it has {', '.join(plan.modules)}."
        )
        raise InvalidInput(message, "module_not_in_plan", module=unknown[0])
    if tenant.region not in {*REGIONS, catalogue.defaults.region}:
        message = f"{tenant.region!r} is no region; use one of {', '.join(REGIONS)}."
        raise InvalidInput(message, "unknown_region")
    if tenant.status not in STATUSES:
        message = f"{tenant.status!r} is no status; use one of {', '.join(STATUSES)}."
        raise InvalidInput(message, "unknown_status")
    if not 1 <= tenant.retention_days <= _MOST_DAYS:
        message = f"Retention of {tenant.retention_days} days is out of range; use 1 to {_MOST_DAYS}."
        raise InvalidInput(message, "invalid_retention")
    _check_overrides(tenant)
    _check_features(tenant, catalogue)


def checked_reason(reason: str) -> str:
    """Return why something is done, without space around it.

    Raises:
        InvalidInput: It is empty, too long, or holds what cannot be printed.
    """
    reason = reason.strip()
    if not 1 <= len(reason) <= _LONGEST_REASON or not reason.isprintable():
        message = f"A reason needs 1 to {_LONGEST_REASON} printable characters on one line."
        raise InvalidInput(message, "invalid_reason")
    return reason


def _check_text(tenant: Tenant) -> None:
    name = tenant.name
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        message = f"A tenant's name needs 1 to {_LONGEST_NAME} printable characters."
        raise InvalidInput(message, "invalid_name")
    if tenant.billing_email is not None:
        checked_email(tenant.billing_email)
    if tenant.time_zone not in available_timezones():
        message = f"{tenant.time_zone!r} is no time zone; use a name such as Europe/London."
        raise InvalidInput(message, "unknown_time_zone")
    check_language(tenant.language)


def _check_overrides(tenant: Tenant) -> None:
    own = tenant.overrides
    unknown = sorted(set(own.quotas) - set(METERS))
    if unknown:
        message = f"There is no meter {unknown[0]!r}; choose among {', '.join(METERS)}."
        raise InvalidInput(message, "unknown_meter")
    numbers = [*own.quotas.values(), own.user_limit, own.rate_limit_per_minute]
    if not all(number is None or _is_limit(Decimal(number)) for number in numbers):
        message = f"A tenant's own limits are numbers from 0 to {_MOST_UNITS:,}, with up to six decimals."
        raise InvalidInput(message, "invalid_limit")
    if own.rate_limit_per_minute == 0:
        message = "A tenant's rate limit must be at least 1 call a minute."
        raise InvalidInput(message, "invalid_limit")


def _check_features(tenant: Tenant, catalogue: Catalogue) -> None:
    known = sorted({feature for plan in catalogue.plans for feature in plan.features})
    unknown = sorted(set(tenant.overrides.features) - set(known))
    if unknown:
        message = f"There is no feature {unknown[0][:50]!r}; choose among {', '.join(known)}."
        raise InvalidInput(message, "unknown_feature")


def _is_limit(number: Decimal) -> bool:
    return number.is_finite() and 0 <= number <= _MOST_UNITS and number == round(number, 6)


def require_plan_free(tenant: Tenant, plan: str | None) -> None:
    """Refuse to set a plan by hand where a subscription says which it is.

    Raises:
        Conflict: It does; the next event or comparison would set it back.
    """
    if plan in {None, tenant.plan} or tenant.stripe_subscription_id is None or tenant.status == "canceled":
        return
    message = (
        "The plan follows the subscription; change that with `loki billing change` or under /v1/billing."
    )
    raise Conflict(message, "plan_subscribed")
