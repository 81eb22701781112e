"""Credentials reach a mail server over a checked, encrypted connection, or not at all."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tenants.errors import InvalidInput, Unavailable
from tenants.mail.links import queue_link
from tenants.mail.server import mail_server
from tenants.mail.smtp import send_waiting
from tenants.tenancy import NewTenant
from tests.tenants import factories as make
from tests.tenants.mail.conftest import Mailbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.control import ControlPlane


class Server:
    """A mail server that asks for credentials and keeps what it heard."""

    def __init__(self, port: int, scheme: str = "smtp") -> None:
        self.port, self.scheme, self.heard, self.box = port, scheme, [], Mailbox()  # type: ignore[var-annotated]

    def url(self, host: str = "127.0.0.1", query: str = "") -> str:
        return f"{self.scheme}://loki:secret@{host}:{self.port}{query}"

    def authenticate(self, *args: Any) -> AuthResult:
        self.heard.append(args[-1])
        return AuthResult(success=True)


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = Server(probe.getsockname()[1])
    how: dict[str, Any] = {"authenticator": server.authenticate, "auth_require_tls": False}
    if context is not None:
        how |= {"tls_context": context}
    controller = Controller(server.box, hostname="127.0.0.1", port=server.port, **how)
    controller.start()
    yield server
    controller.stop()


def _encrypting(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch | None) -> ssl.SSLContext:
    """Return a context whose certificate is for a name, trusted by this process where it is told so."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    names: x509.GeneralName = x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    how = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private.write_bytes(key.private_bytes(*how))
    if monkeypatch is not None:
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    return context


def _try(url: str) -> None:
    with mail_server(url):
        pass


def test_credentials_go_over_starttls_to_a_server_whose_certificate_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(_encrypting(tmp_path, "127.0.0.1", monkeypatch)) as server:
        _try(server.url())
        assert len(server.heard) == 1


def test_a_certificate_for_another_name_gets_no_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(_encrypting(tmp_path, "mail.example.org", monkeypatch)) as server:
        with pytest.raises(ssl.SSLCertVerificationError):
            _try(server.url())
        assert server.heard == []


def test_a_certificate_that_nobody_vouches_for_gets_no_credentials(tmp_path: Path) -> None:
    with serving(_encrypting(tmp_path, "127.0.0.1", None)) as server:
        with pytest.raises(ssl.SSLCertVerificationError):
            _try(server.url())
        assert server.heard == []


def test_a_server_without_encryption_gets_no_credentials_and_the_mail_waits(
    control: ControlPlane,
) -> None:
    with serving() as server:
        with pytest.raises(Unavailable, match="STARTTLS"):
            _try(server.url())
        tenant = control.tenants.create(NewTenant(name="Acme", plan="professional"), make.BY)
        queue_link(control, control.users.add(tenant.tenant_id, "ada@acme.test", make.BY), "invitation")
        clear = control.settings.model_copy(update={"smtp_url": server.url()})
        object.__setattr__(control, "settings", clear)
        assert send_waiting(control) == 0
        assert (server.heard, server.box.taken, len(control.mail.waiting())) == ([], [], 1)


def test_in_clear_they_go_to_this_machine_alone_and_only_where_the_operator_says_so() -> None:
    with serving() as server:
        _try(server.url(query="?encryption=off"))
        assert len(server.heard) == 1
    for url in (
        "smtp://loki:secret@mail.example.org?encryption=off",
        "smtp://loki:secret@10.0.0.7?encryption=off",
        "smtp://loki:secret@127.0.0.1?encryption=none",
        "smtps://loki:secret@127.0.0.1?encryption=off",
    ):
        with pytest.raises(InvalidInput, match="encryption=off"):
            _try(url)
