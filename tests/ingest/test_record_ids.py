"""Ids of usage land as keyed hashes, each record once, also over an upgrade that is killed anywhere."""

from __future__ import annotations

import shutil
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import record_ids
from ingest.landing import upkeep
from ingest.retention import Bounds, blank_details
from ingest.streams import open_landing
from ingest.tenant_stores.read import pull as pull_stores
from ingest.tenant_stores.schema import USAGE_RECORDS
from ingest.usage_logs.read import pull as pull_logs
from tenants.clock import FixedClock
from tenants.control import ControlPlane
from tenants.protection.record_keys import record_keys
from tenants.settings import PlatformSettings
from tests.ingest.factories import (
    NOW,
    AsSent,
    Stores,
    age,
    identities,
    keys,
    logged,
    open_zone,
    row,
    texts,
)
from tests.ingest.landing.dying import dies_at

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from tenants.protection.record_keys import RecordKeys

SENT = [
    row(1),
    row(2),
    row(1, tenant_id="ten_2"),
    row(1, source="gateway"),
    row(3, source="gateway", tenant_id="ten_2"),
]


def hashes(sent: list[dict[str, Any]], tenant_keys: RecordKeys) -> list[tuple[str, str, str | None]]:
    """Return the identities under which usage lands."""
    return sorted(
        (each["tenant_id"], each["source"], tenant_keys.hashed(*(each[name] for name in record_ids.IDENTITY)))
        for each in sent
    )


def earlier(root: Path) -> Stores:
    """Land usage as an earlier version did, stores in a file for each pull, a log in another."""
    stores, logs = Stores(), root / "logs"
    logs.mkdir(parents=True)
    zone = open_zone(root)
    for each in SENT:
        if each["source"] == "gateway":
            with (logs / "use.ndjson").open("a") as file:
                file.write(logged(each))
        else:
            stores.add(each)
            pull_stores(stores, zone, AsSent())
    pull_logs(logs, zone, AsSent())
    age(zone)
    return stores


def test_the_same_record_has_the_same_hash_for_ever_and_no_other_has_it() -> None:
    told = {
        keys().hashed(*each)
        for each in [
            ("t", "ab", "c"),
            ("t", "a", "bc"),
            ("u", "ab", "c"),
            ("t", "ab", "d"),
            ("t", "ab:c", ""),
        ]
    }
    assert len(told) == 5
    assert all(each and len(each) == 32 for each in told)
    assert keys().hashed("t", "ab", "c") == keys().hashed("t", "ab", "c")


def test_usage_of_a_tenant_whose_key_is_destroyed_does_not_land(tmp_path: Path) -> None:
    stores, zone, logs = Stores(), open_zone(tmp_path), tmp_path / "logs"
    stores.add(row(1))
    stores.add(row(1, tenant_id="ten_gone"))
    logs.mkdir()
    (logs / "a.ndjson").write_text(logged(row(2, tenant_id="ten_gone")) + logged(row(3)))
    pull_stores(stores, zone, keys("ten_gone"))
    assert pull_logs(logs, zone, keys("ten_gone"))["usage_records"] == 1
    assert identities(zone) == hashes([row(1), row(3)], keys())


def test_an_upgrade_leaves_no_id_as_it_was_sent_and_the_same_identities(tmp_path: Path) -> None:
    stores = earlier(tmp_path)
    assert any("sent-" in each for each in texts(tmp_path / "landing"))
    zone = open_zone(tmp_path, keys())
    assert pull_stores(stores, zone, keys()) == {}
    (tmp_path / "logs" / "again.ndjson").write_text("".join(map(logged, [*SENT, row(9)])))
    assert pull_logs(tmp_path / "logs", zone, keys())["usage_records"] == 1
    assert identities(zone) == hashes([*SENT, row(9)], keys())
    assert not any("sent-" in each for each in texts(tmp_path / "landing"))


def test_an_upgrade_happens_once(tmp_path: Path) -> None:
    earlier(tmp_path)
    with open_zone(tmp_path, keys()).writer():
        pass
    zone = open_zone(tmp_path)
    before = zone.manifests.sequence
    record_ids.upgrade(zone, lambda: pytest.fail("there is nothing to be hashed"))
    assert zone.manifests.sequence == before


def test_a_file_damaged_before_the_upgrade_is_not_kept_and_its_rows_come_again(tmp_path: Path) -> None:
    stores = earlier(tmp_path)
    old = open_zone(tmp_path)
    for entry in old.entries("usage_records")[:2]:
        path = old.root / entry.path
        path.write_bytes(path.read_bytes()[:-9] + b"X" * 9)
    zone = open_zone(tmp_path, keys())
    pull_stores(stores, zone, keys())
    assert set(identities(zone)) == set(hashes(SENT, keys()))
    assert len(zone.findings) == 2
    assert not any("sent-" in each for each in texts(zone.root))


