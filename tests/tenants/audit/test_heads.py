"""No entry can be changed, removed or cut off without its showing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tenants.audit import Change
from tenants.audit.heads import Head, Heads
from tenants.control.tables import audit_entries
from tenants.errors import InvalidInput
from tenants.protection.evidence import evidence
from tests.tenants import factories as make

if TYPE_CHECKING:
    from tenants.control import ControlPlane


@pytest.fixture
def told(control: ControlPlane) -> ControlPlane:
    for number in range(5):
        change = Change(action="thing_done", object_type="thing", object_id=str(number), tenant_id=None)
        control.audit.record(make.BY, change)
    return control


def run(control: ControlPlane, statement: sa.Executable) -> None:
    control.database.write(lambda connection: connection.execute(statement))


def test_a_whole_trail_with_its_heads_is_sound(told: ControlPlane) -> None:
    heads = Heads(told)
    heads.sign()
    verdict = heads.verify()
    assert verdict.is_sound
    assert (verdict.entries, verdict.heads) == (5, 1)


def test_whoever_asks_for_the_head_again_and_again_fills_no_file(told: ControlPlane) -> None:
    heads = Heads(told)
    first, again = heads.signed(), heads.signed()
    told.audit.record(
        make.BY, Change(action="thing_done", object_type="thing", object_id="6", tenant_id=None)
    )
    assert first == again != heads.signed()
    assert heads.verify().heads == 2


def test_more_heads_than_a_query_takes_values_are_verified(
    told: ControlPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenants.audit.heads._AT_ONCE", 2)
    heads = Heads(told)
    for number in range(4):
        heads.sign()
        change = Change(action="thing_done", object_type="thing", object_id=str(number), tenant_id=None)
        told.audit.record(make.BY, change)
    assert heads.verify().is_sound
    run(told, sa.delete(audit_entries).where(audit_entries.c.seq >= 7))
    assert heads.verify().missing == (7, 8)


@pytest.mark.parametrize("column", ["action", "actor_id", "object_id", "detail"])
def test_a_changed_entry_shows(told: ControlPlane, column: str) -> None:
    run(told, sa.update(audit_entries).where(audit_entries.c.seq == 3).values({column: "other"}))
    assert Heads(told).verify().first_broken == 3


def test_a_removed_entry_shows(told: ControlPlane) -> None:
    run(told, sa.delete(audit_entries).where(audit_entries.c.seq == 3))
    assert Heads(told).verify().first_broken == 4


def test_a_cut_tail_shows_by_the_signed_head_alone(told: ControlPlane) -> None:
    Heads(told).sign()
    run(told, sa.delete(audit_entries).where(audit_entries.c.seq >= 4))
    verdict = Heads(told).verify()
    assert (verdict.first_broken, verdict.missing) == (None, (5,))


def test_a_tail_cut_together_with_the_file_of_heads_shows_by_a_head_kept_elsewhere(
    told: ControlPlane,
) -> None:
    heads = Heads(told)
    kept = heads.sign()
    assert kept is not None
    heads.path.unlink()
    run(told, sa.delete(audit_entries).where(audit_entries.c.seq >= 4))
    assert heads.verify().is_sound
    line = f"{kept.seq} {kept.entry_hash} {kept.at} {kept.signature} {heads.public_key()}"
    assert heads.verify([Head.from_text(line)]).missing == (5,)


@pytest.mark.parametrize("line", ["5 ab", "x y z w", "", "5 00 2026-11-26T00:00:00+00:00 AAAA key"])
def test_a_line_that_is_no_head_of_ours_is_refused(told: ControlPlane, line: str) -> None:
    with pytest.raises(InvalidInput, match="head"):
        Heads(told).verify([Head.from_text(line)])


def test_a_head_that_was_written_by_someone_else_is_told(told: ControlPlane) -> None:
    heads = Heads(told)
    head = heads.sign()
    assert head is not None
    heads.path.write_text(heads.path.read_text().replace(head.entry_hash[:8], "0" * 8))
    assert Heads(told).verify().forged == (1,)


def test_a_last_line_torn_at_any_byte_counts_as_not_written_and_the_next_head_replaces_it(
    told: ControlPlane,
) -> None:
    heads = Heads(told)
    heads.sign()
    whole = heads.path.read_bytes()
    for length in range(len(whole)):
        heads.path.write_bytes(whole + whole[:length])
        verdict = heads.verify()
        assert (verdict.is_sound, verdict.heads) == (True, 1)
    heads.sign()
    assert heads.path.read_bytes() == whole * 2
    assert heads.verify().heads == 2


def test_a_broken_line_that_is_finished_or_is_not_the_last_is_forged(told: ControlPlane) -> None:
    heads = Heads(told)
    heads.sign()
    whole = heads.path.read_bytes()
    heads.path.write_bytes(whole[:40] + b"\n" + whole)
    assert heads.verify().forged == (1,)
    heads.path.write_bytes(whole + whole[:40] + b"\n")
    assert heads.verify().forged == (2,)
    heads.sign()
    assert heads.verify().forged == (2,)


def test_evidence_names_its_criterion_and_tells_who_has_access(told: ControlPlane) -> None:
    told.users.add(None, "op@loki.test", make.BY, role="operator", password="correct horse")
    records = list(evidence(told, make.NOW))
    assert {record["kind"] for record in records} == {"access_review", "change_audit", "audit_integrity"}
    assert all(record["criterion"] for record in records)
    assert [record["role"] for record in records if record["kind"] == "access_review"] == ["operator"]
