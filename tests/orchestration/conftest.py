"""What every test of the main job needs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestration import dbt_run
from tests.orchestration import small_job, warm_dbt

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _project_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the dbt project back after a test that ran the small one."""
    monkeypatch.setattr(dbt_run, "PROJECT", dbt_run.PROJECT)


@pytest.fixture(scope="session")
def loaded_dbt() -> Iterator[tuple[str, ...]]:
    """Load dbt once; give the command that forks from there."""
    root = Path(__file__).parents[2]
    with tempfile.TemporaryDirectory(prefix="loki-dbt-") as folder:
        address = f"{folder}/socket"
        with subprocess.Popen(  # noqa: S603 - ours
            [sys.executable, warm_dbt.__file__, address, str(small_job.PROJECT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=root,
            env=os.environ | {"PYTHONPATH": str(root), "DO_NOT_TRACK": "1"},
        ) as process:
            assert process.stdout
            assert process.stdin
            assert process.stdout.readline() == b"ready\n"
            yield (sys.executable, "-I", "-S", warm_dbt.__file__, address)
            process.stdin.close()


@pytest.fixture
def dbt_is_loaded(loaded_dbt: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the test's builds the seconds in which dbt loads; how it starts by itself, other tests hold."""
    monkeypatch.setattr(dbt_run, "CHILD", loaded_dbt)
