"""Mail over a real SMTP conversation with a server of the test's own."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tenants.control import ControlPlane
from tenants.errors import InvalidInput
from tenants.mail.links import queue_link, queue_reset
from tenants.mail.smtp import send_waiting
from tenants.onboarding import onboarding_of
from tenants.onboarding.mails import queue_due
from tenants.stores import TenantStores
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tests.tenants import factories as make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from tenants.clock import FixedClock
    from tests.tenants.mail.conftest import Mailbox


@pytest.fixture
def stores(control: ControlPlane) -> Iterator[TenantStores]:
    opened = TenantStores(control.settings, make.CLOCK)
    yield opened
    opened.close()


def body_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_mails_of_the_first_steps_go_out_once_each(
    control: ControlPlane, stores: TenantStores, mailbox: tuple[Mailbox, str]
) -> None:
    tenant = provision(control, stores, NewTenant(name="Acme", plan="starter"), make.BY)
    control.users.add(tenant.tenant_id, "ada@acme.test", make.BY, name="Ada", role="owner")
    assert queue_due(control, stores) == 1
    control.keys.issue(tenant.tenant_id, "ci", make.BY)
    stores.open(tenant.tenant_id).commit_validation(make.validation())
    assert queue_due(control, stores) == 2
    assert queue_due(control, stores) == 0
    assert send_waiting(control) == 3
    assert send_waiting(control) == 0
    subjects = sorted(message["Subject"] for message in mailbox[0].taken)
    assert subjects == [
        "Acme has validated its first document",
        "Welcome to Acme on LOKI",
        "Your first API key for Acme",
    ]
    assert {message["To"] for message in mailbox[0].taken} == {"Ada <ada@acme.test>"}


def test_the_steps_are_done_by_facts(control: ControlPlane, stores: TenantStores) -> None:
    tenant = provision(control, stores, NewTenant(name="Acme", plan="starter"), make.BY)
    store = stores.open(tenant.tenant_id)

    def done() -> list[str]:
        told = onboarding_of(control, store, control.tenants.get(tenant.tenant_id))
        return [step.step for step in told.steps if step.is_done]

    assert done() == ["create_account", "choose_plan"]
    for name in ("a", "b"):
        control.users.add(tenant.tenant_id, f"{name}@acme.test", make.BY)
    control.tenants.update(tenant.tenant_id, make.BY, modules=("fca_uk",))
    control.keys.note_use(control.keys.issue(tenant.tenant_id, "ci", make.BY).key)
    assert done()[2:] == ["add_team_members", "configure_modules", "api_integration"]
    store.commit_validation(make.validation())
    told = onboarding_of(control, store, control.tenants.get(tenant.tenant_id))
    assert (told.is_complete, told.next_step) == (True, None)


def test_an_invitation_carries_a_link_that_works_once(
    control: ControlPlane, mailbox: tuple[Mailbox, str]
) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="starter"), make.BY).tenant_id
    user = control.users.add(tenant_id, "ada@acme.test", make.BY)
    queue_link(control, user, "invitation")
    assert send_waiting(control) == 1
    text = body_of(mailbox[0].taken[0], "plain")
    link = re.search(r"https://acme\.loki\.test/set-password\?token=(\S+)", text)
    assert link is not None
    assert control.tokens.set_password(link.group(1), "battery staple").status == "active"
    assert not control.tokens.is_open(link.group(1))


def test_a_reset_goes_to_people_who_can_sign_in_only(
    control: ControlPlane, mailbox: tuple[Mailbox, str]
) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="starter"), make.BY).tenant_id
    control.users.add(tenant_id, "invited@acme.test", make.BY)
    control.users.add(tenant_id, "active@acme.test", make.BY, password="correct horse")
    queue_reset(control, control.users.of(tenant_id), make.BY, tenant_id)
    send_waiting(control)
    assert [message["To"] for message in mailbox[0].taken] == ["active <active@acme.test>"]


def test_a_refused_mail_waits_longer_each_time_and_is_sent_later(
    control: ControlPlane, mailbox: tuple[Mailbox, str], clock: FixedClock
) -> None:
    staff = control.users.add(None, "op@loki.test", make.BY, role="operator", password="correct horse")
    control.mail.queue("k", staff, "first_validation", address="https://loki.test")
    mailbox[0].refusal = "450 try again later"
    for pause in (10, 20, 40):
        assert send_waiting(control) == 0
        clock.set(clock.now() + timedelta(seconds=pause - 1))
        assert control.mail.waiting() == []
        clock.set(clock.now() + timedelta(seconds=1))
    mailbox[0].refusal = None
    assert send_waiting(control) == 1


def test_a_sender_killed_after_the_server_took_a_mail_sends_it_again_as_the_same_message(
    control: ControlPlane, mailbox: tuple[Mailbox, str], clock: FixedClock
) -> None:
    """At least once, never silently lost; mailboxes know the second copy by its Message-ID."""
    box, url = mailbox
    staff = control.users.add(None, "op@loki.test", make.BY, role="operator", password="correct horse")
    for number in range(3):
        control.mail.queue(f"k{number}", staff, "first_validation", address="https://loki.test")
    command = [sys.executable, "-m", "tests.tenants.mail.sender", str(control.settings.home), url]
    with subprocess.Popen(command) as sender:  # noqa: S603 - ours
        box.then = lambda: sender.kill() if len(box.taken) == 2 else None
        assert sender.wait() == -signal.SIGKILL
    assert len(box.taken) == 2
    assert send_waiting(control) == 1  # the one that was being sent is still the dead process's
    clock.set(clock.now() + timedelta(minutes=5))
    assert send_waiting(control) == 1
    assert send_waiting(control) == 0
    ids = [message["Message-ID"] for message in box.taken]
    assert (len(ids), len(set(ids))) == (4, 3)
    assert ids[1] == ids[3]


def test_of_several_processes_one_sends_a_mail(control: ControlPlane, mailbox: tuple[Mailbox, str]) -> None:
    staff = control.users.add(None, "op@loki.test", make.BY, role="operator", password="correct horse")
    for number in range(20):
        control.mail.queue(f"k{number}", staff, "first_validation", address="https://loki.test")
    url, home = mailbox[1], str(control.settings.home)
    command = [sys.executable, "-m", "tests.tenants.mail.sender", home, url]
    others = [subprocess.Popen(command) for _ in range(2)]  # noqa: S603 - ours
    send_waiting(control)
    assert [other.wait() for other in others] == [0, 0]
    ids = [message["Message-ID"] for message in mailbox[0].taken]
    assert (len(ids), len(set(ids))) == (20, 20)


def test_a_server_that_is_away_loses_nothing(control: ControlPlane) -> None:
    staff = control.users.add(None, "op@loki.test", make.BY, role="operator", password="correct horse")
    control.mail.queue("k", staff, "first_validation", address="https://loki.test")
    away = ControlPlane.open(
        control.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:1"}), make.CLOCK
    )
    assert send_waiting(away) == 0
    away.close()
    assert send_waiting(control) == 1


def test_a_mail_carries_the_look_of_a_tenant_with_white_label_and_names_nobody_else(
    control: ControlPlane, mailbox: tuple[Mailbox, str]
) -> None:
    tenant = control.tenants.create(NewTenant(name="<Acme> & Co", slug="acme", plan="enterprise"), make.BY)
    look = {"primary_colour": "#AA0000", "accent_colour": "#00AA00", "font": "serif"}
    control.brandings.change(tenant.tenant_id, make.BY, **look)
    png = io.BytesIO()
    Image.new("RGB", (30, 10), "#336699").save(png, "PNG")
    control.brandings.set_logo(tenant.tenant_id, png.getvalue(), make.BY)
    user = control.users.add(tenant.tenant_id, "ada@acme.test", make.BY, name="<b>Ada</b>")
    queue_link(control, user, "invitation")
    send_waiting(control)
    (message,) = mailbox[0].taken
    assert message["Subject"] == "You are invited to <Acme> & Co"
    page = body_of(message, "html")
    assert "background:#AA0000" in page
    assert "#00AA00" in page
    assert "Georgia" in page
    assert "&lt;b&gt;Ada&lt;/b&gt;" in page
    assert "<b>" not in page
    assert 'href="https://acme.loki.test/set-password?token=' in page
    (logo,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert logo["Content-ID"] == "<logo>"
    assert "LOKI" not in page + body_of(message, "plain")


def test_a_mail_of_a_tenant_without_white_label_has_our_look(
    control: ControlPlane, mailbox: tuple[Mailbox, str]
) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="starter"), make.BY).tenant_id
    control.brandings.change(tenant_id, make.BY, primary_colour="#AA0000")
    queue_link(control, control.users.add(tenant_id, "ada@acme.test", make.BY), "invitation")
    send_waiting(control)
    (message,) = mailbox[0].taken
    assert message["Subject"] == "You are invited to Acme on LOKI"
    assert "#AA0000" not in body_of(message, "html")


def test_a_name_cannot_add_a_header(control: ControlPlane, mailbox: tuple[Mailbox, str]) -> None:
    hostile = 'x" <a@evil.test>, "y'
    tenant_id = control.tenants.create(
        NewTenant(name=hostile, slug="hostile", plan="starter"), make.BY
    ).tenant_id
    user = control.users.add(tenant_id, "ada@acme.test", make.BY, name=hostile)
    queue_link(control, user, "invitation")
    send_waiting(control)
    (message,) = mailbox[0].taken
    assert [address.addr_spec for address in message["To"].addresses] == ["ada@acme.test"]
    assert [address.addr_spec for address in message["From"].addresses] == ["no-reply@loki.test"]


@pytest.mark.parametrize("url", [None, "mail.test", "http://mail.test"])
def test_without_a_usable_address_of_a_server_the_setting_is_named(
    control: ControlPlane, url: str | None
) -> None:
    staff = control.users.add(None, "op@loki.test", make.BY, role="operator", password="correct horse")
    control.mail.queue("k", staff, "first_validation", address="https://loki.test")
    wrong = ControlPlane.open(control.settings.model_copy(update={"smtp_url": url}), make.CLOCK)
    with pytest.raises(InvalidInput, match="LOKI_SMTP_URL"):
        send_waiting(wrong)
    wrong.close()
