"""Mails that are hard to send, or cannot be sent, hold up nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.control.tables import users
from tenants.mail.links import queue_link
from tenants.mail.smtp import send_waiting
from tenants.tenancy import NewTenant
from tests.tenants import factories as make

if TYPE_CHECKING:
    import pytest

    from tenants.control import ControlPlane
    from tests.tenants.mail.conftest import Mailbox


def queue_invitations(control: ControlPlane, *addresses: str) -> None:
    tenant = control.tenants.create(NewTenant(name="Acme", plan="professional"), make.BY)
    for address in addresses:
        queue_link(control, control.users.add(tenant.tenant_id, address, make.BY), "invitation")


def test_addresses_of_every_alphabet_are_written_to(
    control: ControlPlane, mailbox: tuple[Mailbox, str]
) -> None:
    queue_invitations(control, "jörg@acme.test", "bo@bücher.test", "ada@acme.test")
    assert send_waiting(control) == 3
    assert set(mailbox[0].recipients) == {"jörg@acme.test", "bo@xn--bcher-kva.test", "ada@acme.test"}


def test_an_address_that_the_server_cannot_take_holds_up_nobody_elses_mail(
    control: ControlPlane, mailbox: tuple[Mailbox, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smtplib.SMTP.has_extn", lambda *_: False)
    queue_invitations(control, "jörg@acme.test", "ada@acme.test")
    assert send_waiting(control) == 1
    assert mailbox[0].recipients == ["ada@acme.test"]


def test_a_mail_that_cannot_be_written_holds_up_nobody_elses(
    control: ControlPlane, mailbox: tuple[Mailbox, str]
) -> None:
    tenant = control.tenants.create(NewTenant(name="Acme", plan="professional"), make.BY)
    broken, whole = (control.users.add(tenant.tenant_id, f"{name}@acme.test", make.BY) for name in "ab")
    spoil = sa.update(users).where(users.c.user_id == broken.user_id).values(name="a\r\nBcc: x@evil.test")
    control.database.write(lambda connection: connection.execute(spoil))
    for user in (broken, whole):
        queue_link(control, user, "invitation")
    assert send_waiting(control) == 1
    assert mailbox[0].recipients == ["b@acme.test"]
