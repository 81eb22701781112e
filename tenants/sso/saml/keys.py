"""Our own keys towards an identity provider: they sign our requests and open what is encrypted for us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

if TYPE_CHECKING:
    from datetime import datetime

_BITS = 3072
_EXPONENT = 65537
# Identity providers pin the certificate; when it ends is for a person to say, by rotation.
_LASTS = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A private key with its certificate; the lower number signs, either opens."""

    number: int
    certificate: str
    private: rsa.RSAPrivateKey


def fresh(common_name: str, now: datetime) -> tuple[str, bytes]:
    """Return a new certificate as PEM and its private key as DER."""
    private = rsa.generate_private_key(_EXPONENT, _BITS)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LASTS)
        .sign(private, hashes.SHA256())
    )
    der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM).decode(), der


def opened(number: int, certificate: str, der: bytes) -> OwnKey:
    """Return a key that was kept as `fresh` gave it."""
    # It was made here and kept sealed: to check it again at each sign-in would only take time.
    private = load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(private, rsa.RSAPrivateKey)  # noqa: S101 - no other kind is ever made
    return OwnKey(number, certificate, private)
