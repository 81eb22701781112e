"""A mail server of the test's own, and a control plane that sends through it."""

from __future__ import annotations

import email
import socket
from email import policy
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller

from tenants.clock import FixedClock
from tenants.control import ControlPlane
from tenants.settings import PlatformSettings
from tests.tenants import factories as make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from pathlib import Path


class Mailbox:
    """Takes what is sent, or refuses it as it is told to."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refusal: str | None = None
        self.then: Callable[[], None] = lambda: None

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        self.recipients.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        self.taken.append(email.message_from_bytes(envelope.content, policy=policy.default))
        self.then()
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(make.NOW)


@pytest.fixture
def control(mailbox: tuple[Mailbox, str], tmp_path: Path, clock: FixedClock) -> Iterator[ControlPlane]:
    settings = PlatformSettings(home=tmp_path, smtp_url=mailbox[1], base_domain="loki.test")
    opened = ControlPlane.open(settings, clock)
    yield opened
    opened.close()
