"""The certificates by which an identity provider's signatures are known."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

# One in use, one that takes over, and as many for a provider that signs on two machines.
MOST = 4
_LEAST_RSA_BITS, _MOST_RSA_BITS = 2048, 8192
_CURVES = {"secp256r1", "secp384r1", "secp521r1"}
_PEM = re.compile(r"-----(?:BEGIN|END) CERTIFICATE-----")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as it is shown."""

    sha256: str
    subject: str
    not_before: datetime
    expires_at: datetime


def checked_certificates(texts: Sequence[str], now: datetime) -> list[str]:
    """Return certificates, given as PEM or as metadata has them, as PEM in the order given, each once.

    Raises:
        InvalidInput: There is none or too many, or one cannot be read, has expired or has a weak key.
    """
    found = list(dict.fromkeys(_checked(text, number, now) for number, text in enumerate(texts, 1)))
    if not 1 <= len(found) <= MOST:
        message = f"An identity provider needs 1 to {MOST} signing certificates, not {len(found)}."
        raise InvalidInput(message, "invalid_certificate")
    return found


def loaded(pem: str) -> x509.Certificate:
    """Return a certificate that was checked before."""
    return x509.load_pem_x509_certificate(pem.encode())


def described(pem: str) -> Certificate:
    """Return what a person wants to know of a certificate that was checked before."""
    certificate = loaded(pem)
    return Certificate(
        certificate.fingerprint(SHA256()).hex(),
        certificate.subject.rfc4514_string(),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )


def is_valid_at(certificate: x509.Certificate, now: datetime) -> bool:
    """Return whether a time lies within the certificate's life."""
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def body_of(pem: str) -> str:
    """Return a certificate as metadata has it: Base64 without head and foot."""
    return "".join(_PEM.sub("", pem).split())


def _checked(text: str, number: int, now: datetime) -> str:
    certificate = _read(text)
    flaw = "it is no X.509 certificate as PEM or Base64" if certificate is None else _flaw(certificate, now)
    if certificate is None or flaw is not None:
        message = f"Certificate {number} cannot be used: {flaw}."
        raise InvalidInput(message, "invalid_certificate")
    return certificate.public_bytes(Encoding.PEM).decode()


def _read(text: str) -> x509.Certificate | None:
    if len(text) > _LONGEST:
        return None
    try:
        content = b64decode("".join(_PEM.sub("", text).split()), validate=True)
        certificate = x509.load_der_x509_certificate(content)
        certificate.public_key()
        certificate.subject.rfc4514_string()
    except Exception:  # noqa: BLE001 - a broken certificate fails in many ways, all the same to a person
        return None
    return certificate


def _flaw(certificate: x509.Certificate, now: datetime) -> str | None:
    key = certificate.public_key()
    if certificate.not_valid_after_utc <= now:
        return f"it expired on {certificate.not_valid_after_utc:%Y-%m-%d}"
    if isinstance(key, rsa.RSAPublicKey):
        has_good_size = _LEAST_RSA_BITS <= key.key_size <= _MOST_RSA_BITS
        return None if has_good_size else f"its RSA key has {key.key_size} bits; 2048 to 8192 are taken"
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES:
        return None
    return "its key is neither RSA nor on the curves P-256, P-384 and P-521"
