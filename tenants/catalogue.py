"""Plan catalogues: what is sold, at which price, with which limits; data in `catalogues/`, checked."""

from __future__ import annotations

from decimal import Decimal  # noqa: TC003 - msgspec needs it at run time
from pathlib import Path
from typing import Any, Literal

import msgspec

from tenants.errors import InvalidInput

Interval = Literal["month", "quarter", "year"]
UsagePeriodRule = Literal["calendar_month", "subscription_month"]

METERS = ("api_calls", "conversations", "storage_gb")
MONTHS: dict[Interval, int] = {"month": 1, "quarter": 3, "year": 12}
_SHIPPED = Path(__file__).with_name("catalogues")


class Defaults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a new tenant starts with unless told otherwise."""

    time_zone: str
    language: str
    region: str
    retention_days: int = 90
    is_audited: bool = False


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One plan of a catalogue.

    Attributes:
        prices: Amounts in major units by currency and interval; empty where only a custom price exists.
        is_custom_price: The price is agreed case by case; a stated amount is the list price.
        trial_days: Days of trial before the first charge; 0 is none.
        user_limit: Most active users; None is unlimited.
        quotas: Units a usage period by meter; None is unlimited.
        modules: Names of rule modules, `all` meaning each module of the catalogue.
        features: Names of what is switched on, such as `custom_gates`, `sso`, `white_label`.
        position: Place in the catalogue's order, from 1 upwards.
    """

    id: str
    name: str
    prices: dict[str, dict[Interval, Decimal]]
    user_limit: int | None
    quotas: dict[str, Decimal | None]
    modules: tuple[str, ...] | Literal["all"]
    features: tuple[str, ...]
    support: str
    is_custom_price: bool = False
    trial_days: int = 0
    sla_percent: Decimal | None = None
    audience: str | None = None
    position: int = 0

    def price(self, currency: str, interval: Interval = "month") -> Decimal | None:
        """Return the list price in major units, or None where it is not sold so."""
        return self.prices.get(currency, {}).get(interval)

    def quota(self, meter: str) -> Decimal | None:
        """Return the units a usage period, None meaning unlimited."""
        return self.quotas.get(meter)


class Catalogue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The plans of one business, in the order in which a customer grows through them.

    Attributes:
        currency: The currency in which it reports and sells by default.
        intervals: How a plan may be paid.
        usage_period: Whether quotas renew with the calendar month in UTC or with the subscription's month.
        overage_prices: Major units of `currency` a unit above the quota; without a price it is refused.
    """

    name: str
    currency: str
    intervals: tuple[Interval, ...]
    usage_period: UsagePeriodRule
    rate_limit_per_minute: int
    modules: tuple[str, ...]
    defaults: Defaults
    plans: tuple[Plan, ...]
    overage_prices: dict[str, Decimal] = {}

    def plan(self, plan_id: str) -> Plan:
        """Return a plan by its id.

        Raises:
            InvalidInput: The catalogue has no such plan.
        """
        for plan in self.plans:
            if plan.id == plan_id:
                return plan
        known = ", ".join(plan.id for plan in self.plans)
        message = f"The catalogue {self.name} has no plan {plan_id!r}; choose one of {known}."
        raise InvalidInput(message, "unknown_plan", plan=plan_id)

    def next_plan(self, plan_id: str) -> Plan | None:
        """Return the plan after this one, None at the top."""
        position = self.plan(plan_id).position
        return self.plans[position] if position < len(self.plans) else None

    def first_plan_with(self, *, module: str | None = None, feature: str | None = None) -> Plan | None:
        """Return the smallest plan that has the module or the feature, None where none has it."""
        for plan in self.plans:
            if module in plan.modules or feature in plan.features:
                return plan
        return None

    @property
    def overage_allowed(self) -> bool:
        """Whether use above a quota is charged instead of refused."""
        return bool(self.overage_prices)


def load_catalogue(name_or_path: str | Path) -> Catalogue:
    """Load a shipped catalogue by name (`loki`, `iris`) or any catalogue from a YAML file.

    Raises:
        InvalidInput: There is no such catalogue, or the file does not describe one.
    """
    path = _SHIPPED / f"{name_or_path}.yaml"
    if not path.is_file():
        path = Path(name_or_path)
    if not path.is_file():
        shipped = ", ".join(sorted(each.stem for each in _SHIPPED.glob("*.yaml")))
        message = f"There is no catalogue {str(name_or_path)!r}; set LOKI_CATALOGUE to {shipped} or a file."
        raise InvalidInput(message, "unknown_catalogue")
    return _completed(_read(path), path)


def _read(path: Path) -> Catalogue:
    import yaml  # noqa: PLC0415 - start-up time: most commands never read YAML

    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return msgspec.convert(raw, Catalogue, strict=False)
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError) as error:
        message = f"The catalogue {path} cannot be read: {error}. Compare it with the shipped ones."
        raise InvalidInput(message, "invalid_catalogue") from error


def _completed(catalogue: Catalogue, path: Path) -> Catalogue:
    numbered = enumerate(catalogue.plans, start=1)
    plans = tuple(_completed_plan(plan, position, catalogue, path) for position, plan in numbered)
    if not plans or len({plan.id for plan in plans}) != len(plans):
        message = f"The catalogue {path} needs at least one plan, and each id only once."
        raise InvalidInput(message, "invalid_catalogue")
    return msgspec.structs.replace(catalogue, plans=plans)


def _completed_plan(plan: Plan, position: int, catalogue: Catalogue, path: Path) -> Plan:
    modules = catalogue.modules if plan.modules == "all" else plan.modules
    unknown = set(modules) - set(catalogue.modules) | set(plan.quotas) - set(METERS)
    if unknown:
        message = f"The plan {plan.id} in {path} names {', '.join(sorted(unknown))}, which nothing defines."
        raise InvalidInput(message, "invalid_catalogue")
    prices = {currency: _all_intervals(by, catalogue) for currency, by in plan.prices.items()}
    return msgspec.structs.replace(plan, position=position, modules=modules, prices=prices)


def _all_intervals(by_interval: dict[Interval, Decimal], catalogue: Catalogue) -> dict[Interval, Decimal]:
    month = by_interval.get("month")
    derived = {} if month is None else {each: month * MONTHS[each] for each in catalogue.intervals}
    return {**derived, **by_interval}
