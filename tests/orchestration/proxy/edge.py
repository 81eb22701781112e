"""Debian's nginx with the sample as it ships: only ports, folders and the base domain are put in."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import orchestration

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = Path(orchestration.__file__).parent / "proxy" / "nginx.conf"
_AROUND = """
{user}
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/loki.conf;
}}
"""


@dataclass(frozen=True)
class Edge:
    """Where the outside reaches an installation."""

    folder: Path
    plain: int
    encrypted: int

    def get(self, path: str, host: str = "localhost", **fields: Any) -> requests.Response:
        headers = {"Host": f"{host}:{self.encrypted}", **fields.pop("headers", {})}
        return requests.get(
            f"https://127.0.0.1:{self.encrypted}{path}",
            headers=headers,
            verify=str(self.folder / "localhost.crt"),
            allow_redirects=False,
            timeout=30,
            **fields,
        )

    def plainly(self, path: str, host: str) -> requests.Response:
        address = f"http://127.0.0.1:{self.plain}{path}"
        return requests.get(address, headers={"Host": host}, allow_redirects=False, timeout=30)


@contextmanager
def edge(folder: Path, api: int, dashboards: int) -> Iterator[Edge]:
    """Run nginx in front of an API and dashboards."""
    binary = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if binary is None:
        message = "nginx is not installed: `apt-get install nginx-light` brings it."
        if os.environ.get("LOKI_REQUIRE_NGINX") == "1":
            pytest.fail(message)
        pytest.skip(message)
    plain, encrypted = _free_port(), _free_port()
    write_certificate(folder, "localhost")
    changes = {
        "127.0.0.1:8000": f"127.0.0.1:{api}",
        "127.0.0.1:8501": f"127.0.0.1:{dashboards}",
        "listen 80 ": f"listen 127.0.0.1:{plain} ",
        "listen 443 ": f"listen 127.0.0.1:{encrypted} ",
        "/etc/loki/tls": str(folder),
        "/var/lib/loki/acme": str(folder / "acme"),
        "loki\\.example": "localhost",
        "loki.example": "localhost",
    }
    (folder / "loki.conf").write_text(_changed(SAMPLE.read_text(), changes))
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, user=user))
    with subprocess.Popen(  # noqa: S603 - Debian's
        [binary, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    ) as process:
        try:
            _wait(process, plain, folder)
            yield Edge(folder, plain, encrypted)
        finally:
            process.terminate()


def write_certificate(folder: Path, name: str) -> None:
    """Write a self-signed certificate and its key for a name, all below it, and the loopback address."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    names = [x509.DNSName(name), x509.DNSName(f"*.{name}"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / f"{name}.crt").write_bytes(made.public_bytes(Encoding.PEM))
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{name}.key").write_bytes(plain)


def _changed(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, f"the sample has no {old!r} any more"
        text = text.replace(old, new)
    return text


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        assert process.poll() is None, (folder / "error.log").read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("nginx does not listen")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
