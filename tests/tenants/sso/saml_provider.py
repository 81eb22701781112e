"""A small SAML identity provider over real HTTP, which can be told to lie."""

from __future__ import annotations

import html
import threading
import zlib
from base64 import b64decode, b64encode
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from tests.tenants.factories import NOW
from tests.tenants.sso.xml_signing import signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAML, SAMLP = "urn:oasis:names:tc:SAML:2.0:assertion", "urn:oasis:names:tc:SAML:2.0:protocol"
NS = {"saml": SAML, "samlp": SAMLP, "ds": "http://www.w3.org/2000/09/xmldsig#"}
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
_numbers = count(1)


@lru_cache
def rsa_key(number: int = 1, bits: int = 2048) -> rsa.RSAPrivateKey:  # noqa: ARG001 - each number its own key
    return rsa.generate_private_key(65537, bits)


@lru_cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certificate(key: Any, ends: datetime = NOW + timedelta(days=365)) -> str:
    """Return a self-signed certificate as PEM."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp.test")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(ends - timedelta(days=400)).not_valid_after(ends)
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


class SamlProvider:
    """Confirms whoever it is told to.

    Attributes:
        says: What it puts into an answer, by name; each can be a lie.
        signs: Which elements it signs: any of "assertion", "response".
        finish: Changes the unsigned answer, or the whole signed one.
        trusts: The certificate of the service provider; requests that it did not sign are not answered.
    """

    def __init__(self) -> None:
        self.address = ""
        self.trusts = ""
        self.be_honest()

    def be_honest(self) -> None:
        """Forget every lie."""
        self.key: Any = rsa_key()
        self.says: dict[str, Any] = {}
        self.person = {"subject": "subject-1", "email": "ada@acme.test", "displayName": "Ada"}
        self.signs: tuple[str, ...] = ("assertion",)
        self.algorithms: dict[str, str] = {}
        self.before_signing: Callable[[Any], None] = lambda _: None
        self.finish: Callable[[Any], bytes] = etree.tostring
        self.wrap: Callable[[Any], Any] = lambda assertion: assertion
        self.requests: list[Any] = []

    @property
    def entity_id(self) -> str:
        return f"{self.address}/metadata"

    @property
    def sso_url(self) -> str:
        return f"{self.address}/sso"

    def asked(self, query: str) -> Any:
        """Return a request, checked as a careful provider checks it."""
        signed_part, _, signature = query.partition("&Signature=")
        public: Any = x509.load_pem_x509_certificate(self.trusts.encode()).public_key()
        public.verify(
            b64decode(unquote(signature)), signed_part.encode(), padding.PKCS1v15(), hashes.SHA256()
        )
        fields = {name: values[0] for name, values in parse_qs(signed_part).items()}
        request = etree.fromstring(zlib.decompress(b64decode(fields["SAMLRequest"]), -15))
        assert request.get("Destination") == self.sso_url
        self.requests.append(request)
        return request

    def answer(self, request: Any) -> bytes:
        """Return the answer to a request: what it asked for, unless told otherwise."""
        asked = {
            "acs": request.get("AssertionConsumerServiceURL"),
            "request": request.get("ID"),
            "audience": request.findtext("saml:Issuer", namespaces=NS),
        }
        return self.spoken(asked)

    def spoken(self, asked: dict[str, Any]) -> bytes:
        says = {**_honest(self, asked), **self.says}
        response = etree.fromstring(_RESPONSE.format_map(says))
        assertion = etree.fromstring(_assertion(self.person, says))
        self.before_signing(assertion)
        if "assertion" in self.signs:
            signed(assertion, self.key, **self.algorithms)
        response.append(self.wrap(assertion))
        if "response" in self.signs:
            signed(response, self.key, **self.algorithms)
        return self.finish(response)

    def metadata(self, *certificates: str, extra: str = "") -> str:
        keys = "".join(
            '<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>'
            f"{pem.replace('-----BEGIN CERTIFICATE-----', '').replace('-----END CERTIFICATE-----', '')}"
            "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            for pem in certificates or (certificate(self.key),)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><!-- made for a test -->\n'
            '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"'
            f' xmlns:ds="{NS["ds"]}" entityID="{self.entity_id}" {extra}>'
            f'<md:IDPSSODescriptor protocolSupportEnumeration="{SAMLP}">{keys}'
            '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"'
            f' Location="{self.sso_url}/post"/>'
            '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"'
            f' Location="{self.sso_url}"/></md:IDPSSODescriptor></md:EntityDescriptor>'
        )

    def page(self, query: str) -> str:
        """Return the form that takes the answer back, as a page with a button."""
        request = self.asked(query)
        fields = {
            "SAMLResponse": b64encode(self.answer(request)).decode(),
            "RelayState": parse_qs(query)["RelayState"][0],
        }
        inputs = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name, value in fields.items()
        )
        action = html.escape(request.get("AssertionConsumerServiceURL"))
        return f'<form method="post" action="{action}">{inputs}<button>Continue as Ada</button></form>'


def _honest(provider: SamlProvider, asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "response_id": f"_r{next(_numbers)}",
        "assertion_id": f"_a{next(_numbers)}",
        "issuer": provider.entity_id,
        "response_issuer": provider.entity_id,
        "destination": asked["acs"],
        "recipient": asked["acs"],
        "in_response_to": asked["request"],
        "confirms": asked["request"],
        "audience": asked["audience"],
        "issued": time(NOW),
        "not_before": time(NOW - timedelta(seconds=30)),
        "not_on_or_after": time(NOW + timedelta(minutes=5)),
        "confirmed_until": time(NOW + timedelta(minutes=5)),
        "status": "urn:oasis:names:tc:SAML:2.0:status:Success",
        "format": PERSISTENT,
        "version": "2.0",
        "name": "",
        "method": "urn:oasis:names:tc:SAML:2.0:cm:bearer",
        "condition": "",
        "session": "",
    }


_RESPONSE = (
    f'<samlp:Response xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" ID="{{response_id}}" Version="{{version}}"'
    ' IssueInstant="{issued}" Destination="{destination}" InResponseTo="{in_response_to}">'
    "<saml:Issuer>{response_issuer}</saml:Issuer>"
    '<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status></samlp:Response>'
)
_ASSERTION = (
    f'<saml:Assertion xmlns:saml="{SAML}" ID="{{assertion_id}}" Version="{{version}}"'
    ' IssueInstant="{issued}">'
    "<saml:Issuer>{issuer}</saml:Issuer><saml:Subject>"
    '<saml:NameID Format="{format}" {name}>{subject}</saml:NameID>'
    '<saml:SubjectConfirmation Method="{method}"><saml:SubjectConfirmationData Recipient="{recipient}"'
    ' InResponseTo="{confirms}" NotOnOrAfter="{confirmed_until}"/></saml:SubjectConfirmation></saml:Subject>'
    '<saml:Conditions NotBefore="{not_before}" NotOnOrAfter="{not_on_or_after}">{condition}'
    "<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
    '</saml:Conditions><saml:AuthnStatement AuthnInstant="{issued}" {session}><saml:AuthnContext/>'
    "</saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"
)


def _assertion(person: dict[str, str], says: dict[str, Any]) -> str:
    attributes = "".join(
        f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
        for name, value in person.items()
        if name != "subject"
    )
    return _ASSERTION.format_map({**says, "subject": person["subject"], "attributes": attributes})


@contextmanager
def saml_provider() -> Iterator[SamlProvider]:
    provider = SamlProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = provider.page(urlsplit(self.path).query).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()
