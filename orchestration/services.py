"""Which services an installation runs, and how each is started."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic_settings import BaseSettings, SettingsConfigDict

from dashboards.serve import command as dashboards_command
from orchestration.sandbox_access import own_sandbox
from orchestration.supervisor import Service, Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.settings import PlatformSettings

REPOSITORY = Path(__file__).parents[1]
CODE_LOCATION = ("-m", "orchestration.definitions")


class ServeSettings(BaseSettings):
    """Where Dagster's pages listen."""

    model_config = SettingsConfigDict(
        env_prefix="LOKI_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    dagster_port: int = 3000


def services(settings: PlatformSettings, dagster_port: int) -> list[Service]:
    """Return what is to run: the sandbox where it is the configured Stripe, API, dashboards, Dagster."""
    address = f"http://{settings.base_domain}"
    webserver = [*_module("dagster_webserver"), "-h", "127.0.0.1", "-p", str(dagster_port), *CODE_LOCATION]
    return [
        *_sandbox(settings),
        Service(
            "api",
            _module("orchestration.serve"),
            settings.api_port,
            "/healthz",
            f"{address}:{settings.api_port}/sign-in",
        ),
        Service(
            "dashboard",
            dashboards_command(settings),
            settings.dashboard_port,
            "/_stcore/health",
            f"{address}:{settings.dashboard_port}",
        ),
        Service("dagster", webserver, dagster_port, "/server_info", f"{address}:{dagster_port}"),
        Service("dagster_daemon", [*_module("dagster._daemon"), "run", *CODE_LOCATION]),
    ]


def environment(settings: PlatformSettings) -> dict[str, str]:
    """Return what every service is told beside our own environment.

    Dagster makes folders in its home, so that is one of the state's, with a link to our settings.
    """
    dagster_dir = settings.state() / "dagster"
    dagster_dir.mkdir(parents=True, exist_ok=True)
    own_settings = dagster_dir / "dagster.yaml"
    own_settings.unlink(missing_ok=True)
    own_settings.symlink_to(REPOSITORY / "dagster.yaml")
    return {
        "LOKI_HOME": str(settings.state()),
        "DAGSTER_HOME": str(dagster_dir),
        "LOKI_DAGSTER_DIR": str(dagster_dir),
        "DO_NOT_TRACK": "1",
    }


def serve_until_stopped(settings: PlatformSettings, say: Callable[[str], None]) -> None:
    """Run all services until Ctrl-C.

    Raises:
        Conflict: A port is taken.
        Unavailable: A service does not start, or keeps dying.
    """
    from orchestration.context import load  # noqa: PLC0415 - settings first, heavy parts later

    wanted = services(settings, load(ServeSettings).dagster_port)
    say("Starting " + ", ".join(service.name for service in wanted) + " …")
    with Supervisor(wanted, environment(settings), settings.state() / "logs", say) as supervisor:
        say("Ctrl-C stops them all.")
        supervisor.run_until_stopped()
    say("Stopped.")


def _sandbox(settings: PlatformSettings) -> list[Service]:
    own = own_sandbox(settings)
    if own is None:
        return []
    webhook = f"http://127.0.0.1:{settings.api_port}/webhooks/stripe"
    place = ["--home", str(own.home), "--port", str(own.port)]
    command = [*_module("orchestration.demo.sandbox"), *place, "--webhook", webhook]
    if settings.now is not None:  # the API refuses webhooks that are signed at another time than its own
        command += ["--now", settings.now.isoformat()]
    return [Service("sandbox", command, own.port, "/v1/account")]


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", name]
