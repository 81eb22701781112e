"""What services are told, and that Dagster starts from it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.services import environment
from tenants.settings import PlatformSettings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_dagster_lives_in_the_states_folder_by_our_settings_however_often_it_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = PlatformSettings(home=tmp_path)
    assert environment(settings) == environment(settings)
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.get() as instance:
        assert not instance.telemetry_enabled
        assert instance.run_monitoring_enabled
        assert instance.root_directory.startswith(os.fspath(tmp_path))
        assert instance.storage_directory().startswith(os.fspath(tmp_path))
