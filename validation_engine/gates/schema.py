"""The gate file, field by field. Unknown fields are errors; README.md explains each with an example."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from validation_engine.scan.scopes import Scope  # noqa: TC001 - msgspec needs it at run time

if TYPE_CHECKING:
    from collections.abc import Iterator

Severity = Literal["critical", "high", "medium", "low"]
Verdict = Literal["PASS", "FAIL", "WARNING", "NOT_APPLICABLE", "NEEDS_REVIEW"]
Kind = Literal[
    "required_disclosure",
    "prohibited_claim",
    "cross_field",
    "structural_field",
    "advisory",
    "arithmetic",
    "date_logic",
    "checksum",
    "prescribed_text",
]
Within = Literal["sentence", "paragraph", "section", "document"]
Where = Literal["anywhere", "heading", "title", "opening", "closing", "body"]
Line = Annotated[str, Meta(min_length=1, max_length=600)]
Pattern = Annotated[str, Meta(min_length=1, max_length=1_000)]
GateId = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]{1,60}$", max_length=90)]


class _Strict(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Base of all parts of the file."""


class LegalReference(_Strict, frozen=True):
    """Where the duty comes from; `verified` is false until somebody has read it there."""

    text: Line
    link: Annotated[str, Meta(pattern=r"^https://", max_length=300)] | None = None
    verified: bool = False


class Effective(_Strict, frozen=True):
    """First and last day on which the gate applies; the document's own date chooses."""

    since: date | None = None
    until: date | None = None


class Clue(_Strict, frozen=True, kw_only=True):
    """Wording to look for, and what has to stand around it for it to count.

    Attributes:
        patterns: Any of them, in one sentence. RE2, case ignored, whole words, `{macro}` allowed.
        ignore: Scopes in which a match does not count.
        near: At least one of these must match too, within `within`.
        unless: None of these may match within `within`.
        within: How far `near` and `unless` reach from the match.
        under: One of these must match the heading above the match, or the line that leads to it.
        where: Which part of the document to look in.
        read: A match counts for certain only where what was learned of its sentence bears it out; in what is
            required, where nothing speaks against it; in what makes a gate apply, where it is not asked, nor
            something denied close by. False for what its form alone shows: a plain claim, a
            name, an item of a list, a line under its heading.
    """

    patterns: Annotated[list[Pattern], Meta(min_length=1, max_length=40)]
    ignore: list[Scope] | None = None
    near: list[Pattern] = []
    unless: list[Pattern] = []
    within: Within = "sentence"
    under: list[Pattern] = []
    where: Where = "anywhere"
    read: bool = True


class Required(Clue, frozen=True, kw_only=True):
    """A clue that must be there.

    Attributes:
        name: What it conveys; completes "nothing was found that conveys …".
        alternatives: Other clues, any of which does as well.
        when: It is asked for only where one of these is there.
        review: Where nothing else is missing a person must look; else it is a fault like the others.
        open: A blank or a plain no beside its name is an answer too: a line to sign on, "Recipients: none".
            Else they are as if it were not there.
    """

    name: Annotated[str, Meta(min_length=1, max_length=120)]
    alternatives: list[Clue] = []
    when: list[Clue] = []
    review: bool = False
    open: bool = False


class Margins(_Strict, frozen=True):
    """How surely a learned reading must say something for it to count; chosen on documents left out of it.

    Attributes:
        agrees: From here on the reading of a sentence bears out a pattern that takes it for a forbidden
            claim; below a person must look.
        lone: The same for a claim that one sentence alone makes.
        alone: From here on a longer sentence that denies nothing is such a claim where no pattern matches.
        touched: From here on a disclosure that no pattern finds is perhaps made; below it is missing.
        conveyed: From here on it is made.
    """

    agrees: Annotated[float, Meta(ge=0, le=10)] = 0.75
    lone: Annotated[float, Meta(ge=0, le=10)] = 1.0
    alone: Annotated[float, Meta(ge=0, le=10)] = 1.15
    touched: Annotated[float, Meta(ge=0, le=10)] = 1.15
    conveyed: Annotated[float, Meta(ge=0, le=10)] = 2.0


class Check(_Strict, frozen=True):
    """A typed Python check by name, with its parameters."""

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]+$")]
    params: dict[str, Any] = {}


class Correction(_Strict, frozen=True):
    """How a fault is mended.

    `text` may name extracted fields in double braces; where a field is not known no edit is offered.
    `words` are findings, in small letters, with what stands for each without a change of meaning: they are
    replaced by that, safely; `replace` only.
    """

    safety: Literal["safe", "review"]
    action: Literal["replace", "delete_sentence", "insert_after", "append"]
    text: Annotated[str, Meta(max_length=2_000)] = ""
    words: Annotated[dict[Line, Line], Meta(max_length=20)] = {}
    reason: Line | None = None


class Example(_Strict, frozen=True):
    """A text with the verdict expected (the list it stands in) and, for a fault, the exact quotes found."""

    text: Annotated[str, Meta(min_length=1, max_length=6_000)]
    type: str | None = None
    date: date | None = None
    finds: list[str] | None = None


class Examples(_Strict, frozen=True):
    """At least one of each kind; every one is run as a test."""

    passes: Annotated[list[Example], Meta(min_length=1)]
    fails: Annotated[list[Example], Meta(min_length=1)]
    not_applicable: Annotated[list[Example], Meta(min_length=1)]


class GateFile(_Strict, frozen=True, kw_only=True):
    """One gate, as its YAML file holds it."""

    id: GateId
    title: Annotated[str, Meta(min_length=3, max_length=120)]
    severity: Severity
    kind: Kind
    legal_reference: LegalReference
    document_types: Annotated[list[str], Meta(min_length=1)]
    message: Line
    why: Line
    suggestion: Line
    examples: Examples
    effective: Effective = Effective()
    unknown_documents: bool | None = None
    applies_when: list[Clue] = []
    not_when: list[Clue] = []
    forbidden: list[Clue] = []
    required: list[Required] = []
    doubtful: list[Clue] = []
    margins: Margins = Margins()
    check: Check | None = None
    correction: Correction | None = None
    known_gaps: list[Line] = []
    enabled: bool = True

    def clues(self) -> Iterator[Clue]:
        """Yield every clue of the gate."""
        yield from (*self.applies_when, *self.not_when, *self.forbidden, *self.doubtful)
        for required in self.required:
            yield from (required, *required.alternatives, *required.when)
