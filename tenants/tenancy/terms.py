"""What held for a tenant before: where its usage months were counted from, and what it was charged above."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from tenants.periods import EarlierAnchor, change_at

if TYPE_CHECKING:
    from tenants.stores.records import Period
    from tenants.tenancy.entitlements import Entitlements

Quotas = dict[str, Decimal | None]
_MOMENT = timedelta(microseconds=1)


class EarlierQuotas(msgspec.Struct, frozen=True):
    """Quotas above which use was charged before a change, by meter; None was unlimited."""

    until: datetime
    quotas: Quotas


class EarlierTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Both, each oldest first; what holds now is not among them."""

    anchors: tuple[EarlierAnchor, ...] = ()
    quotas: tuple[EarlierQuotas, ...] = ()


NOTHING_EARLIER = EarlierTerms()


def quotas_at(moment: datetime, may: Entitlements) -> Quotas:
    """Return the quotas above which use was charged at a moment."""
    held = (each.quotas for each in may.earlier.quotas if moment < each.until)
    return next(held, charged_quotas(may))


def quotas_in(period: Period, may: Entitlements) -> list[EarlierQuotas]:
    """Return the quotas above which use was charged within a period, oldest first, the last until its end."""
    within = [each for each in may.earlier.quotas if period.start < each.until < period.end]
    return [*within, EarlierQuotas(period.end, quotas_at(period.end - _MOMENT, may))]


def charged_quotas(may: Entitlements) -> Quotas:
    """Return the quotas above which use is charged instead of refused."""
    return {meter: may.quotas.get(meter) for meter in sorted(may.overage_meters)}


def changed(
    old: Entitlements,
    new: Entitlements,
    now: datetime,
    *,
    is_first_anchor: bool,
    since: datetime | None = None,
) -> EarlierTerms:
    """Return what held before, once entitlements have changed.

    Args:
        old: What held until now.
        new: What holds from now on.
        now: When the change is taken in.
        is_first_anchor: No subscription of the tenant was known: all its periods are counted from the new
            one, as nothing was charged by those before.
        since: When it came about at the latest, where that was told. Quotas that are larger count from then:
            they are paid for since. Smaller ones count from now, as answers until now told of the larger.
    """
    anchors, quotas, at = old.earlier.anchors, old.earlier.quotas, now
    if old.anchor is not None and new.anchor is not None and old.anchor != new.anchor:
        at = change_at(now, new.anchor, old.period(now))
        if not is_first_anchor and _is_later(at, anchors):
            anchors = (*anchors, EarlierAnchor(at, old.anchor))
    if charged_quotas(old) != charged_quotas(new):
        at = at if _is_later(at, quotas) else now
        is_same_period = old.anchor == new.anchor
        if since is not None and is_same_period and _is_larger(charged_quotas(new), charged_quotas(old)):
            at = min(since, now)
        if _is_later(at, quotas):
            quotas = (*quotas, EarlierQuotas(at, charged_quotas(old)))
    return EarlierTerms(anchors=anchors, quotas=quotas)


def _is_larger(quotas: Quotas, than: Quotas) -> bool:
    """Tell whether no meter's quota is smaller, of the same meters."""
    return quotas.keys() == than.keys() and all(
        quota is None or ((before := than[meter]) is not None and quota >= before)
        for meter, quota in quotas.items()
    )


def _is_later(at: datetime, known: tuple[EarlierAnchor, ...] | tuple[EarlierQuotas, ...]) -> bool:
    """Tell whether there was any time since the last change; if not, nothing held in between."""
    return not known or at > known[-1].until
