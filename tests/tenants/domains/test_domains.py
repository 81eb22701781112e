"""Domains proved over real DNS messages by a name server of the test's own."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import dns.message
import dns.rcode
import dns.rrset
import pytest

from tenants.access.hosts import Hosts
from tenants.domains.dns_proof import DnsProof
from tenants.errors import Conflict, InvalidInput, NotFound, Unavailable
from tenants.tenancy import NewTenant
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.control import ControlPlane
    from tenants.domains import Domains


class NameServer:
    """Answers TXT questions from a dictionary, over UDP on a free port."""

    def __init__(self) -> None:
        self.records: dict[str, str] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            wire, peer = self._socket.recvfrom(4096)
            if wire == b"stop":
                return
            question = dns.message.from_wire(wire)
            answer = dns.message.make_response(question)
            name = question.question[0].name
            text = self.records.get(name.to_text(omit_final_dot=True))
            if text is None:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            else:
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", f'"{text}"'))
            self._socket.sendto(answer.to_wire(), peer)

    def stop(self) -> None:
        self._socket.sendto(b"stop", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()


@pytest.fixture
def server() -> Iterator[NameServer]:
    running = NameServer()
    yield running
    running.stop()


@pytest.fixture
def domains(control: ControlPlane, server: NameServer) -> Domains:
    control.domains.proof = DnsProof(("127.0.0.1",), server.port)
    return control.domains


def _tenant(control: ControlPlane, name: str = "Acme", plan: str = "enterprise") -> str:
    return control.tenants.create(NewTenant(name=name, plan=plan), BY).tenant_id


def test_a_domain_counts_once_its_record_holds_the_token(
    control: ControlPlane, domains: Domains, server: NameServer
) -> None:
    tenant_id, hosts = _tenant(control), Hosts(control)
    claimed = domains.claim(tenant_id, "Checks.Acme.example.", BY)
    assert claimed.record_name == "_loki.checks.acme.example"
    assert domains.verify(tenant_id, claimed.domain, BY).verified_at is None
    server.records[claimed.record_name] = "another text"
    assert domains.verify(tenant_id, claimed.domain, BY).verified_at is None
    assert hosts.find("checks.acme.example").kind == "unknown"
    server.records[claimed.record_name] = claimed.token
    assert domains.verify(tenant_id, claimed.domain, BY).verified_at is not None
    assert hosts.find("checks.acme.example:443").tenant_id == tenant_id


def test_a_domain_belongs_to_one_tenant_and_a_claim_alone_takes_it_from_nobody(
    control: ControlPlane, domains: Domains, server: NameServer
) -> None:
    one, other = _tenant(control, "One"), _tenant(control, "Other")
    squatted, claimed = domains.claim(other, "acme.example", BY), domains.claim(one, "acme.example", BY)
    server.records[claimed.record_name] = claimed.token
    assert domains.verify(one, "acme.example", BY).verified_at is not None
    server.records[claimed.record_name] = squatted.token
    with pytest.raises(Conflict):
        domains.verify(other, "acme.example", BY)
    assert domains.check_again() == 1
    assert domains.verify(other, "acme.example", BY).verified_at is not None


def test_a_released_domain_is_served_no_more(
    control: ControlPlane, domains: Domains, server: NameServer
) -> None:
    tenant_id, hosts = _tenant(control), Hosts(control)
    claimed = domains.claim(tenant_id, "acme.example", BY)
    server.records[claimed.record_name] = claimed.token
    domains.verify(tenant_id, "acme.example", BY)
    domains.release(tenant_id, "acme.example", BY)
    assert hosts.find("acme.example").kind == "unknown"
    with pytest.raises(NotFound):
        domains.verify(tenant_id, "acme.example", BY)


def test_a_plan_without_white_label_is_not_served_at_its_domain(
    control: ControlPlane, domains: Domains, server: NameServer
) -> None:
    tenant_id, hosts = _tenant(control), Hosts(control)
    claimed = domains.claim(tenant_id, "acme.example", BY)
    server.records[claimed.record_name] = claimed.token
    domains.verify(tenant_id, "acme.example", BY)
    control.tenants.update(tenant_id, BY, plan="starter")
    assert hosts.find("acme.example").kind == "unknown"


def test_a_name_server_that_is_silent_changes_nothing(
    control: ControlPlane, domains: Domains, server: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant_id = _tenant(control)
    claimed = domains.claim(tenant_id, "acme.example", BY)
    server.records[claimed.record_name] = claimed.token
    domains.verify(tenant_id, "acme.example", BY)
    monkeypatch.setattr("tenants.domains.dns_proof._TIMEOUT_SECONDS", 0.05)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        domains.proof = DnsProof(("127.0.0.1",), silent.getsockname()[1])
        with pytest.raises(Unavailable):
            domains.verify(tenant_id, "acme.example", BY)
        assert domains.check_again() == 0
    assert domains.get(tenant_id, "acme.example").verified_at is not None


@pytest.mark.parametrize(
    "name",
    [
        *("", "acme", "localhost", "a.localhost", "-a.example", "a..example", "127.0.0.1", "a b.example"),
        *("a/b.example", "<script>.example", "x" * 64 + ".example", "a." * 130 + "example"),
        *("acme.example;drop", "\u202eacme.example"),
    ],
)
def test_what_is_no_domain_cannot_be_claimed(control: ControlPlane, name: str) -> None:
    with pytest.raises(InvalidInput):
        control.domains.claim(_tenant(control), name, BY)


def test_a_tenant_claims_as_many_domains_as_it_may_and_one_more_for_each_released(
    control: ControlPlane,
) -> None:
    tenant_id, domains, most = _tenant(control), control.domains, control.settings.most_domains
    for number in range(most):
        domains.claim(tenant_id, f"{number}.acme.example", BY)
    with pytest.raises(Conflict, match="release one"):
        domains.claim(tenant_id, "more.acme.example", BY)
    domains.claim(tenant_id, "0.acme.example", BY)  # again
    domains.claim(_tenant(control, "Other"), "more.acme.example", BY)
    domains.release(tenant_id, "0.acme.example", BY)
    domains.claim(tenant_id, "more.acme.example", BY)
    assert len(domains.of(tenant_id)) == most


def test_an_international_domain_is_claimed_in_its_ascii_form(control: ControlPlane) -> None:
    tenant_id, domains = _tenant(control), control.domains
    claimed = domains.claim(tenant_id, "prüfung.example", BY)
    assert claimed.domain == "xn--prfung-4ya.example"
    for written in ("prüfung.example", "PRÜFUNG.example.", "XN--PRFUNG-4YA.example"):
        assert domains.get(tenant_id, written) == claimed
    with pytest.raises(NotFound):
        domains.get(tenant_id, "x" * 300 + "é")
    domains.release(tenant_id, "prüfung.example", BY)
    assert domains.of(tenant_id) == []
