"""XML from elsewhere, read once by one parser, with nothing in it that two readers could take differently.

A comment inside a name cuts it short for some readers, a DTD brings entities from anywhere or
expands to gigabytes: messages that hold any of these are refused before they are parsed. In a text
that has no `<!` there is no DTD, no comment and no CDATA section, and without `<?` no instruction.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lxml import etree

from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from tenants.sso.saml.names import Element

MOST_BYTES = 500_000
_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml\s[^<>?]{0,100}\?>")
_COMMENT = re.compile(r"<!--(?:[^-]|-[^-])*-->")
_ID_NAMES = ("ID", "Id", "id", "{http://www.w3.org/XML/1998/namespace}id")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)")


def message(content: bytes) -> Element:
    """Return the root element of a message.

    Raises:
        InvalidInput: It is too large, no UTF-8, no XML, or has a DTD, a comment, CDATA or an instruction.
    """
    return _parsed(_text(content))


def document(content: bytes) -> Element:
    """Return the root element of a document that a person gave us; its comments are left out.

    Raises:
        InvalidInput: As for a message, comments apart.
    """
    return _parsed(_COMMENT.sub("", _text(content)))


def has_double_ids(root: Element) -> bool:
    """Return whether two elements bear the same id, under any of the names that ids have."""
    found = Counter(
        element.get(name) for element in root.iter() for name in _ID_NAMES if element.get(name) is not None
    )
    return any(count > 1 for count in found.values())


def text_of(element: Element | None) -> str | None:
    """Return an element's text without space around it, None where it has none or holds elements."""
    if element is None or len(element) or element.text is None:
        return None
    return element.text.strip() or None


def only(parent: Element | None, name: str) -> Element | None:
    """Return the one child of a name, None where there is none or more than one."""
    found = [] if parent is None else parent.findall(name)
    return found[0] if len(found) == 1 else None


def moment(text: str | None) -> datetime | None:
    """Return a time with its zone, None where it is none."""
    if text is None or not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        why = f"The XML is larger than {MOST_BYTES // 1000} kB; leave out what is not needed."
        raise InvalidInput(why, "xml_too_large")
    try:
        return _DECLARATION.sub("", content.decode("utf-8"), count=1)
    except UnicodeDecodeError:
        why = "The XML is not in UTF-8; save it so."
        raise InvalidInput(why, "xml_not_utf8") from None


def _parsed(text: str) -> Element:
    if "<!" in text or "<?" in text:
        why = "The XML has a DTD, an entity, a comment, CDATA or an instruction; SAML needs none of them."
        raise InvalidInput(why, "xml_not_plain")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(text.lstrip("\ufeff").encode(), parser)
    except etree.XMLSyntaxError as error:
        why = f"The XML cannot be read (line {error.lineno}); send it as the identity provider gave it."
        raise InvalidInput(why, "xml_unreadable") from None
