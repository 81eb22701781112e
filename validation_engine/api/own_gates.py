"""Tenants' own gates and waivers, kept compiled while they do not change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import structlog

from validation_engine.custom_gates import CustomRuleset
from validation_engine.errors import EngineError
from validation_engine.gates.load import parse_gate
from validation_engine.suppressions import Suppression

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.stores import CustomGate
    from validation_engine.api.accounts import Account
    from validation_engine.gates.ruleset import Ruleset
    from validation_engine.gates.schema import GateFile

_log = structlog.get_logger(__name__)
_FEATURE = "custom_gates"
# Compiled sets kept; each may hold some megabytes.
_MOST_KEPT = 64


class OwnGates:
    """Compiled custom rulesets by tenant, the most recently used ones kept.

    Args:
        ruleset: The shipped rules, whose vocabulary custom gates share.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self._macros = ruleset.macros
        self._kept: OrderedDict[str, CustomRuleset] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, account: Account) -> CustomRuleset | None:
        """Return the tenant's enabled gates at their present revision, None where it has none."""
        if _FEATURE not in account.entitlements.features:
            return None
        tenant_id, store = account.tenant.tenant_id, account.store
        revision = store.custom_gates_revision()
        if revision == 0:
            return None
        with self._lock:
            kept = self._kept.get(tenant_id)
            if kept is not None and kept.revision == revision:
                self._kept.move_to_end(tenant_id)
                return kept
        compiled = CustomRuleset(_readable(store.custom_gates()), self._macros, revision)
        with self._lock:
            self._kept[tenant_id] = compiled
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return compiled

    def suppressions(self, account: Account) -> Sequence[Suppression]:
        """Return the tenant's waivers that are in force."""
        now = account.now()
        return [
            Suppression(
                gate_id=one.gate_id,
                fingerprint=one.fingerprint,
                author=one.author,
                reason=one.reason,
                expires_on=one.expires_at.date() if one.expires_at else None,
            )
            for one in account.store.suppressions(now)
        ]


def _readable(rows: Sequence[CustomGate]) -> list[GateFile]:
    """Return the enabled gates; one that this version of the engine cannot read is left out and logged."""
    gates = []
    for row in rows:
        if not row.is_enabled:
            continue
        try:
            gates.append(parse_gate(row.body, row.gate_id))
        except EngineError as error:
            _log.warning("custom_gate_unreadable", gate_id=row.gate_id, code=error.code)
    return gates
