"""Which services an installation runs, and how each is started."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic_settings import BaseSettings, SettingsConfigDict

from dashboards.serve import command as dashboards_command
from orchestration.supervisor import Service

if TYPE_CHECKING:
    from tenants.settings import PlatformSettings

REPOSITORY = Path(__file__).parents[1]


class ServeSettings(BaseSettings):
    """Where Dagster's pages listen, and how many API processes there are."""

    model_config = SettingsConfigDict(env_prefix="LOKI_", env_file=".env", extra="ignore")

    dagster_port: int = 3000


def services(settings: PlatformSettings, serve: ServeSettings) -> list[Service]:
    """Return API, dashboards, Dagster's pages and its daemon."""
    host = settings.base_domain
    return [
        Service(
            "api",
            [sys.executable, "-m", "orchestration.serve"],
            settings.api_port,
            "/healthz",
            f"http://{host}:{settings.api_port}/sign-in",
        ),
        Service(
            "dashboard",
            dashboards_command(settings),
            settings.dashboard_port,
            "/_stcore/health",
            f"http://{host}:{settings.dashboard_port}",
        ),
        Service(
            "dagster",
            [*_module("dagster_webserver"), "-h", "127.0.0.1", "-p", str(serve.dagster_port), *_CODE],
            serve.dagster_port,
            "/server_info",
            f"http://{host}:{serve.dagster_port}",
        ),
        Service("dagster_daemon", [*_module("dagster._daemon"), "run", *_CODE]),
    ]


_CODE = ("-m", "orchestration.definitions")


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", name]


def environment(settings: PlatformSettings) -> dict[str, str]:
    """Return what every service is told."""
    dagster_dir = settings.state() / "dagster"
    dagster_dir.mkdir(parents=True, exist_ok=True)
    return {
        "LOKI_HOME": str(settings.state()),
        "DAGSTER_HOME": str(REPOSITORY),
        "LOKI_DAGSTER_DIR": str(dagster_dir),
        "DO_NOT_TRACK": "1",
    }
