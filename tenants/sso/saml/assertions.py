"""What a signed assertion must say for us to believe it, now, here, and of this sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tenants.sso.saml import names
from tenants.sso.saml.documents import moment, only, text_of
from tenants.sso.saml.names import saml
from tenants.sso.saml.refusals import Why, refused

if TYPE_CHECKING:
    from tenants.sso.saml.names import Element
    from tenants.sso.saml.responses import Expected

SKEW = timedelta(seconds=60)
# An assertion is a word of the moment; we remember it for as long as it could be used again.
LONGEST = timedelta(days=1)
# As long as the standard lets a persistent name be; with the format it must fit into an index.
_LONGEST_NAME, _LONGEST_FORMAT, _LONGEST_ID = 256, 200, 500
_CONDITIONS = {saml(name) for name in ("AudienceRestriction", "OneTimeUse", "ProxyRestriction")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """What an assertion says, believed.

    Attributes:
        assertion_id: By which it is known again.
        usable_until: After this it would be refused anyway.
        subject: The NameID with its format, which is part of the name.
        address: The NameID where its format says that it is an e-mail address.
        attributes: Values by name.
        session_until: When the provider wants the session to end.
    """

    assertion_id: str
    usable_until: datetime
    subject: str
    address: str | None
    attributes: dict[str, list[str]]
    session_until: datetime | None


def believed(assertion: Element, expected: Expected) -> Believed:
    """Return what a signed assertion says.

    Raises:
        Unauthenticated: It is not for us, not for now, or not about one person.
    """
    issued = moment(assertion.get("IssueInstant"))
    if assertion.get("Version") != "2.0" or issued is None or issued > expected.now + SKEW:
        raise refused(Why.ASSERTION_VERSION)
    if not _is_short(assertion.get("ID", ""), _LONGEST_ID):
        raise refused(Why.NO_ID)
    if not has_issuer(assertion, expected.issuer):
        raise refused(Why.OTHER_ISSUER)
    subject = only(assertion, saml("Subject"))
    usable_until = _require_confirmation(subject, expected)
    _require_conditions(only(assertion, saml("Conditions")), expected)
    name, address = _name(only(subject, saml("NameID")), expected)
    return Believed(
        assertion_id=str(assertion.get("ID")),
        usable_until=usable_until,
        subject=name,
        address=address,
        attributes=_attributes(assertion),
        session_until=_session_until(assertion, expected.now),
    )


def has_issuer(element: Element, issuer: str) -> bool:
    """Return whether an element's issuer is the one expected."""
    found = only(element, saml("Issuer"))
    if found is None:
        return False
    return text_of(found) == issuer and found.get("Format") in {None, names.ENTITY}


def _require_confirmation(subject: Element | None, expected: Expected) -> datetime:
    """Return until when the assertion may be used; one bearer confirmation of it must be for us."""
    for each in [] if subject is None else subject.findall(saml("SubjectConfirmation")):
        data = only(each, saml("SubjectConfirmationData"))
        end = None if data is None else moment(data.get("NotOnOrAfter"))
        if each.get("Method") != names.BEARER or data is None or end is None:
            continue
        if data.get("Recipient") == expected.acs_url and data.get("InResponseTo") == expected.request_id:
            _require_time(data, expected.now)
            if end > expected.now + LONGEST:
                raise refused(Why.LIVES_TOO_LONG)
            return end + SKEW
    raise refused(Why.NOT_CONFIRMED)


def _require_conditions(conditions: Element | None, expected: Expected) -> None:
    if conditions is None or any(each.tag not in _CONDITIONS for each in conditions):
        raise refused(Why.CONDITIONS)
    _require_time(conditions, expected.now)
    restrictions = conditions.findall(saml("AudienceRestriction"))
    is_for_us = all(
        expected.audience in map(text_of, restriction.findall(saml("Audience")))
        for restriction in restrictions
    )
    if not restrictions or not is_for_us:
        raise refused(Why.OTHER_AUDIENCE)


def _require_time(element: Element, now: datetime) -> None:
    start, end = element.get("NotBefore"), element.get("NotOnOrAfter")
    begins, ends = moment(start), moment(end)
    if (start is not None and begins is None) or (end is not None and ends is None):
        raise refused(Why.TIME_NOT_READABLE)
    if begins is not None and begins > now + SKEW:
        raise refused(Why.NOT_YET_VALID)
    if ends is not None and ends <= now - SKEW:
        raise refused(Why.NO_LONGER_VALID)


def _name(element: Element | None, expected: Expected) -> tuple[str, str | None]:
    value = text_of(element)
    if element is None or value is None or value != element.text or not _is_short(value, _LONGEST_NAME):
        raise refused(Why.NO_NAME)
    form = element.get("Format", names.UNSPECIFIED)
    if not _is_short(form, _LONGEST_FORMAT) or not form.isascii():
        raise refused(Why.NO_NAME)
    if form == names.TRANSIENT:
        raise refused(Why.TRANSIENT_NAME)
    own = (("NameQualifier", expected.issuer), ("SPNameQualifier", expected.audience))
    if any(element.get(name, qualifier) != qualifier for name, qualifier in own):
        raise refused(Why.QUALIFIED_NAME)
    return f"{form} {value}", value if form == names.EMAIL else None


def _is_short(text: str, longest: int) -> bool:
    return 1 <= len(text) <= longest and text.isprintable()


def _attributes(assertion: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for attribute in assertion.iterfind(f"{saml('AttributeStatement')}/{saml('Attribute')}"):
        values = filter(None, map(text_of, attribute.findall(saml("AttributeValue"))))
        found.setdefault(str(attribute.get("Name")), []).extend(values)
    return found


def _session_until(assertion: Element, now: datetime) -> datetime | None:
    statements = assertion.findall(saml("AuthnStatement"))
    if not statements:
        raise refused(Why.NO_STATEMENT)
    told = [each.get("SessionNotOnOrAfter") for each in statements]
    ends = [moment(text) for text in told if text is not None]
    if any(end is None or end <= now for end in ends):
        raise refused(Why.SESSION_OVER)
    return min((end for end in ends if end is not None), default=None)
