"""A small OpenID provider over real HTTP, which can be told to lie."""

from __future__ import annotations

import hmac
import json
import threading
from base64 import urlsafe_b64encode
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT, SECRET = "loki", "provider secret"


class OpenIdProvider:
    """Confirms whoever it is told to; `lies` changes the claims, `key` what it signs with.

    Attributes:
        refuses: The error with which every code is refused.
        offers: What its own description says otherwise than is true.
        userinfo: What it tells of the person beside the token; null where it offers no such thing.
    """

    def __init__(self) -> None:
        self.key: Any = RSAKey.generate_key(2048, {"kid": "one"})
        self.published = self.key
        self.person = {"sub": "subject-1", "email": "ada@acme.test", "name": "Ada"}
        self.lies: dict[str, Any] = {}
        self.issuer = ""
        self.headers: Any = {}
        self.nonce = ""
        self.now = 0
        self.tokens_asked: list[dict[str, list[str]]] = []
        self.refuses: str | None = None
        self.offers: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None

    def id_token(self) -> str:
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": self.nonce,
            **self.person,
            **self.lies,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "one"}, told, self.key)

    def answer(self, method: str, path: str, form: dict[str, list[str]]) -> Any:
        if path == "/.well-known/openid-configuration":
            offered = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
            offered |= self.offers
            also = {} if self.userinfo is None else {"userinfo_endpoint": f"{self.issuer}/me"}
            return {**offered, **also}
        if path == "/me" and self.headers["Authorization"] == "Bearer a":
            return self.userinfo
        if path == "/keys":
            return {"keys": [self.published.as_dict(private=False)]}
        if (method, path) == ("POST", "/token"):
            self.tokens_asked.append(form)
            if self.refuses is not None:
                return {"error": self.refuses}
            return {"id_token": self.id_token(), "token_type": "Bearer", "access_token": "a"}
        return None


@contextmanager
def providing() -> Iterator[OpenIdProvider]:
    provider = OpenIdProvider()

    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            provider.headers = self.headers
            form = parse_qs(self.rfile.read(length).decode())
            told = provider.answer(self.command, urlsplit(self.path).path, form)
            body = json.dumps(told).encode()
            self.send_response(404 if told is None else 400 if "error" in told else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _reply  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


def unsigned(token: str) -> str:
    """The same claims under the algorithm `none`."""
    _, payload, _ = token.split(".")
    head = _encoded(b'{"alg":"none"}')
    return f"{head}.{payload}."


def signed_with_public_key(token: str, key: RSAKey) -> str:
    """The same claims with the published key as a shared secret: the classic confusion."""
    _, payload, _ = token.split(".")
    head = _encoded(b'{"alg":"HS256","kid":"one"}')
    digest = hmac.digest(key.as_pem(private=False), f"{head}.{payload}".encode(), "sha256")
    return f"{head}.{payload}.{_encoded(digest)}"


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
