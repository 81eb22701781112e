"""A tenant under attack, and what it says to whoever it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.tenants.sso.saml_provider import certificate, rsa_key

if TYPE_CHECKING:
    import requests

    from tenants.tenancy import Tenant
    from tests.tenants.api.conftest import Callers
    from tests.tenants.sso.saml_provider import SamlProvider

TRUSTED = certificate(rsa_key())


@dataclass(frozen=True)
class World:
    """A tenant that trusts an identity provider; in no test here does anybody get in."""

    callers: Callers
    tenant: Tenant
    idp: SamlProvider


def refused(answer: requests.Response) -> str:
    told = answer.json()
    assert (answer.status_code, told["code"]) == (401, "sso_refused")
    assert "loki_session" not in answer.headers.get("set-cookie", "")
    return str(told["reason"])
