"""Whose lines an invoice's address lines are: the supplier's, the customer's, a delivery's."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Literal

import msgspec

from validation_engine.fields.people import find_addresses, has_address
from validation_engine.lazy import Remembered, per_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from validation_engine.documents.model import Document

Role = Literal["supplier", "customer", "elsewhere"]

_CUSTOMER = re.compile(
    r"^[*_ ]*(?:(?:invoice|invoiced|bill|billed|sold|credit|credited|charge|charged|issued|addressed|"
    r"made out) to|in favour of|"
    r"(?:billing|invoice) (?:address|party|name)|to|for|"
    r"(?:[\w ]{2,16} (?:and|&) )?(?:customer|client|buyer|purchaser)(?: name| details| address| company)?|"
    r"subcontractor(?: name)?)[*_]* ?(?::|$|(?<=to) (?=(?-i:[A-Z])))|^issued [\w ]{4,24} to:|"
    r"^[*_ ]*(?:fao|attn|for the attention of)\b",
    re.IGNORECASE,
)
_SUPPLIER = re.compile(
    r"^[*_ ]*(?:from|(?:supplier|seller)(?: name| address| details)?|issued by|invoice from|supplied by|"
    r"contractor)[*_]* ?(?::|$)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"^[*_ ]*(?:deliver(?:y|ed)?(?: address| to)?|ship(?:ped)? to|site(?: address)?|"
    r"job(?: address)?(?!:? ?[\w/-]*\d[\w/-]*$)|"
    r"location|works? at|"
    r"bank(?: details)?|property|premises)[*_]* ?(?::|$)",
    re.IGNORECASE,
)
_NEW_SUBJECT = re.compile(
    r"^[*_ ]*(?:(?:vat |tax |sales )?(?:invoice|receipt|credit note)|date|issue|our|your|order|po|ref|"
    r"vat (?:reg\w*|no|number)|company (?:no|number|reg\w*)|"
    r"description|item|qty|terms|payment|due|tax point|account no|registered|tel(?:ephone)?)\b",
    re.IGNORECASE,
)
# The first two letters of every label above: most lines have others.
_BEGINNINGS = frozenset(
    "ad at ba bi bu ch cl co cr cu de fa fo fr in is jo lo ma pr pu se sh si so su to wo".split()  # noqa: SIM905 - shorter
)
_OF_SUPPLIER = re.compile(
    r"\b(?:vat|company|registered|regd?|sc\d{6}|tel(?:ephone)?|phone|www|utr|bank|sort code|"
    r"sincerely|faithfully)\b|@",
    re.IGNORECASE,
)
_MOST_LINES, _LONGEST_LINE = 60, 60
_GAP = re.compile(r"\s*\|\s*|\t+| {3,}")
_LONGEST_PARTY = 7
_NEAR = 80


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A line, or a cell of one, with the party it belongs to."""

    role: Role
    text: str
    start: int
    labelled: bool


@per_document
def pieces(document: Document) -> Remembered[Piece]:
    """Return the lines and cells of an invoice in reading order, each with its party."""
    return Remembered(_settled(document))


def _settled(document: Document) -> Iterator[Piece]:
    """Yield the pieces, with the customer's among them told by place where no label tells any."""
    found, following = list[Piece](), _pieces(document)
    for piece in following:
        found.append(piece)
        if piece.role == "customer":
            yield from chain(found, following)
            return
    own = _addressee(document.text, found)
    yield from (msgspec.structs.replace(one, role="customer") if one in own else one for one in found)


def _addressee(text: str, found: list[Piece]) -> set[Piece]:
    """Return the customer's lines where no label names them: the last address but the supplier's own."""
    groups: list[list[Piece]] = []
    for before, piece in pairwise([None, *found[:_MOST_LINES]]):
        if piece is None:
            continue
        if before is None or text.count("\n", before.start, piece.start) > 1 or not groups:
            groups.append([])
        groups[-1].append(piece)
    named = [group for group in groups if len(group) <= _LONGEST_PARTY and _is_addressed(group)]
    others = [group for group in named[1:] if not any(_OF_SUPPLIER.search(piece.text) for piece in group)]
    return set(others[-1]) if others else set()


