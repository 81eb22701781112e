"""OpenID Connect: the code flow with PKCE, every token checked against the provider's own keys."""

from __future__ import annotations

import secrets
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus, urlencode

from tenants.errors import Unauthenticated, Unavailable
from tenants.sso.checks import is_safe_address

ALGORITHMS = ("RS256", "ES256", "PS256", "EdDSA")
_LEEWAY_SECONDS = 60
_OK, _REFUSALS = 200, frozenset({400, 401, 403})
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_USERINFO = "userinfo_endpoint"
_LONGEST_SUBJECT = 255  # as the standard has it


@dataclass(frozen=True, slots=True)
class Attempt:
    """What must come back unchanged from the provider, or stays with the browser alone."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def fresh(cls) -> Attempt:
        """Return a new attempt that nobody can guess."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class Claims:
    """Who the provider says someone is."""

    subject: str
    email: str
    name: str


class Provider:
    """One identity provider.

    Args:
        issuer: Its address, under which it publishes what it offers.
        client_id: Our name there.
        secret: Our secret there.
        private_hosts: Names that may lie in a private network.
    """

    def __init__(
        self, issuer: str, client_id: str, secret: str, private_hosts: frozenset[str] = frozenset()
    ) -> None:
        self._private_hosts = private_hosts
        self._issuer = issuer
        self._client_id = client_id
        self._secret = secret

    def address(self, attempt: Attempt, redirect_uri: str) -> str:
        """Return where to send the browser.

        Raises:
            Unavailable: The provider does not answer as one.
        """
        challenge = urlsafe_b64encode(sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid email profile",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._offered()['authorization_endpoint']}?{urlencode(query)}"

    def claims(self, code: str, attempt: Attempt, redirect_uri: str, now: int) -> Claims:
        """Exchange a code and return who came, checked.

        Raises:
            Unauthenticated: The provider refuses the code, or its token does not hold.
            Unavailable: The provider does not answer as one.
        """
        offered = self._offered()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": attempt.verifier,
        }
        headers = {"Authorization": basic_header(self._client_id, self._secret)}
        told = self._fetched("POST", offered["token_endpoint"], data=form, headers=headers)
        keys = self._fetched("GET", offered["jwks_uri"])
        claims = self._checked(str(told.get("id_token", "")), keys, attempt, now)
        return _who({**self._further(claims, offered, told), **claims})

    def _offered(self) -> dict[str, Any]:
        offered = self._fetched("GET", f"{self._issuer}/.well-known/openid-configuration")
        if str(offered.get("issuer")).rstrip("/") != self._issuer:
            raise _unusable()
        asked = [offered.get(name) for name in _ENDPOINTS] + [offered.get(_USERINFO) or self._issuer]
        # A provider that is reached over https leads to no place in our own network that speaks plain http.
        is_local = self._issuer.startswith("http:")
        if not all(isinstance(each, str) and is_safe_address(each, is_local=is_local) for each in asked):
            raise _unusable()
        return offered

    def _checked(self, id_token: str, keys: dict[str, Any], attempt: Attempt, now: int) -> dict[str, Any]:
        from joserfc import jwt  # noqa: PLC0415 - start-up time
        from joserfc.errors import JoseError  # noqa: PLC0415 - as above
        from joserfc.jwk import KeySet  # noqa: PLC0415 - as above

        needed = {
            "iss": {"essential": True},
            "aud": {"essential": True, "value": self._client_id},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "nonce": {"essential": True, "value": attempt.nonce},
        }
        try:
            token = jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))  # type: ignore[arg-type]
            jwt.JWTClaimsRegistry(now=now, leeway=_LEEWAY_SECONDS, **needed).validate(token.claims)  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _refused() from error
        if str(token.claims["iss"]).rstrip("/") != self._issuer:
            raise _refused()
        return dict(token.claims)

    def _further(
        self, claims: dict[str, Any], offered: dict[str, Any], told: dict[str, Any]
    ) -> dict[str, Any]:
        """Return what the provider tells of the same person elsewhere, where their token has no address.

        Many do: an access token comes along, and the standard has scopes' claims asked for by it (5.4).
        """
        address, access = offered.get(_USERINFO), told.get("access_token")
        if "email" in claims or not isinstance(address, str) or not isinstance(access, str):
            return {}
        further = self._fetched("GET", address, headers={"Authorization": f"Bearer {access}"})
        if further.get("sub") != claims["sub"]:
            raise _refused()
        return further

    def _fetched(self, method: str, address: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - of the library
        import orjson  # noqa: PLC0415 - start-up time

        from tenants.sso.outward import ask  # noqa: PLC0415 - as above

        try:
            answer = ask(method, address, self._private_hosts, **fields)
        except Unavailable as error:
            raise _unusable() from error
        if answer.status in _REFUSALS:
            raise _refused()
        try:
            told: Any = orjson.loads(answer.content)
        except ValueError as error:
            raise _unusable() from error
        if answer.status != _OK or not isinstance(told, dict):
            raise _unusable()
        return told


def _who(claims: dict[str, Any]) -> Claims:
    subject, email = str(claims["sub"]), claims.get("email")
    if not isinstance(email, str) or len(subject) > _LONGEST_SUBJECT or not subject.isprintable():
        raise _refused()
    return Claims(subject, email, str(claims.get("name") or email))


def basic_header(client_id: str, secret: str) -> str:
    """Return how a client says who it is: both parts are form-encoded first (RFC 6749, 2.3.1)."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return f"Basic {b64encode(pair.encode()).decode()}"


def _refused() -> Unauthenticated:
    message = "The identity provider did not confirm the sign-in; start again from the sign-in page."
    return Unauthenticated(message, "sso_refused")


def _unusable() -> Unavailable:
    message = "The identity provider does not answer as one; have an owner check the issuer's address."
    return Unavailable(message, "sso_unavailable")
