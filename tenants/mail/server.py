"""The conversation with the mail server: encrypted before any credentials are said."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from tenants.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.parse import SplitResult

_TIMEOUT_SECONDS = 20
_PORTS = {"smtp": 25, "smtps": 465}
_UNENCRYPTED = {"encryption": ["off"]}


@contextmanager
def mail_server(url: str | None) -> Iterator[smtplib.SMTP]:
    """Open a conversation, signed in where the address has credentials.

    They are said over TLS only, the server's certificate checked for its name; `?encryption=off` in the
    address lets them go in clear, to this machine alone.

    Raises:
        InvalidInput: LOKI_SMTP_URL is missing or wrong.
        Unavailable: There are credentials, and the server offers no encryption.
        OSError: The server does not answer, or its certificate does not hold.
        smtplib.SMTPException: It refuses.
    """
    parts = _checked(url or "")
    context = ssl.create_default_context()
    with _connected(parts, context) as server:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif parts.scheme == "smtp" and parts.username and not parts.query:
            message = (
                f"The mail server {parts.hostname} offers no STARTTLS, so its credentials were not sent; use "
                "smtps:// or a server that encrypts."
            )
            raise Unavailable(message, "smtp_unencrypted")
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


def _connected(parts: SplitResult, context: ssl.SSLContext) -> smtplib.SMTP:
    host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_SECONDS, context=context)
    return smtplib.SMTP(host, port, timeout=_TIMEOUT_SECONDS)


def _checked(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        message = (
            "LOKI_SMTP_URL must read smtp://host:port or smtps://user:password@host; set it to send mail."
        )
        raise InvalidInput(message, "smtp_url_invalid")
    is_clear = parse_qs(parts.query, keep_blank_values=True) == _UNENCRYPTED and parts.scheme == "smtp"
    if parts.query and not (is_clear and _is_loopback(parts.hostname)):
        message = (
            "After LOKI_SMTP_URL only ?encryption=off may stand, with smtp:// and a server on this machine "
            "(127.0.0.1, ::1 or localhost); leave it out, and the server's STARTTLS is used."
        )
        raise InvalidInput(message, "smtp_url_invalid")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