def _is_addressed(group: list[Piece]) -> bool:
    """Whether a few short lines are a name with an address under it."""
    is_short = len(group) > 1 and all(len(piece.text) <= _LONGEST_LINE for piece in group)
    return (
        is_short
        and all(piece.role == "supplier" for piece in group)
        and has_address(text_of(group, "supplier"))
    )


def _pieces(document: Document) -> Iterator[Piece]:
    roles: dict[int, Role] = {}
    folded, lines_left, at = document.folded, 0, 0
    for line in document.text.split("\n"):
        cells = _cells(folded[at : at + len(line)], line, at) if line else []
        at += len(line) + 1
        if not cells:
            lines_left = lines_left if lines_left == _LONGEST_PARTY else 0
            continue
        named = {index: role for index, (text, _) in enumerate(cells) if (role := _role(text))}
        if not named and lines_left == 0:
            roles = {}
            yield from (Piece("supplier", text, start, labelled=False) for text, start in cells)
            continue
        if named:
            roles, lines_left = named, _LONGEST_PARTY if _is_bare(cells) else _LONGEST_PARTY - 1
        elif "\xa3" in line or _NEW_SUBJECT.match(cells[0][0]):
            roles, lines_left = {}, 0
        else:
            lines_left -= 1
        beside = dict(_beside_label(cells, named))
        for index, (text, start) in enumerate(cells):
            role = roles.get(index if len(cells) > 1 or len(roles) != 1 else next(iter(roles)), "supplier")
            yield Piece(beside.get(index, role), text, start, bool(roles))


def _beside_label(cells: list[tuple[str, int]], named: dict[int, Role]) -> Iterator[tuple[int, Role]]:
    """Yield the cells that a bare label names in the cell before them: "To     Kelso Mill Ltd"."""
    for index, role in named.items():
        value = index + 1
        is_open = value < len(cells) and value not in named and _is_bare(cells[index:value])
        if is_open and not _NEW_SUBJECT.match(cells[value][0]):
            yield value, role


def _cells(folded: str, line: str, at: int) -> list[tuple[str, int]]:
    if not ("|" in line or "\t" in line or "   " in line):
        lead = len(folded) - len(folded.lstrip())
        return [(folded.strip(), at + lead)] if folded.strip(" |-:") else []
    cells, begin = [], 0
    for stop, following in (*(gap.span() for gap in _GAP.finditer(line)), (len(line), 0)):
        text = folded[begin:stop]
        if text.strip(" |-:"):
            cells.append((text.strip(), at + begin + len(text) - len(text.lstrip())))
        begin = following
    return cells


def _role(text: str) -> Role | None:
    if text.lstrip("*_ ")[:2].lower() not in _BEGINNINGS:
        return None
    if _CUSTOMER.match(text):
        return "customer"
    if _SUPPLIER.match(text):
        return "supplier"
    return "elsewhere" if _ELSEWHERE.match(text) else None


def _is_bare(cells: list[tuple[str, int]]) -> bool:
    """Whether the labels have nothing after them, so that the party follows, even after a blank line."""
    return all(text.rstrip("*_ ").endswith(":") or len(text.split()) <= 2 for text, _ in cells)  # noqa: PLR2004 - "Bill to"


def texts_of(found: Iterable[Piece], role: Role) -> Iterator[str]:
    """Yield what belongs to one party, line by line."""
    return (piece.text for piece in found if piece.role == role)


def text_of(found: Iterable[Piece], role: Role) -> str:
    """Return what belongs to one party, a line each."""
    return "\n".join(texts_of(found, role))


def addresses_in(text: str) -> int:
    """Return how many addresses stand in a text; a street and the postcode after it are one."""
    places = find_addresses(text)
    paired = sum(
        1
        for one, following in pairwise(places)
        if not _is_postcode(one.text) and _is_postcode(following.text) and following.start - one.end <= _NEAR
    )
    return len(places) - paired


def _is_postcode(text: str) -> bool:
    return text[0].isalpha()
