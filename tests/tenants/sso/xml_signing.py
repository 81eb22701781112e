"""XML Signature and XML Encryption as an identity provider does them, with any algorithm, also bad ones.

Written here in the open, so that the tests do not check a library by itself.
"""

from __future__ import annotations

import hmac
import os
from base64 import b64encode
from hashlib import new as new_hash
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable

DS = "http://www.w3.org/2000/09/xmldsig#"
XENC, XENC11 = "http://www.w3.org/2001/04/xmlenc#", "http://www.w3.org/2009/xmlenc11#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA_SHA256, RSA_SHA1 = f"{MORE}rsa-sha256", f"{DS}rsa-sha1"
ECDSA_SHA256, HMAC_SHA256 = f"{MORE}ecdsa-sha256", f"{MORE}hmac-sha256"
PSS_SHA256 = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"
SHA256, SHA1 = f"{XENC}sha256", f"{DS}sha1"
_HASHES = {SHA256: "sha256", SHA1: "sha1"}


def signed(
    element: Any, key: Any, method: str = RSA_SHA256, digest: str = SHA256, transform: str = EXCLUSIVE
) -> None:
    """Put a signature over an element into it, behind its issuer."""
    content = etree.tostring(element, method="c14n", exclusive=True, with_tail=False)
    told = b64encode(new_hash(_HASHES[digest], content).digest()).decode()
    signature = etree.fromstring(
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/><ds:SignatureMethod Algorithm="{method}"/>'
        f'<ds:Reference URI="#{element.get("ID")}"><ds:Transforms>'
        f'<ds:Transform Algorithm="{DS}enveloped-signature"/><ds:Transform Algorithm="{transform}"/>'
        f'</ds:Transforms><ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue>{told}</ds:DigestValue>'
        "</ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>"
    )
    info = etree.tostring(signature[0], method="c14n", exclusive=True, with_tail=False)
    signature[1].text = b64encode(_SIGNERS[method](key, info)).decode()
    element.insert(1, signature)


def _ecdsa(key: ec.EllipticCurvePrivateKey, content: bytes) -> bytes:
    size = (key.key_size + 7) // 8
    parts = decode_dss_signature(key.sign(content, ec.ECDSA(hashes.SHA256())))
    return b"".join(part.to_bytes(size, "big") for part in parts)


def _pss(key: rsa.RSAPrivateKey, content: bytes) -> bytes:
    return key.sign(content, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


_SIGNERS: dict[str, Callable[[Any, bytes], bytes]] = {
    RSA_SHA256: lambda key, content: key.sign(content, padding.PKCS1v15(), hashes.SHA256()),
    RSA_SHA1: lambda key, content: key.sign(content, padding.PKCS1v15(), hashes.SHA1()),  # noqa: S303 - the bad one
    PSS_SHA256: _pss,
    ECDSA_SHA256: _ecdsa,
    # The key is whatever the attacker knows, such as the published certificate.
    HMAC_SHA256: lambda key, content: hmac.digest(key, content, "sha256"),
}


def encrypted(assertion: Any, key: rsa.RSAPublicKey, content: str = f"{XENC11}aes256-gcm") -> Any:
    """Return an EncryptedAssertion that only the key's owner opens."""
    content_key, nonce = AESGCM.generate_key(256), os.urandom(12)
    plain = etree.tostring(assertion, with_tail=False)
    if content.endswith("gcm"):
        cipher = nonce + AESGCM(content_key).encrypt(nonce, plain, None)
    else:
        cipher = _by_cbc(content_key, plain)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303 - as the standard has it
    wrapped = b64encode(key.encrypt(content_key, oaep)).decode()
    return etree.fromstring(
        f'<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">'
        f'<xenc:EncryptedData xmlns:xenc="{XENC}" Type="{XENC}Element">'
        f'<xenc:EncryptionMethod Algorithm="{content}"/><ds:KeyInfo xmlns:ds="{DS}"><xenc:EncryptedKey>'
        f'<xenc:EncryptionMethod Algorithm="{XENC}rsa-oaep-mgf1p"/>'
        f"<xenc:CipherData><xenc:CipherValue>{wrapped}</xenc:CipherValue></xenc:CipherData>"
        f"</xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData>"
        f"<xenc:CipherValue>{b64encode(cipher).decode()}</xenc:CipherValue></xenc:CipherData>"
        f"</xenc:EncryptedData></saml:EncryptedAssertion>"
    )


def _by_cbc(key: bytes, plain: bytes) -> bytes:
    vector, missing = os.urandom(16), 16 - len(plain) % 16
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    padded = plain + bytes(missing - 1) + bytes([missing])
    return vector + encryptor.update(padded) + encryptor.finalize()
