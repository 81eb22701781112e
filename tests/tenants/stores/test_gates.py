from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tenants.stores import Suppression
from tests.tenants import factories as make

if TYPE_CHECKING:
    from tenants.stores import TenantStores


def test_each_change_of_a_gate_makes_a_new_revision(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    assert store.custom_gates_revision() == 0
    assert store.put_custom_gate("own_1", "id: own_1", is_enabled=True, at=make.NOW, by="usr_1") == 1
    later = make.NOW + timedelta(days=1)
    assert store.put_custom_gate("own_1", "id: own_1\n", is_enabled=False, at=later, by="usr_2") == 2
    (gate,) = store.custom_gates()
    assert (gate.body, gate.is_enabled, gate.created_at, gate.updated_at) == (
        "id: own_1\n",
        False,
        make.NOW,
        later,
    )
    assert store.delete_custom_gate("own_1", at=later, by="usr_2") == 3
    assert store.delete_custom_gate("own_1", at=later, by="usr_2") is None
    assert [one.body for one in store.custom_gate_versions("own_1")] == [None, "id: own_1\n", "id: own_1"]
    assert store.custom_gates() == []


def test_a_suppression_ends_at_its_time_or_when_withdrawn(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    until = make.NOW + timedelta(days=1)
    short = Suppression("sup_1", "fca_1", "f1", "usr_1", "agreed", make.NOW, until)
    lasting = Suppression("sup_2", "fca_1", "f2", "usr_1", "agreed", make.NOW, None)
    store.add_suppression(short)
    store.add_suppression(lasting)
    assert store.suppressions(make.NOW) == [short, lasting]
    assert store.suppressions(until) == [lasting]
    assert store.delete_suppression("sup_2")
    assert not store.delete_suppression("sup_2")
