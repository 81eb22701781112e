"""What every test of the main job needs."""

from __future__ import annotations

import pytest

from orchestration import dbt_run


@pytest.fixture(autouse=True)
def _project_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the dbt project back after a test that ran the small one."""
    monkeypatch.setattr(dbt_run, "PROJECT", dbt_run.PROJECT)
