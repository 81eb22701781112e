"""Asking a server that a tenant has named: never one in a private network, and never for long.

The addresses of a name are looked up once and checked, and one of those is connected to: a name that
resolves to something else a moment later leads nowhere else. Proxies and `.netrc` of the machine are
left out, as they would hide where a connection goes, or add credentials to it.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any

from requests import RequestException, Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from tenants.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv4Address

    from requests import Response

    Address = IPv4Address | IPv6Address

_SECONDS = 10
_MOST_SECONDS = 20
_LARGEST = 1_000_000
_CHUNK = 65_536
# Beside those that Python knows as private: servers that tell a machine about itself, and ways into
# other networks.
_REFUSED = tuple(
    ip_network(each)
    for each in ("192.0.0.0/24", "168.63.129.16/32", "fec0::/10", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
_NAT64 = ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    content: bytes


def ask(method: str, address: str, private_hosts: frozenset[str], **fields: Any) -> Answer:  # noqa: ANN401 - of the library
    """Ask a server, following no redirect.

    Args:
        method: GET or POST.
        address: What is asked for.
        private_hosts: Names that may lie in a private network.
        fields: Form and headers, as the library takes them.

    Raises:
        Unavailable: Nobody answers in time, with an answer of a usable size, from where one may be asked.
    """
    session, ends_at = Session(), time.monotonic() + _MOST_SECONDS
    session.trust_env = False
    # The one setting of the machine that counts: a provider within may have a certificate of its own makers.
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    adapter = _Adapter(private_hosts)
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    try:
        with session.request(
            method, address, timeout=_SECONDS, allow_redirects=False, stream=True, **fields
        ) as answer:
            return Answer(answer.status_code, _read(answer, ends_at))
    except (RequestException, HTTPError, OSError, ValueError) as error:
        message = (
            "The server does not answer, or lies in a private network that the operator has not allowed."
        )
        raise Unavailable(message, "server_unreachable") from error
    finally:
        session.close()


def is_allowed(address: str, *, is_private_allowed: bool) -> bool:
    """Return whether a network address may be connected to.

    Args:
        address: As it was looked up.
        is_private_allowed: Whether the operator has named the host; that never opens link-local addresses,
            where a cloud tells machines their credentials.
    """
    seen = ip_address(address.partition("%")[0])
    inner = _inner(seen)
    if seen.is_link_local or inner.is_link_local or seen.is_multicast or inner.is_multicast:
        return False
    if any(seen in network or inner in network for network in _REFUSED):
        return False
    return inner.is_global or (is_private_allowed and not inner.is_unspecified)


def _inner(seen: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for, else the address itself."""
    if isinstance(seen, IPv6Address):
        if seen.ipv4_mapped is not None:
            return seen.ipv4_mapped
        if seen in _NAT64 or int(seen) >> 32 == 0:
            last: Address = ip_address(int(seen) & 0xFFFFFFFF)
            return seen if seen.is_loopback else last
    return seen


def _read(answer: Response, ends_at: float) -> bytes:
    content = bytearray()
    while chunk := answer.raw.read1(_CHUNK, decode_content=True):
        content += chunk
        if len(content) > _LARGEST or time.monotonic() > ends_at:
            message = "the answer is too long"
            raise ValueError(message)
    return bytes(content)


class _Checked(HTTPConnection):
    """A connection to an address that was checked, cut off should its answer not begin in time."""

    private_hosts: frozenset[str] = frozenset()
    _cutting: threading.Timer | None = None

    def _new_conn(self) -> socket.socket:
        failure: OSError | None = None
        for address in self._addresses():
            try:
                made = create_connection(
                    (address, self.port), self.timeout, socket_options=self.socket_options
                )
            except OSError as error:
                failure = error
            else:
                self._cutting = threading.Timer(_MOST_SECONDS, self._cut)
                self._cutting.daemon = True
                self._cutting.start()
                return made
        raise NewConnectionError(self, "no address of it may be connected to, or answers") from failure

    def _addresses(self) -> Iterable[str]:
        try:
            found = socket.getaddrinfo(self.host.strip("[]"), self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from error
        is_named = self.host.lower().rstrip(".") in self.private_hosts
        addresses = dict.fromkeys(str(each[4][0]) for each in found)
        return [each for each in addresses if is_allowed(each, is_private_allowed=is_named)]

    def _cut(self) -> None:
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:  # it has ended meanwhile
                return

    def close(self) -> None:
        if self._cutting is not None:
            self._cutting.cancel()
        super().close()


class _CheckedTls(_Checked, HTTPSConnection):
    """The same with TLS, the certificate checked for the name, not the address."""


class _Adapter(HTTPAdapter):
    """Lets every connection of a session be a checked one."""

    def __init__(self, private_hosts: frozenset[str]) -> None:
        self._private_hosts = private_hosts
        super().__init__()

    def init_poolmanager(self, *args: Any, **fields: Any) -> None:  # noqa: ANN401 - of the library
        super().init_poolmanager(*args, **fields)
        named = {"private_hosts": self._private_hosts}
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": type("Plain", (_Checked,), named)}),
            "https": type(
                "TlsPool", (HTTPSConnectionPool,), {"ConnectionCls": type("Tls", (_CheckedTls,), named)}
            ),
        }
