"""What a tenant names is asked only where it lies in nobody's private network, and only for a while."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tenants.errors import Unavailable
from tenants.sso import outward
from tests.orchestration.proxy.edge import write_certificate
from tests.tenants.factories import BY
from tests.tenants.sso.provider import CLIENT, SECRET, providing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.tenants.api.conftest import Callers

PRIVATE = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",  # noqa: S104 - it is refused, not bound to
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::10.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
# Where machines in a cloud are told their credentials: no name opens them.
NEVER = ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "168.63.129.16", "::", "224.0.0.1"]
ALLOWED = frozenset({"127.0.0.1", "login.internal.test"})


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_connected_to_by_nobody(address: str) -> None:
    assert not outward.is_allowed(address, is_private_allowed=False)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_connected_to(address: str) -> None:
    assert outward.is_allowed(address, is_private_allowed=False)


def test_a_named_host_may_lie_in_a_private_network_and_never_at_a_link_local_address() -> None:
    assert outward.is_allowed("10.1.2.3", is_private_allowed=True)
    assert outward.is_allowed("127.0.0.1", is_private_allowed=True)
    assert [each for each in NEVER if outward.is_allowed(each, is_private_allowed=True)] == []


class _Listening:
    """Counts who connects, and answers what it is told to."""

    def __init__(self, port: int) -> None:
        self.port, self.count, self.answer = port, 0, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
        self.drips = False


@contextmanager
def _listening(encrypting: ssl.SSLContext | None = None) -> Iterator[_Listening]:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        told = _Listening(server.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(server, told, encrypting), daemon=True)
        thread.start()
        yield told
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def _serve(server: socket.socket, told: _Listening, encrypting: ssl.SSLContext | None) -> None:
    while True:
        try:
            link, _ = server.accept()
        except OSError:
            return
        told.count += 1
        try:
            with closing(
                link if encrypting is None else encrypting.wrap_socket(link, server_side=True)
            ) as way:
                _speak(way, told)
        except OSError:  # whoever came did not like what they saw
            link.close()


def _speak(link: socket.socket, told: _Listening) -> None:
    link.recv(65_536)
    for piece in [bytes([each]) for each in told.answer] if told.drips else [told.answer]:
        link.sendall(piece)
        time.sleep(0.1 if told.drips else 0)


def _resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let each look-up of a name give the next answer; addresses are themselves."""
    asked: list[str] = []
    real, left = socket.getaddrinfo, list(answers)

    def look_up(host: Any, port: Any, *args: Any, **fields: Any) -> Any:
        if str(host)[0].isdigit():
            return real(host, port, *args, **fields)
        asked.append(host)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]"])
def test_no_spelling_of_this_machine_is_connected_to(host: str) -> None:
    with _listening() as server:
        with pytest.raises(Unavailable, match="private network"):
            outward.ask("GET", f"http://{host}:{server.port}/", frozenset())
        assert server.count == 0


def test_a_name_that_resolves_to_a_private_address_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _resolving(monkeypatch, ["127.0.0.1"])
    with _listening() as server:
        with pytest.raises(Unavailable):
            outward.ask("GET", f"http://login.test:{server.port}/", frozenset())
        assert server.count == 0


def test_a_name_that_resolves_to_something_else_after_the_check_leads_nowhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = _resolving(monkeypatch, ["8.8.8.8", "10.0.0.1"], ["127.0.0.1"])
    went: list[str] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        went.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(outward, "create_connection", connect)
    with pytest.raises(Unavailable):
        outward.ask("GET", "http://login.test/", frozenset())
    assert (asked, went) == (["login.test"], ["8.8.8.8"])


def test_a_host_that_the_operator_has_named_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolving(monkeypatch, ["127.0.0.1"])
    with _listening() as server:
        answer = outward.ask("GET", f"http://Login.Internal.Test:{server.port}/", ALLOWED)
        assert (answer.status, answer.content) == (200, b"{}")
        with pytest.raises(Unavailable):
            outward.ask("GET", f"http://other.internal.test:{server.port}/", ALLOWED)


def test_a_redirect_and_a_proxy_lead_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with _listening() as server, _listening() as elsewhere:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{elsewhere.port}")
        target = f"http://127.0.0.1:{elsewhere.port}/"
        server.answer = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()
        assert outward.ask("GET", f"http://127.0.0.1:{server.port}/", ALLOWED).status == 302
        assert (server.count, elsewhere.count) == (1, 0)


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_server_that_answers_a_byte_at_a_time_holds_nobody(
    monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(outward, "_MOST_SECONDS", 0.5)
    with _listening() as server:
        long = {"head": b"HTTP/1.1 200 OK\r\nX: ", "body": b"HTTP/1.1 200 OK\r\n\r\n"}[part] + b"x" * 100
        server.answer, server.drips = long, True
        if part == "body":
            server.answer = b"HTTP/1.0 200\r\n\r\n" + b"x" * 100
        began = time.monotonic()
        with pytest.raises(Unavailable):
            outward.ask("GET", f"http://127.0.0.1:{server.port}/", ALLOWED)
        assert time.monotonic() - began < 8


def test_a_certificate_is_checked_for_the_name_though_its_address_is_connected_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _resolving(monkeypatch, ["127.0.0.1"])
    write_certificate(tmp_path, "login.internal.test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "login.internal.test.crt", tmp_path / "login.internal.test.key")
    allowed = ALLOWED | {"other.internal.test"}
    with _listening(context) as server:
        with pytest.raises(Unavailable):  # nobody vouches for it
            outward.ask("GET", f"https://login.internal.test:{server.port}/", allowed)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "login.internal.test.crt"))
        assert outward.ask("GET", f"https://login.internal.test:{server.port}/", allowed).status == 200
        with pytest.raises(Unavailable):  # it is another's
            outward.ask("GET", f"https://other.internal.test:{server.port}/", allowed)


def test_an_answer_that_never_ends_is_not_kept() -> None:
    with _listening() as server:
        server.answer = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 3_000_000
        with pytest.raises(Unavailable):
            outward.ask("GET", f"http://127.0.0.1:{server.port}/", ALLOWED)


def test_a_providers_endpoints_are_checked_like_itself(callers: Callers) -> None:
    tenant = callers.tenant("Acme", plan="enterprise")
    with providing() as provider, _listening() as inside:
        provider.offers = {"jwks_uri": f"http://localhost:{inside.port}/keys"}
        callers.deps.control.sso.put(tenant.tenant_id, provider.issuer, CLIENT, SECRET, "viewer", BY)
        owner = callers.person(tenant, "owner", host="acme.localhost")
        found = owner.post("/v1/sso/test").json()
        assert [each["is_fine"] for each in found][:2] == [True, False]
        assert inside.count == 0
