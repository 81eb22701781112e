from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from orchestration import state_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("LOKI_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LOKI_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOKI_CATALOGUE", "")
    state_settings.keep(tmp_path / "state", {"LOKI_CATALOGUE": "iris", "LOKI_STRIPE_API_KEY": "sk_test_it's"})
    return tmp_path


@pytest.mark.usefixtures("home")
def test_a_states_own_settings_count_where_nothing_else_is_said() -> None:
    state_settings.adopt()
    assert os.environ["LOKI_CATALOGUE"] == "iris"
    assert os.environ["LOKI_STRIPE_API_KEY"] == "sk_test_it's"
    state_settings.forget()
    assert "LOKI_CATALOGUE" not in os.environ


@pytest.mark.usefixtures("home")
def test_the_environment_wins_over_a_states_own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKI_CATALOGUE", "loki")
    state_settings.adopt()
    assert os.environ["LOKI_CATALOGUE"] == "loki"
    state_settings.forget()
    assert os.environ["LOKI_CATALOGUE"] == "loki"


def test_the_env_file_wins_over_a_states_own_settings(home: Path) -> None:
    (home / ".env").write_text("LOKI_CATALOGUE=loki\n#LOKI_STRIPE_API_KEY=\n")
    state_settings.adopt()
    assert not os.environ["LOKI_CATALOGUE"]
    assert os.environ["LOKI_STRIPE_API_KEY"].startswith("sk_test_")
    state_settings.forget()
