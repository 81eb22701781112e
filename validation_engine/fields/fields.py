"""All fields of one document; each is found once, when a check first asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation_engine.fields.amounts import Money, Percentage, find_money, find_percentages
from validation_engine.fields.dates import FoundDate, find_dates
from validation_engine.fields.document_date import document_date
from validation_engine.fields.invoice import Invoice, read_invoice
from validation_engine.fields.meeting import Meeting, find_meeting
from validation_engine.fields.parts import (
    Clause,
    Labelled,
    Section,
    find_clauses,
    find_labelled,
    find_sections,
    find_signatures,
)
from validation_engine.fields.people import (
    Company,
    Contact,
    Person,
    find_addresses,
    find_companies,
    find_emails,
    find_people,
    find_phones,
)
from validation_engine.fields.periods import Period, find_periods
from validation_engine.lazy import lazy

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

# What a correction's text may name in double braces.
NAMED = ("date", "company")


class Fields:
    """Lazy typed fields of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @lazy
    def date(self) -> FoundDate | None:
        """The date the document gives itself."""
        return document_date(self._document)

    @lazy
    def dates(self) -> list[FoundDate]:
        """All dates, in reading order; a date without a year gets the document's."""
        year = self.date.value.year if self.date else None
        return find_dates(self._document.folded, year=year)

    @lazy
    def money(self) -> list[Money]:
        """All amounts with a currency, in reading order."""
        return find_money(self._document.folded)

    @lazy
    def percentages(self) -> list[Percentage]:
        """All percentages, in reading order."""
        return find_percentages(self._document.folded)

    @lazy
    def invoice(self) -> Invoice:
        """Lines and totals, as an invoice shows them."""
        return read_invoice(self._document)

    @lazy
    def periods(self) -> list[Period]:
        """All periods of time, in reading order."""
        return find_periods(self._document.folded)

    @lazy
    def companies(self) -> list[Company]:
        """Companies named with their legal form, in reading order."""
        return find_companies(self._document.folded)

    @lazy
    def people(self) -> list[Person]:
        """Persons named with a title, in reading order."""
        return find_people(self._document.folded)

    @lazy
    def addresses(self) -> list[Contact]:
        """Postcodes and streets, in reading order."""
        return find_addresses(self._document.folded)

    @lazy
    def emails(self) -> list[Contact]:
        """E-mail addresses, in reading order."""
        return find_emails(self._document.folded)

    @lazy
    def phones(self) -> list[Contact]:
        """British telephone numbers, in reading order."""
        return find_phones(self._document.folded)

    @lazy
    def labelled(self) -> list[Labelled]:
        """Lines of a label and a value, in reading order."""
        return find_labelled(self._document)

    @lazy
    def clauses(self) -> list[Clause]:
        """Numbered clauses, in reading order."""
        return find_clauses(self._document)

    @lazy
    def sections(self) -> list[Section]:
        """Sections under their headings, in reading order."""
        return find_sections(self._document)

    @lazy
    def signatures(self) -> list[tuple[int, int]]:
        """Spans of wording that signs or closes."""
        return find_signatures(self._document)

    @lazy
    def meeting(self) -> Meeting:
        """The meeting the reader is asked to come to."""
        return find_meeting(self._document, self.dates, self.date)

    def label(self, *names: str) -> Labelled | None:
        """Return the first labelled value whose label is one of the names, given in lower case."""
        return next((one for one in self.labelled if one.label in names), None)

    def value(self, name: str) -> str | None:
        """Return a field of `NAMED` as text for a correction, or None where the document does not give it."""
        if name == "date" and self.date:
            return f"{self.date.value.day} {self.date.value:%B %Y}"
        if name == "company" and self.companies:
            return self.companies[0].name
        return None
