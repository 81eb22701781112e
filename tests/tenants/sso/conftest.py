"""A served control plane on this machine, and a tenant that trusts a SAML identity provider."""

from __future__ import annotations

import re
from contextlib import contextmanager
from html import unescape
from typing import TYPE_CHECKING

import pytest
import requests

from tenants.api.deps import Deps
from tenants.settings import PlatformSettings
from tenants.sso.saml.connections import Mapping
from tests.tenants.api.conftest import Callers
from tests.tenants.api.serving import application, serving
from tests.tenants.factories import BY, CLOCK
from tests.tenants.sso.attacked import TRUSTED, World
from tests.tenants.sso.coming import person
from tests.tenants.sso.provider import CLIENT, SECRET, OpenIdProvider, providing
from tests.tenants.sso.saml_provider import SamlProvider, certificate, saml_provider

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.control import ControlPlane
    from tenants.people.records import User
    from tenants.tenancy import Tenant
    from tests.tenants.api.serving import Client

HOST = "acme.localhost"
_FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')


@contextmanager
def served(deps: Deps) -> Iterator[Callers]:
    """Serve the control plane, and give who calls it."""
    with serving(application(deps)) as address:
        yield Callers(address, deps)


@pytest.fixture
def callers(tmp_path: Path) -> Iterator[Callers]:
    deps = Deps.open(PlatformSettings(home=tmp_path, private_hosts={"127.0.0.1"}), CLOCK)
    with served(deps) as opened:
        yield opened
    deps.close()


@pytest.fixture
def idp() -> Iterator[SamlProvider]:
    with saml_provider() as running:
        yield running


@pytest.fixture
def saml_tenant(callers: Callers, idp: SamlProvider) -> Tenant:
    made = callers.tenant("Acme", plan="enterprise")
    trust(callers.deps.control, made, idp, certificate(idp.key))
    return made


def trust(control: ControlPlane, tenant: Tenant, idp: SamlProvider, *pems: str, **mapping: str) -> None:
    """Let a tenant and an identity provider know each other."""
    saml = control.saml
    provider = saml.provider(idp.entity_id, idp.sso_url, pems)
    saml.put(tenant.tenant_id, provider, Mapping(**{"default_role": "viewer", **mapping}), BY)
    idp.trusts = saml.keys.of(tenant.tenant_id)[0].certificate


def asked(client: Client, start: str = "/sso/saml/start") -> dict[str, str]:
    """Go to the identity provider as a browser does; return the form that it wants posted."""
    there = client.request("POST" if start == "/sso/saml/link" else "GET", start)
    assert there.status_code == 303, there.text
    return offered(there.headers["location"])


def offered(address: str) -> dict[str, str]:
    """Return the form that the identity provider's page wants posted."""
    page = requests.get(address, timeout=10).text
    return {name: unescape(value) for name, value in _FIELD.findall(page)}


def go(client: Client, start: str = "/sso/saml/start") -> requests.Response:
    """Go to the identity provider and back as a browser does."""
    return client.post("/sso/saml/acs", data=asked(client, start))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    deps = Deps.open(
        PlatformSettings(home=tmp_path_factory.mktemp("attacked"), private_hosts={"127.0.0.1"}), CLOCK
    )
    with saml_provider() as idp, served(deps) as callers:
        tenant = callers.tenant("Acme", plan="enterprise")
        trust(callers.deps.control, tenant, idp, TRUSTED)
        yield World(callers, tenant, idp)
    deps.close()


@pytest.fixture
def world(shared: World) -> Iterator[World]:
    shared.idp.be_honest()
    yield shared
    assert shared.callers.deps.control.users.of(shared.tenant.tenant_id) == []


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with providing() as running:
        running.now = int(CLOCK.now().timestamp())
        yield running


@pytest.fixture
def control(callers: Callers) -> ControlPlane:
    return callers.deps.control


@pytest.fixture
def tested(callers: Callers, provider: OpenIdProvider) -> Tenant:
    """A tenant whose provider has passed its test."""
    made = callers.tenant("Acme", plan="enterprise")
    callers.deps.control.sso.put(made.tenant_id, provider.issuer, CLIENT, SECRET, "viewer", BY)
    provider.refuses = "invalid_grant"
    findings = callers.deps.control.sso.tried(made.tenant_id, f"http://{HOST}/sso/callback")
    assert all(each.is_fine for each in findings)
    provider.refuses = None
    return made


@pytest.fixture
def glass(control: ControlPlane, tested: Tenant) -> User:
    """The owner whose password goes on working."""
    return person(control, tested, "glass@acme.test", "owner")


@pytest.fixture
def enforced(control: ControlPlane, tested: Tenant, glass: User) -> Tenant:
    control.enforcement.enforce(tested.tenant_id, BY, glass.user_id)
    return tested
