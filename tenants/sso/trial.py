"""Whether an identity provider can be reached and knows us, before anyone relies on it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenants.errors import Unavailable
from tenants.sso.checks import is_safe_address
from tenants.sso.oidc import basic_header
from tenants.sso.saml.authn_request import Attempt, request_address
from tenants.sso.saml.certificates import described

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.sso.connections import Connection
    from tenants.sso.saml.connections import SamlConnection
    from tenants.sso.saml.service import ServiceProvider

_LONGEST_TOLD = 200
_OK, _FIRST_ERROR = 200, 400
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_UNKNOWN_CLIENT = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried.

    Attributes:
        is_fine: None where only a real sign-in can tell.
        sentence: What was found, and what to do where it is not fine.
    """

    is_fine: bool | None
    sentence: str


@dataclass(frozen=True, slots=True)
class _Answer:
    """Status 0 is none: nobody answered."""

    status: int
    told: dict[str, Any]


def try_openid(
    connection: Connection, secret: str, redirect_uri: str, private_hosts: frozenset[str]
) -> list[Finding]:
    """Ask a provider what it offers, for its keys, and whether it knows our client id and secret.

    No person is involved: the code that is sent is none.
    """
    offered = _asked("GET", f"{connection.issuer}/.well-known/openid-configuration", private_hosts)
    found = _of_configuration(connection.issuer, offered)
    if not found.is_fine:
        return [found]
    form = {
        "grant_type": "authorization_code",
        "code": secrets.token_urlsafe(24),
        "redirect_uri": redirect_uri,
        "code_verifier": secrets.token_urlsafe(48),
    }
    headers = {"Authorization": basic_header(connection.client_id, secret)}
    keys = _asked("GET", offered.told["jwks_uri"], private_hosts)
    refused = _asked("POST", offered.told["token_endpoint"], private_hosts, data=form, headers=headers)
    return [found, _of_keys(keys), _of_client(refused)]


def _of_configuration(issuer: str, answer: _Answer) -> Finding:
    if not answer.status:
        sentence = (
            "Nothing answers at the issuer's address; check it, and that it can be reached. In a private "
            "network it has to be allowed by the platform's operator."
        )
        return _wrong(sentence)
    named = answer.told.get("issuer")
    if answer.status != _OK or not isinstance(named, str):
        sentence = (
            f"The issuer's address answers with status {answer.status} and no OpenID configuration; the "
            "issuer is what stands before /.well-known/openid-configuration in its address."
        )
        return _wrong(sentence)
    if named.rstrip("/") != issuer:
        sentence = f"The provider calls itself {named[:_LONGEST_TOLD]}; enter exactly that as the issuer."
        return _wrong(sentence)
    is_local = issuer.startswith("http:")
    missing = [
        name
        for name in _ENDPOINTS
        if not isinstance(answer.told.get(name), str)
        or not is_safe_address(answer.told[name], is_local=is_local)
    ]
    if missing:
        return _wrong(f"The provider does not say its {missing[0]}, as https; it cannot be used so.")
    return _fine("The provider says under this issuer what it offers.")


def _of_keys(answer: _Answer) -> Finding:
    from joserfc.errors import JoseError  # noqa: PLC0415 - start-up time
    from joserfc.jwk import KeySet  # noqa: PLC0415 - as above

    try:
        count = len(KeySet.import_key_set(answer.told).keys)  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError):
        count = 0
    if not count:
        return _wrong("The provider shows no keys by which its tokens could be checked.")
    return _fine("The provider shows the keys by which its tokens are checked.")


def _of_client(answer: _Answer) -> Finding:
    told = str(answer.told.get("error", ""))[:_LONGEST_TOLD]
    if told in _UNKNOWN_CLIENT:
        return _wrong("The provider does not know this client id with this secret; enter both anew.")
    if told == "invalid_grant":
        return _fine("The provider knows our client id and secret.")
    sentence = f"The provider did not say whether it knows us (status {answer.status}); sign in once to see."
    return _untold(sentence)


def try_saml(
    connection: SamlConnection, service: ServiceProvider, now: datetime, private_hosts: frozenset[str]
) -> list[Finding]:
    """Look at a provider's certificates and send it a signed request as a browser would."""
    last = max(described(pem).expires_at for pem in connection.certificates)
    counts = _fine(f"A certificate of the provider counts until {last:%d %B %Y}.")
    if last <= now:
        counts = _wrong(f"The last certificate ended on {last:%d %B %Y}; upload the metadata anew.")
    address = request_address(connection.sso_url, service, Attempt.fresh(), now)
    answer = _asked("GET", address, private_hosts)
    if not answer.status:
        sentence = (
            "Nothing answers at the sign-on address from here; check it, unless only browsers reach it."
        )
        return [counts, _untold(sentence)]
    if answer.status >= _FIRST_ERROR:
        sentence = (
            f"The provider refuses our signed request (status {answer.status}); give it our metadata, or "
            "compare entity id and ACS URL there."
        )
        return [counts, _wrong(sentence)]
    return [counts, _fine("The provider answers our signed request.")]


def _fine(sentence: str) -> Finding:
    return Finding(is_fine=True, sentence=sentence)


def _wrong(sentence: str) -> Finding:
    return Finding(is_fine=False, sentence=sentence)


def _untold(sentence: str) -> Finding:
    return Finding(is_fine=None, sentence=sentence)


def _asked(method: str, address: str, private_hosts: frozenset[str], **fields: Any) -> _Answer:  # noqa: ANN401 - of the library
    import orjson  # noqa: PLC0415 - start-up time

    from tenants.sso.outward import ask  # noqa: PLC0415 - as above

    try:
        answer = ask(method, address, private_hosts, **fields)
    except Unavailable:
        return _Answer(0, {})
    try:
        told = orjson.loads(answer.content)
    except ValueError:
        told = None
    return _Answer(answer.status, told if isinstance(told, dict) else {})
