"""Check that a firm's number in the register has the form of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.layout import cells
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.scan.cue import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_FRN = re.compile(
    r"\b(?:frn|firm reference (?:number|no)|(?:fca|financial services) register (?:number|"
    r"no)|(?P<any>register number))"
    r"\.?[ :(|]{0,3}(?:is |of )?(?P<number>[A-Z]{0,4}\d[\dA-Z]*(?: \d{3}\b)?)(?!-digit| digits)",
    re.IGNORECASE,
)
# A "register number" is one of the firm only where no other register is named before it.
_OTHER_REGISTER = re.compile(
    r"\b(?:charit\w*|compan(?:y|ies)|registered (?:in|office)|incorporated|scotland|england|wales|ireland|"
    r"mutuals?|societ(?:y|ies)|oscr|data protection|ico|pensions?|land|vat|trade ?marks?)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_FRN_FORM = re.compile(r"\d{6,7}")
_FRN_COLUMN = re.compile(r"\W*(?:(?:our|fca|firm) )?(?:frn|firm reference|register n\w+)\b", re.IGNORECASE)
_FRN_CELL = re.compile(r"[A-Z]{0,4}\d[\dA-Z]*(?: \d{3}\b)?", re.IGNORECASE)
_REGISTER = Cue("frn|firm reference|register n")
_NONE = "The document quotes no firm reference number."
_BEFORE_NUMBER, _AFTER_NUMBER = 24, 48
_OTHER = 90


@check("firm_reference_number")
def firm_reference_number(context: Context) -> CheckResult:
    """Every labelled firm reference number is six or seven digits."""
    folded = context.document.folded
    windows = _REGISTER.windows(folded, 0, len(folded), _BEFORE_NUMBER, _AFTER_NUMBER)
    if not windows:
        return not_applicable(_NONE)
    found = [
        number
        for near, far in windows
        for number in _FRN.finditer(folded, near, far)
        if not _is_of_another_register(number)
    ]
    spans = [*(one.span("number") for one in found), *_in_columns(context.document)]
    if not spans:
        return not_applicable(_NONE)
    wrong = [span for span in spans if not _FRN_FORM.fullmatch(folded[slice(*span)].replace(" ", ""))]
    return failed(None, *(Finding(*span) for span in wrong)) if wrong else passed()


def _is_of_another_register(found: re.Match[str]) -> bool:
    """Whether a bare "register number" is that of a charity, a company or a society."""
    before = found.string[max(found.start() - _OTHER, 0) : found.start()]
    return found["any"] is not None and _OTHER_REGISTER.search(before) is not None


def _in_columns(document: Document) -> Iterator[tuple[int, int]]:
    """Yield the numbers that stand below the first row of a table, in a column of such numbers."""
    named = {document.sentences[index].block for index in _REGISTER.sentences(document)}
    heads = {block for block in named if document.blocks[block].kind == "row"}
    for block, first in enumerate(document.first_rows if heads else ()):
        if first in heads:
            yield from (
                (one.start, one.end)
                for one in cells(document, block)
                if _FRN_COLUMN.match(one.column) and _FRN_CELL.fullmatch(one.text)
            )
