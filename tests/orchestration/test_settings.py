from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.settings import IngestSettings
from orchestration.context import load
from orchestration.services import ServeSettings
from orchestration.settings import BuildSettings
from tenants.errors import InvalidInput
from tenants.settings import PlatformSettings

if TYPE_CHECKING:
    from pydantic_settings import BaseSettings

EXAMPLE = (Path(__file__).parents[2] / ".env.example").read_text()
CLASSES: list[type[BaseSettings]] = [PlatformSettings, IngestSettings, BuildSettings, ServeSettings]


def test_the_example_names_every_setting_and_no_other() -> None:
    known = {f"LOKI_{name.upper()}" for kind in CLASSES for name in kind.model_fields}
    assert set(re.findall(r"^#(LOKI_\w+)=", EXAMPLE, re.MULTILINE)) == known | {"LOKI_LOG_LEVEL"}


@pytest.mark.parametrize("kind", CLASSES)
def test_the_example_states_the_defaults(kind: type[BaseSettings], tmp_path: Path) -> None:
    uncommented = re.sub(r"^#(LOKI_)", r"\1", EXAMPLE, flags=re.MULTILINE)
    (tmp_path / ".env").write_text(uncommented)
    stated = kind(_env_file=tmp_path / ".env")
    assert stated == kind(_env_file=None)


def test_all_wrong_settings_are_told_at_once_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKI_API_PORT", "many")
    monkeypatch.setenv("LOKI_NOW", "yesterday")
    with pytest.raises(InvalidInput, match=r"LOKI_API_PORT: .*LOKI_NOW: "):
        load(PlatformSettings)


def test_an_unknown_time_zone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKI_REPORTING_TIMEZONE", "Mars/Olympus")
    with pytest.raises(InvalidInput, match="LOKI_REPORTING_TIMEZONE"):
        load(BuildSettings)


def test_hosts_in_a_private_network_are_named_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKI_PRIVATE_HOSTS", " login.Acme.internal, 10.0.0.7,")
    assert load(PlatformSettings).private_hosts == {"login.acme.internal", "10.0.0.7"}