def test_a_file_lost_after_the_upgrade_is_read_again_under_the_same_hashes(tmp_path: Path) -> None:
    stores = earlier(tmp_path)
    with open_zone(tmp_path, keys()).writer() as zone:
        lost = zone.entries("usage_records")
    for entry in lost:
        (zone.root / entry.path).unlink()
    zone = open_zone(tmp_path, keys())
    pull_stores(stores, zone, keys())
    pull_logs(tmp_path / "logs", zone, keys())
    assert identities(zone) == hashes(SENT, keys())


@pytest.mark.parametrize("stride", [pytest.param(1, marks=pytest.mark.long), 4])
def test_an_upgrade_killed_at_any_step_is_taken_up_by_the_next(tmp_path: Path, stride: int) -> None:
    stores = earlier(tmp_path / "before")
    for step in range(0, 200, stride):
        place = shutil.copytree(tmp_path / "before", tmp_path / str(step))
        is_dead = dies_at(step, partial(_upgrade, place))
        zone = open_zone(place, keys())
        pull_stores(stores, zone, keys())
        assert identities(zone) == hashes(SENT, keys())
        assert not any("sent-" in each for each in texts(zone.root))
        if not is_dead:
            assert step > 15
            return
    raise AssertionError


def _upgrade(root: Path) -> None:
    with open_zone(root, keys()).writer():
        pass


def test_the_landing_zone_of_an_installation_is_upgraded_under_the_keys_of_its_control_plane(
    tmp_path: Path,
) -> None:
    earlier(tmp_path)
    ours = PlatformSettings(_env_file=None, home=tmp_path, secret_key="s" * 40)
    with open_landing(ours, FixedClock(NOW)).writer() as zone:
        landed = identities(zone)
    with closing(ControlPlane.open(ours, FixedClock(NOW))) as control:
        assert landed == hashes(SENT, record_keys(control))


RECORDS = st.builds(
    lambda number, tenant: row(number, tenant_id=tenant),
    st.integers(1, 4),
    st.sampled_from(["ten_1", "ten_2"]),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("call"), RECORDS),
        st.tuples(st.just("log"), st.lists(RECORDS, min_size=1, max_size=4)),
        st.tuples(st.sampled_from(["pull", "lose", "compact", "upgrade", "retain"]), st.none()),
    ),
    max_size=14,
)


class Installation:
    """Usage that is sent in any order by stores and logs, to a version that may be upgraded at any time."""

    def __init__(self, root: Path) -> None:
        self.root, self.stores, self.sent = root, Stores(), list[dict[str, "Any"]]()
        self.keys: RecordKeys = AsSent()
        (root / "logs").mkdir()

    def do(self, step: str, what: Any) -> None:
        getattr(self, step)(what)
        if isinstance(self.keys, AsSent):
            age(self._zone())

    def call(self, what: dict[str, Any]) -> None:
        if what not in self.sent:
            self.stores.add(what)
        self._send(what)

    def log(self, what: list[dict[str, Any]]) -> None:
        path = self.root / "logs" / f"{len(list((self.root / 'logs').iterdir()))}.ndjson"
        path.write_text("".join(map(logged, what)))
        for each in what:
            self._send(each)

    def pull(self, _: None = None) -> None:
        pull_logs(self.root / "logs", self._zone(), self.keys)
        pull_stores(self.stores, self._zone(), self.keys)

    def lose(self, _: None) -> None:
        zone = self._zone()
        for entry in zone.entries("usage_records")[:1]:
            (zone.root / entry.path).unlink(missing_ok=True)

    def compact(self, _: None) -> None:
        upkeep.compact(self._zone())

    def retain(self, _: None) -> None:
        blank_details(self._zone(), Bounds({"ten_1": NOW}, NOW))

    def upgrade(self, _: None = None) -> None:
        self.keys = keys()

    def _send(self, what: dict[str, Any]) -> None:
        if what not in self.sent:
            self.sent.append(what)

    def _zone(self) -> Any:
        return open_zone(self.root, None if isinstance(self.keys, AsSent) else self.keys)

    def counted(self) -> list[tuple[str, str, str]]:
        """Return what reports count: a record that landed twice once."""
        return sorted(set(identities(self._zone())))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_comes_twice_is_lost_or_upgraded_each_record_counts_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, Any]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upkeep, "FEWEST", 2)
        ours = Installation(tmp_path_factory.mktemp("installation"))
        for step in steps:
            ours.do(*step)
        ours.upgrade()
        ours.pull()
        assert ours.counted() == hashes(ours.sent, keys())
        assert not any("sent-" in each for each in texts(ours.root / "landing"))


def test_many_ids_are_hashed_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_ids, "_AT_ONCE", 7)
    rows = pa.Table.from_pylist([row(number, observed_at=NOW) for number in range(50)], USAGE_RECORDS)
    told = record_ids.hashed(pa.concat_tables([rows.slice(0, 20), rows.slice(20)]), keys())
    assert told.schema == USAGE_RECORDS
    assert told["record_id"].to_pylist() == [keys().hashed("ten_1", "api", f"sent-{n}") for n in range(50)]
