"""All fields of one document; each is found once, when a check first asks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from validation_engine.fields.amounts import Money, Percentage, find_money, find_percentages
from validation_engine.fields.dates import FoundDate, find_dates
from validation_engine.fields.document_date import document_date
from validation_engine.fields.invoice import Invoice, read_invoice

if TYPE_CHECKING:
    from validation_engine.documents.model import Document


class Fields:
    """Lazy typed fields of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def date(self) -> FoundDate | None:
        """The date the document gives itself."""
        return document_date(self._document)

    @cached_property
    def dates(self) -> list[FoundDate]:
        """All dates, in reading order; a date without a year gets the document's."""
        year = self.date.value.year if self.date else None
        return find_dates(self._document.folded, year=year)

    @cached_property
    def money(self) -> list[Money]:
        """All amounts with a currency, in reading order."""
        return find_money(self._document.folded)

    @cached_property
    def percentages(self) -> list[Percentage]:
        """All percentages, in reading order."""
        return find_percentages(self._document.folded)

    @cached_property
    def invoice(self) -> Invoice:
        """Lines and totals, as an invoice shows them."""
        return read_invoice(self._document)

    def value(self, name: str) -> str | None:
        """Return a field as text for a correction, or None where the document does not give it."""
        if name == "date" and self.date:
            return f"{self.date.value.day} {self.date.value:%B %Y}"
        return None
