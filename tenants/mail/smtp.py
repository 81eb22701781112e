"""Sends what waits in the outbox over SMTP, in the tenant's name."""

from __future__ import annotations

import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

import structlog

from tenants.branding.looks import look_of
from tenants.errors import Unavailable
from tenants.mail.server import mail_server

if TYPE_CHECKING:
    from jinja2 import Environment

    from tenants.control import ControlPlane
    from tenants.mail.outbox import Mail

_log = structlog.get_logger(__name__)


def send_waiting(control: ControlPlane) -> int:
    """Send every waiting mail and return how many were taken by the server.

    Each is claimed first, so that of several processes one sends it, and marked sent when the server
    has taken it. Should the process die between the two it is sent again, once its claim has lapsed,
    with the same Message-ID, by which mailboxes know it as one.

    Raises:
        InvalidInput: LOKI_SMTP_URL is missing or wrong.
    """
    waiting = control.mail.waiting()
    if not waiting:
        return 0
    sent = 0
    try:
        with mail_server(control.settings.smtp_url) as server:
            for mail in waiting:
                sent += _send(control, server, mail)
    except Unavailable as refusal:
        _log.warning("mail_server_failed", kind=refusal.code)
    except (OSError, smtplib.SMTPException) as error:
        _log.warning("mail_server_failed", kind=type(error).__name__)
    return sent


def _send(control: ControlPlane, server: smtplib.SMTP, mail: Mail) -> int:
    if not control.mail.claim(mail):
        return 0
    try:
        server.send_message(compose(control, mail))
    except smtplib.SMTPResponseException as error:
        control.mail.note_failure(mail, f"{error.smtp_code} {error.smtp_error!r}")
        return 0
    except smtplib.SMTPRecipientsRefused:
        control.mail.note_failure(mail, "the address was refused")
        return 0
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        # Such a mail cannot be written, or not for this server; it holds up nobody else's.
        control.mail.note_failure(mail, type(error).__name__)
        return 0
    except (OSError, smtplib.SMTPException) as error:
        control.mail.note_failure(mail, type(error).__name__)
        raise
    control.mail.note_sent(mail)
    return 1


def compose(control: ControlPlane, mail: Mail) -> EmailMessage:
    """Return the message of a mail, as text and in the tenant's look; its subject is the first line."""
    look = look_of(control, mail.tenant_id)
    template = _templates().get_template(f"{mail.template}.txt")
    text = template.render(name=mail.name, sender=look.name, look=look, **mail.facts)
    subject, _, body = text.partition("\n")
    domain = control.settings.base_domain
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = formataddr((look.name, f"no-reply@{domain}"))
    message["To"] = _to(mail)
    message["Message-ID"] = f"<{sha256(mail.mail_key.encode()).hexdigest()[:32]}@{domain}>"
    message["Date"] = format_datetime(control.clock.now())
    message.set_content(body.strip() + "\n")
    page = _templates().get_template("mail.html").render(look=look, subject=subject, blocks=_blocks(body))
    message.add_alternative(page, subtype="html")
    if look.logo is not None:
        shown = cast("EmailMessage", message.get_payload(1))
        shown.add_related(look.logo, "image", "png", cid="<logo>")
    return message


def _to(mail: Mail) -> Address:
    """Return whom a mail goes to; a host's name travels in its ASCII form."""
    person, _, host = mail.address.rpartition("@")
    return Address(mail.name, person, host.encode("idna").decode())


def _blocks(body: str) -> list[tuple[str, str]]:
    """Return the paragraphs of a text, each with what it is: an address alone, something to type, or text."""
    found = []
    for paragraph in body.strip().split("\n\n"):
        text = paragraph.strip()
        is_address = text.startswith(("https://", "http://")) and not any(map(str.isspace, text))
        kind = "link" if is_address else "code" if paragraph.startswith("  curl") else "text"
        found.append((kind, text))
    return found


@lru_cache(maxsize=1)
def _templates() -> Environment:
    from jinja2 import (  # noqa: PLC0415 - start-up time
        Environment,
        FileSystemLoader,
        StrictUndefined,
        select_autoescape,
    )

    folder = Path(__file__).with_name("templates")
    # In plain text there is no markup to escape, and header fields are built by the library.
    return Environment(
        loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=select_autoescape(["html"])
    )
