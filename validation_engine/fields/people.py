"""Parties and people: companies by their legal form, persons by title, their roles, how to reach them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = r"(?:[A-Z0-9][\w&'.-]{0,60}|&|and|of|the|\([A-Z][\w ]{1,20}\))"
_COMPANY = re.compile(
    rf"\b(?P<name>[A-Z0-9][\w&'.-]{{0,60}}(?: {_WORD}){{0,6}}?) (?P<form>Limited|Ltd\.?|LIMITED|LTD|plc|PLC|"
    rf"p\.l\.c\.|LLP|LP|CIC|C\.I\.C\.|"
    r"Community Interest Company|Public Limited Company)(?!\w)"
)
_LEADING = re.compile(
    r"^(?:(?:The|This|Between|And|To|From|By|For|Dear|Of|Our|Invoice|Bill|Issued|Signed|Dated|At|With|"
    r"When|If|We|Pay|Supplier|Customer)\b[ :]*)+(?=[A-Z0-9])"
)
_PERSON = re.compile(
    r"\b(?P<title>Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Rev|"
    r"Cllr)\.? (?P<name>[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2})"
)
_EMAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}\b")
_PHONE = re.compile(r"(?<![\w])(?:\+44[ (]?|0)(?:\(0\)|\d)(?:[ -]?\d){8,10}(?![\w])")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b")
# The areas of postcodes, by which the first half of one is known where only that is given: "Aberfeldy PH15".
_AREA = (
    r"A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LU]?|H[ADGPRSUX]|"
    r"I[GPV]|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|"
    r"S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|U[B]|W[ACDFNRSV]?|Y[O]|Z[E]"
)
_TOWN = re.compile(
    r"(?:^ *|, ?)(?!(?:Room|Unit|Block|Bay|Gate|Flat|Suite|Plot|Seat|Table|Clause|Section|Form|Part)\b)"
    rf"[A-Z][a-z]+(?:[ -][A-Za-z][a-z]*){{0,3}},? (?:{_AREA})\d[A-Z\d]?(?= *[,.;|)]? *$)",
    re.MULTILINE,
)
_STREET = re.compile(
    r"\b\d{1,4}[A-Za-z]?(?:[-/]\d{1,4})?,? (?:[A-Z][\w']*,? ){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|"
    r"Terrace|Place|Square|Way|Drive|"
    r"Crescent|Court|Gardens|Close|Row|Brae|Wynd|Quay|Park|Hill|View|Gate|Mews|Parade|Walk|Loan|Vennel|Shore|Green|Grove|Bank|Circus)\b"
)


class Company(msgspec.Struct, frozen=True, gc=False):
    """A company, as written with its legal form."""

    name: str
    form: str
    start: int
    end: int


class Person(msgspec.Struct, frozen=True, gc=False):
    """A person with a title; `surname` is the last part of the name."""

    title: str
    name: str
    start: int
    end: int

    @property
    def surname(self) -> str:
        """Return the last part of the name, in lower case."""
        return self.name.rsplit(" ", 1)[-1].lower().removesuffix("'s")


class Contact(msgspec.Struct, frozen=True, gc=False):
    """How somebody is reached, and its span: an address, an e-mail address, a telephone number."""

    text: str
    start: int
    end: int


def find_companies(text: str) -> list[Company]:
    """Return the companies named in folded text, in reading order."""
    found = []
    for match in _COMPANY.finditer(text):
        lead = _LEADING.match(match["name"])
        start = match.start() + (lead.end() if lead else 0)
        found.append(Company(text[start : match.end()], match["form"], start, match.end()))
    return found


def find_people(text: str) -> list[Person]:
    """Return the persons named with a title, in reading order."""
    return [Person(one["title"], one["name"], one.start(), one.end()) for one in _PERSON.finditer(text)]


def find_addresses(text: str) -> list[Contact]:
    """Return postcodes, towns with half of one, and streets, in reading order."""
    found = (one for pattern in (_POSTCODE, _TOWN, _STREET) for one in _contacts(pattern, text))
    return sorted(found, key=lambda one: one.start)


def has_address(text: str) -> bool:
    """Return whether a postcode, the half of one or a street stands in a text."""
    return any(pattern.search(text) for pattern in (_POSTCODE, _TOWN, _STREET))


def find_emails(text: str) -> list[Contact]:
    """Return e-mail addresses, in reading order."""
    return list(_contacts(_EMAIL, text)) if "@" in text else []


def find_phones(text: str) -> list[Contact]:
    """Return British telephone numbers, in reading order."""
    return list(_contacts(_PHONE, text))


def _contacts(pattern: re.Pattern[str], text: str) -> Iterator[Contact]:
    return (Contact(one.group(), one.start(), one.end()) for one in pattern.finditer(text))
