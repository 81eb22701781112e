"""How Streamlit is started: on loopback only, behind the platform's own gateway."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenants.settings import PlatformSettings

APP = Path(__file__).parent / "app.py"


def command(settings: PlatformSettings) -> list[str]:
    """Return the command line of the dashboards' process; it is ready when `/_stcore/health` answers.

    Everything else stands in `.streamlit/config.toml` beside the app.
    """
    port = str(settings.dashboard_port)
    return [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", port]
