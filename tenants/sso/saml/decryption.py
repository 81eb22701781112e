"""Assertions that are encrypted for us: a key under RSA-OAEP, the content under AES-GCM.

AES-CBC, which many identity providers offer first, is refused: who can change its ciphertext can
have it decrypted by watching our answers. Our metadata names what we take.
"""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tenants.errors import InvalidInput
from tenants.sso.saml.documents import message, only, text_of
from tenants.sso.saml.names import ENCRYPTION, ENCRYPTION_11, ds, saml, xenc
from tenants.sso.saml.refusals import Why, refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from tenants.sso.saml.names import Element

_OAEP, _OAEP_11 = f"{ENCRYPTION}rsa-oaep-mgf1p", f"{ENCRYPTION_11}rsa-oaep"
KEY_ALGORITHMS = (_OAEP_11, _OAEP)
# By name, the bytes of the key.
CONTENT_ALGORITHMS = {f"{ENCRYPTION_11}aes256-gcm": 32, f"{ENCRYPTION_11}aes128-gcm": 16}
_SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
# OAEP needs no hash that withstands collisions: SHA-1 is what its first version prescribes.
_DIGESTS = {_SHA1: hashes.SHA1(), f"{ENCRYPTION}sha256": hashes.SHA256()}  # noqa: S303 - see above
_MASKS = {
    f"{ENCRYPTION_11}mgf1sha1": hashes.SHA1(),  # noqa: S303 - see above
    f"{ENCRYPTION_11}mgf1sha256": hashes.SHA256(),
}
_NONCE = 12
_LEAST = _NONCE + 16


def decrypted(encrypted: Element, keys: Sequence[RSAPrivateKey]) -> Element:
    """Return the assertion within an EncryptedAssertion, as an element of its own.

    Raises:
        Unauthenticated: None of our keys opens it, or its algorithms are not ours; which of it is not told.
    """
    data = only(encrypted, xenc("EncryptedData"))
    size = CONTENT_ALGORITHMS.get(_algorithm(data))
    wrapped = _wrapped_key(encrypted, data)
    if data is None or size is None or wrapped is None:
        raise refused(Why.NOT_OPENED)
    for key in keys:
        plain = _opened(data, size, wrapped, key)
        if plain is not None:
            return _assertion(plain)
    raise refused(Why.NOT_OPENED)


def _wrapped_key(encrypted: Element, data: Element | None) -> Element | None:
    """Return the wrapped key, which lies within the data's KeyInfo or beside the data."""
    within = None if data is None else only(data.find(ds("KeyInfo")), xenc("EncryptedKey"))
    return within if within is not None else only(encrypted, xenc("EncryptedKey"))


def _opened(data: Element, size: int, wrapped: Element, key: RSAPrivateKey) -> bytes | None:
    try:
        content_key = key.decrypt(_cipher(wrapped), _padding(wrapped))
        content = _cipher(data)
        if len(content_key) != size or len(content) < _LEAST:
            return None
        return AESGCM(content_key).decrypt(content[:_NONCE], content[_NONCE:], None)
    except Exception:  # noqa: BLE001 - whatever is wrong with it: who sent it must not learn what
        return None


def _padding(wrapped: Element) -> OAEP:
    method = wrapped.find(xenc("EncryptionMethod"))
    digest = method.find(ds("DigestMethod"))
    mask = method.find(f"{{{ENCRYPTION_11}}}MGF")
    mask_hash = hashes.SHA1() if mask is None else _MASKS[mask.get("Algorithm")]  # noqa: S303 - see above
    if method.get("Algorithm") not in KEY_ALGORITHMS or (
        method.get("Algorithm") == _OAEP and mask is not None
    ):
        raise ValueError
    digest_hash = _DIGESTS[_SHA1 if digest is None else digest.get("Algorithm")]
    return OAEP(MGF1(mask_hash), digest_hash, None)


def _algorithm(element: Element | None) -> str:
    method = only(element, xenc("EncryptionMethod"))
    return "" if method is None else str(method.get("Algorithm"))


def _cipher(element: Element) -> bytes:
    value = text_of(only(element.find(xenc("CipherData")), xenc("CipherValue"))) or ""
    return b64decode("".join(value.split()), validate=True)


def _assertion(plain: bytes) -> Element:
    try:
        root = message(plain)
    except InvalidInput:
        raise refused(Why.NOT_OPENED) from None
    if root.tag != saml("Assertion"):
        raise refused(Why.NOT_OPENED)
    return root
