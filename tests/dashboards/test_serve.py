"""How the dashboards' process is started."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.serve import APP, command
from tenants.settings import PlatformSettings

if TYPE_CHECKING:
    import pytest


def test_the_command_runs_the_app_on_the_configured_port(tmp_path: Path) -> None:
    words = command(PlatformSettings(home=tmp_path, dashboard_port=8765))
    assert words[1:3] == ["-m", "streamlit"]
    assert words[-2:] == ["--server.port", "8765"]
    assert Path(words[4]) == APP
    assert APP.is_file()


def test_the_settings_beside_the_app_are_in_force_wherever_it_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from streamlit import config, file_util  # noqa: PLC0415 - Streamlit, only where it is asked

    monkeypatch.chdir(tmp_path)
    beside = file_util.get_main_script_streamlit_file_path(str(APP), "config.toml")
    settings = tomllib.loads(Path(beside).read_text())
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["runner"]["postScriptGC"] is False
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    known = config.get_config_options()
    assert all(
        f"{section}.{name}" in known
        for section in ("server", "runner", "client")
        for name in settings[section]
    )


def test_the_page_s_icon_and_logo_are_our_own_files() -> None:
    assert (APP.parent / "assets" / "icon.png").is_file()
    assert (APP.parent / "assets" / "logo.svg").is_file()
