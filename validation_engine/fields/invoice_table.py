"""An invoice's table read as lines: by its header where that multiplies up, else by what does."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from validation_engine.fields.amounts import PENNY
from validation_engine.fields.invoice_rows import Cell, leading_number, number_in, placed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validation_engine.documents.model import Block
    from validation_engine.fields.invoice_rows import Column, Number

_FACTORS, _MOST_NUMBERS = 3, 8
_RUN_INTO = re.compile(r"(?P<words>.*[a-z]{3,}\)?) (?P<amount>[\xa3$\xa4]\d[\d,]*\.\d\d)$", re.IGNORECASE)
# Rates beyond this are no rates of VAT.
_HIGHEST_RATE = 25


class InvoiceLine(msgspec.Struct, frozen=True, gc=False):
    """One line: quantity times unit price should be the amount; any may be absent.

    `is_subtotal` where it has no quantity and its amount is that of all lines before it.
    """

    description: str
    quantity: Decimal | None
    unit_price: Decimal | None
    amount: Decimal | None
    rate: Decimal | None
    start: int
    end: int
    amount_start: int
    amount_end: int
    is_subtotal: bool = False


class Row(msgspec.Struct, frozen=True, gc=False):
    """A row's cells, the number that each is, and which of them stands under which column."""

    block: Block
    cells: list[Cell]
    numbers: list[Number | None]
    under: dict[Column, int]


class _Reading(NamedTuple):
    """Which numbers of a row are multiplied; places are counted from the right."""

    quantity: int
    price: int
    amount: int


Factors = tuple["Number | None", "Number | None", "Number | None"]


def row_of(folded: str, block: Block, cells: list[Cell], header: list[Cell], names: list[Column]) -> Row:
    """Return a row read under a header, which may be empty."""
    if 1 < len(cells) <= len(header):
        cells = _parted(folded, cells)
    numbers = [number_in(folded, cell) for cell in cells]
    under = _by_what_they_hold(placed(header, names, cells), numbers) if header else {}
    at = under.get("quantity") if header else 0
    if at is not None and numbers[at] is None:
        numbers[at] = leading_number(folded, cells[at])
    return Row(block, cells, numbers, under)


def _parted(folded: str, cells: list[Cell]) -> list[Cell]:
    """Return a row's cells where a long description has left no gap before the amount beside it."""
    ends_in_figure = folded[cells[0].end - 1].isdigit()
    found = _RUN_INTO.match(folded, cells[0].start, cells[0].end) if ends_in_figure else None
    if found is None:
        return cells
    first, at = cells[0], found.start("amount") - cells[0].start
    words = Cell(first.start, found.end("words"), first.left, first.left + len(found["words"]))
    return [words, Cell(found.start("amount"), first.end, first.left + at, first.right), *cells[1:]]


def _by_what_they_hold(under: dict[Column, int], numbers: list[Number | None]) -> dict[Column, int]:
    """Return the columns put right by their cells: "VAT" may head amounts, and "Rate" percentages."""
    kinds = {name: number.kind for name, at in under.items() if (number := numbers[at])}
    if kinds.get("rate") == "money":
        under = {name: at for name, at in under.items() if name != "rate"}
    if kinds.get("price") == "rate":
        under = {("rate" if name == "price" else name): at for name, at in under.items()}
    return under


def fits(quantity: Decimal, price: Decimal, amount: Decimal, rates: Sequence[Decimal]) -> bool:
    """Whether a product is the amount to the penny, with or without a discount or VAT of one of the rates."""
    shares = [rate / 100 for rate in rates]
    factors = [Decimal(1), *(1 - one for one in shares), *(1 + one for one in shares)]
    return any(abs(abs(quantity * price * factor) - abs(amount)) <= PENNY for factor in factors)


def lines_of(folded: str, rows: Sequence[Row]) -> Iterator[InvoiceLine]:
    """Yield the lines of rows that stand under one header, or under none."""
    named = [_named(row) for row in rows]
    full = [(row, one) for row, one in zip(rows, named, strict=True) if None not in one]
    is_trusted = len(full) == 1 or any(_multiply(row, one) for row, one in full)
    reading = None if full and is_trusted else _voted(rows)
    for row, one in zip(rows, named, strict=True):
        factors = _read(row, reading) if reading else one if is_trusted else (None, None, one[2])
        if None in factors[:2] and one[2] is not None:
            factors = (None, None, one[2])
        if factors[2] is not None:
            yield _line(folded, row, factors)


def _named(row: Row) -> Factors:
    return _under(row, "quantity"), _under(row, "price"), _under(row, "amount")


def _under(row: Row, name: Column) -> Number | None:
    at = row.under.get(name)
    found = None if at is None else row.numbers[at]
    return None if found is None or found.kind == "rate" else found


def _read(row: Row, reading: _Reading) -> Factors:
    count = len(row.numbers)
    quantity, price, amount = (
        one if at <= count and (one := row.numbers[count - at]) and one.kind != "rate" else None
        for at in reading
    )
    return (quantity, price, amount) if quantity and price else (None, None, None)


def _multiply(row: Row, factors: Factors) -> bool:
    quantity, price, amount = factors
    if quantity is None or price is None or amount is None:
        return False
    return fits(quantity.value, price.value, amount.value, _rates(row))


def _rates(row: Row) -> list[Decimal]:
    return [one.value for one in row.numbers if one is not None and one.kind == "rate"]


def _voted(rows: Sequence[Row]) -> _Reading | None:
    """Return the reading that multiplies up in most rows, and in half of those at least."""
    votes = Counter(reading for row in rows for reading in _readings(row))
    best = max(votes, key=lambda one: (votes[one], -one.amount), default=None)
    if best is None:
        return None
    asked = sum(1 for row in rows if None not in _read(row, best))
    return best if votes[best] * 2 >= asked else None


def _readings(row: Row) -> Iterator[_Reading]:
    """Yield the readings of a row that multiply up; by one anything does, which tells nothing."""
    count = len(row.numbers)
    found = [(count - at, one) for at, one in enumerate(row.numbers) if one and one.kind != "rate"]
    if not _FACTORS <= len(found) <= _MOST_NUMBERS:
        return
    for (first, quantity), (second, price), (last, amount) in permutations(found, _FACTORS):
        is_in_order = second > last and first > last and amount.kind == "money"
        if (
            is_in_order
            and 1 not in (quantity.value, price.value)
            and _multiply(row, (quantity, price, amount))
        ):
            yield _Reading(first, second, last)


def _line(folded: str, row: Row, factors: Factors) -> InvoiceLine:
    quantity, price, amount = factors
    assert amount is not None  # noqa: S101 - lines_of has asked
    at = row.under.get("description", 0)
    if "description" not in row.under:
        at = next((index for index, one in enumerate(row.numbers) if one is None), 0)
    return InvoiceLine(
        folded[row.cells[at].start : row.cells[at].end],
        None if quantity is None else quantity.value,
        None if price is None else price.value,
        amount.value,
        _rate(row),
        row.block.start,
        row.block.end,
        amount.start,
        amount.end,
    )


def _rate(row: Row) -> Decimal | None:
    at = row.under.get("rate")
    found = None if at is None else row.numbers[at]
    is_rate = found is not None and found.kind != "money" and found.value <= _HIGHEST_RATE
    return found.value if found is not None and is_rate else None
