"""Which function carries out which kind of task."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING

from tenants.tasks import billing, upkeep
from tenants.tasks.records import Kind, Outcome, Work

if TYPE_CHECKING:
    from collections.abc import Mapping

Run = Callable[[Work], Outcome]

# `erase_due` needs the warehouse: whoever has that adds its function.
RUNS: Mapping[Kind, Run] = MappingProxyType(
    {
        Kind.compare_billing: billing.compare_with_stripe,
        Kind.adopt_billing: billing.take_in,
        Kind.charge_overage: billing.charge,
        Kind.create_prices: billing.make_prices,
        Kind.apply_events: billing.apply_events,
        Kind.back_up_all: upkeep.back_up_all,
        Kind.verify_backup: upkeep.verify_backup,
        Kind.migrate_stores: upkeep.migrate_stores,
    }
)
