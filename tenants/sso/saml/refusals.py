"""Why an identity provider's answer is not believed: every reason, in half a sentence."""

from __future__ import annotations

from enum import Enum

from tenants.errors import Unauthenticated


class Why(Enum):
    """A reason; its name is what the audit log keeps, and it repeats nothing that the answer says."""

    NOT_READABLE = "it is no plain XML in UTF-8, or too large"
    NOT_A_RESPONSE = "it is no SAML 2.0 response"
    NOT_ASKED_FOR = "this browser did not ask for it, or asked too long ago"
    OTHER_REQUEST = "it answers another request than this browser's last"
    OTHER_DESTINATION = "its destination is another address than this account's"
    OTHER_ISSUER = "its issuer is not the identity provider that this account trusts"
    NO_SUCCESS = "the identity provider signed nobody in"
    NOT_ONE_ASSERTION = "it does not hold exactly one assertion"
    STRAY_SIGNATURE = "it has a signature in a place where none belongs"
    DOUBLE_ID = "two of its elements have the same id"
    NOT_SIGNED = "neither it nor its assertion is signed"
    NOT_OPENED = "it is encrypted in a way that we do not take, or not for us"
    NO_CERTIFICATE = "every certificate of the identity provider that we know has expired"
    SIGNATURE_NOT_PLAIN = "its signature does not have exactly one reference, to the element that it is in"
    TRANSFORM = "its signature transforms the content in a way that we do not take"
    ALGORITHM = "its signature uses an algorithm that we do not take, such as SHA-1"
    SIGNATURE_WRONG = "its signature is not by a certificate that we know, or does not fit the content"
    ASSERTION_VERSION = "its assertion is of another version, or issued in the future"
    NOT_CONFIRMED = "its assertion is not confirmed for this address and this browser's request"
    LIVES_TOO_LONG = "its assertion could be used for more than a day"
    CONDITIONS = "its assertion has no conditions, or one that we do not know"
    OTHER_AUDIENCE = "its audience is not this account's entity id"
    TIME_NOT_READABLE = "one of its times cannot be read"
    NOT_YET_VALID = "its assertion is not valid yet; compare the clocks"
    NO_LONGER_VALID = "its assertion is not valid any more; compare the clocks"
    NO_ID = "its assertion has no usable id"
    NO_NAME = "its subject has no plain NameID"
    TRANSIENT_NAME = "its NameID changes with every sign-in; have the provider send a persistent one"
    QUALIFIED_NAME = "its NameID is qualified for another party"
    NO_STATEMENT = "its assertion does not say that anybody signed in"
    SESSION_OVER = "the session at the identity provider has ended"
    USED_BEFORE = "it was used before"


def refused(why: Why) -> Unauthenticated:
    """Return the refusal of an answer."""
    message = (
        f"The identity provider's answer was refused: {why.value}. "
        "Start again from the sign-in page; if it stays so, have an owner compare the SAML settings."
    )
    return Unauthenticated(message, "sso_refused", reason=why.name.lower())
