"""How current a build is said to be."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from dashboards.freshness import LAST_REFRESH, freshness
from tenants.warehouse import Build

if TYPE_CHECKING:
    from pathlib import Path

BUILT = datetime(2026, 11, 20, 5, tzinfo=UTC)


def note(state: Path, outcome: str, finished_at: datetime) -> None:
    told = {"finished_at": finished_at.isoformat(), "outcome": outcome, "message": "A test failed."}
    (state / LAST_REFRESH).write_text(json.dumps(told))


def test_without_a_note_a_build_is_as_current_as_it_was_made(tmp_path: Path) -> None:
    fresh = freshness(tmp_path, Build("one", tmp_path, BUILT))
    assert fresh.current_at == BUILT
    assert not fresh.is_stale(BUILT + timedelta(hours=26))
    assert fresh.is_stale(BUILT + timedelta(hours=27))


def test_a_refresh_that_found_nothing_new_keeps_the_build_current(tmp_path: Path) -> None:
    note(tmp_path, "succeeded", BUILT + timedelta(days=5))
    assert freshness(tmp_path, Build("one", tmp_path, BUILT)).current_at == BUILT + timedelta(days=5)


def test_a_failed_refresh_is_told_with_its_reason(tmp_path: Path) -> None:
    note(tmp_path, "failed", BUILT + timedelta(hours=1))
    fresh = freshness(tmp_path, Build("one", tmp_path, BUILT))
    assert (fresh.current_at, fresh.failed_at, fresh.failure) == (
        BUILT,
        BUILT + timedelta(hours=1),
        "A test failed.",
    )


def test_a_failure_before_the_build_is_history(tmp_path: Path) -> None:
    note(tmp_path, "failed", BUILT - timedelta(hours=1))
    assert freshness(tmp_path, Build("one", tmp_path, BUILT)).failed_at is None


def test_an_unreadable_note_is_no_note(tmp_path: Path) -> None:
    (tmp_path / LAST_REFRESH).write_text("{")
    assert freshness(tmp_path, Build("one", tmp_path, BUILT)).current_at == BUILT
