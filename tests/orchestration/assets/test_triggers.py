from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
import pytest

from ingest.errors import StripeUnreachable
from orchestration import publishing
from orchestration.assets.main_job import retried_where_it_helps
from orchestration.assets.triggers import new_usage_logs
from tenants.errors import InvalidInput, PlatformError
from tenants.warehouse import Warehouse
from tests.orchestration.factories import make_build

if TYPE_CHECKING:
    from pathlib import Path


def look(cursor: str | None = None) -> dg.SensorResult | dg.SkipReason:
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance, cursor=cursor)
        found = new_usage_logs(context)
    assert isinstance(found, dg.SensorResult | dg.SkipReason)
    return found


def test_without_a_folder_of_usage_logs_nothing_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOKI_USAGE_LOGS", raising=False)
    assert isinstance(look(), dg.SkipReason)


def test_a_new_log_file_starts_the_main_job_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LOKI_USAGE_LOGS", str(tmp_path / "logs"))
    (tmp_path / "logs").mkdir()
    assert isinstance(look(), dg.SkipReason)
    (tmp_path / "logs" / "one.ndjson").write_text("{}\n")
    first = look()
    assert isinstance(first, dg.SensorResult)
    assert len(first.run_requests or []) == 1
    assert isinstance(look(first.cursor), dg.SkipReason)
    (tmp_path / "logs" / "two.ndjson").write_text("{}\n")
    assert isinstance(look(first.cursor), dg.SensorResult)


def test_files_that_the_last_refresh_has_read_start_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOKI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LOKI_USAGE_LOGS", str(tmp_path / "logs"))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "one.ndjson").write_text("{}\n")
    publishing.publish(Warehouse(tmp_path / "home"), make_build(tmp_path / "home", "build-1"))
    assert isinstance(look(), dg.SkipReason)


def fail_with(error: PlatformError) -> None:
    with retried_where_it_helps():
        raise error


def test_a_transient_error_is_tried_again_and_a_terminal_one_ends_with_its_sentence() -> None:
    with pytest.raises(dg.RetryRequested) as retry:
        fail_with(StripeUnreachable("Stripe does not answer."))
    assert retry.value.max_retries == 3
    with pytest.raises(dg.Failure, match="the key is wrong") as failure:
        fail_with(InvalidInput("the key is wrong"))
    assert not failure.value.allow_retries
