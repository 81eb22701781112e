"""A program that sends what waits, to be killed: `python sender.py HOME SMTP_URL`."""

from __future__ import annotations

import sys
from pathlib import Path

from tenants.control import ControlPlane
from tenants.mail.smtp import send_waiting
from tenants.settings import PlatformSettings
from tests.tenants.factories import CLOCK

if __name__ == "__main__":
    home, smtp_url = sys.argv[1:]
    settings = PlatformSettings(_env_file=None, home=Path(home), smtp_url=smtp_url, base_domain="loki.test")
    send_waiting(ControlPlane.open(settings, CLOCK))
