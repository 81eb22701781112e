"""Tenants' own gates and waivers, read anew only where their revision has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from validation_engine.api.work import OwnRules
from validation_engine.suppressions import Suppression

if TYPE_CHECKING:
    from datetime import datetime

    from tenants import stores
    from validation_engine.api.accounts import Account

_FEATURE = "custom_gates"
_MOST_KEPT = 256
_A_MOMENT = timedelta(microseconds=1)
Gates = tuple[tuple[str, str], ...]


class OwnGates:
    """The enabled gates of tenants as text, the most recently used ones kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[int, Gates]] = OrderedDict()
        self._changing = threading.Lock()

    def of(self, account: Account, now: datetime) -> OwnRules:
        """Return what of a tenant's own a validation at this time depends on."""
        revision, waived = account.store.own_rules(now)
        if _FEATURE not in account.entitlements.features:
            revision = 0
        gates = self._gates(account, revision) if revision else ()
        zone = ZoneInfo(account.tenant.time_zone)
        kept = tuple(_suppression(one, zone) for one in waived)
        return OwnRules(account.tenant.tenant_id, revision, gates, kept)

    def _gates(self, account: Account, revision: int) -> Gates:
        tenant_id = account.tenant.tenant_id
        with self._changing:
            known, gates = self._kept.get(tenant_id, (0, ()))
            if known == revision:
                self._kept.move_to_end(tenant_id)
                return gates
        gates = tuple((one.gate_id, one.body) for one in account.store.custom_gates() if one.is_enabled)
        with self._changing:
            self._kept[tenant_id] = (revision, gates)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return gates


def _suppression(one: stores.Suppression, zone: ZoneInfo) -> Suppression:
    """Return a waiver with its last day where the tenant is: it is kept with the moment after that day."""
    return Suppression(
        gate_id=one.gate_id,
        fingerprint=one.fingerprint,
        author=one.author,
        reason=one.reason,
        expires_on=(one.expires_at - _A_MOMENT).astimezone(zone).date() if one.expires_at else None,
    )
