"""Whether a notice says how to reach somebody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.registry import CheckResult, Context, Finding, check, failed, passed
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_REGULATORS_OWN = re.compile(
    r"ico\.org\.uk|0303 ?123 ?1113|01625 ?545|sk9 ?5af|wycliffe house|water lane,? wilmslow", re.IGNORECASE
)
_OTHER_ROUTE = re.compile(
    r"\b(?:contact (?:form|page)|online form|web ?form|live chat|help ?desk|in person at|"
    r"(?:through|in|via|using|inside|by) (?:the|our|your) (?:\w+ )?(?:app|portal|account|intranet|website|"
    r"site)|"
    r"po box \d+|"
    r"freepost [\w-]+|[\w.-]{1,64} ?[\[(](?:at|@)[\])] ?[\w-]+|"
    r"(?:form|page|details|address) (?:at|on) [\w-]+\.[a-z]{2,}|[\w-]{1,64}\.[a-z.]{2,12}/[\w/-]+|"
    r"(?-i:\bat (?:[\w'-]+ ){0,5}(?:Street|Road|Lane|Avenue|Mill|House|Hall|Farm|Court|Square|Terrace|"
    r"Place|Office|"
    r"Reception|Library|Surgery|Church|Manse|School|Centre|Yard|Quay|Wynd|Close))\b|"
    r"(?:speak|talk|ask|drop in|call in|pop in|hand)\b[^.]{0,40}\b(?:reception|desk|office|counter|"
    r"till|manager|"
    r"clerk|secretary)|"
    r"(?:write|letter|post|reaches? (?:him|her|us))\b[^.]{0,30}\b(?:address|office) (?:above|below|"
    r"at the top)|"
    r"(?:using|at) the (?:contact )?(?:details|address|number)|same (?:number|address|e-?mail|contact))\b",
    re.IGNORECASE,
)
_INSIDE_ROUTE = Quick(
    r"\b(?:contact|ask|e-?mail|see|speak (?:to|with)|talk to|write to|tell|ring|go to)\b[^.]{0,30}"
    r"\b(?:hr|human resources|personnel|people team|payroll|office|data protection|line manager|"
    r"(?:mr|mrs|ms|dr) [a-z]+)\b",
    re.IGNORECASE,
)
_LINES, _SHORT_LINE = 6, 40
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_FIGURES = re.compile(r"\d{3}|@")


@check("contact_route")
def contact_route(context: Context) -> CheckResult:
    """There is an address, e-mail address, telephone number or form, and it is not the regulator's.

    With the parameter `beside` (a pattern) it must stand by wording that matches: in its block or next to it.
    """
    spans = list(_stretches(context.document, context.params.get("beside")))
    if any(_has_route(context, start, end) for start, end in spans):
        return passed()
    message = f"{context.params['missing']} No address, e-mail address, telephone number or form was found"
    message += " beside it." if "beside" in context.params else " that is not the regulator's."
    return failed(message, *(Finding(*span) for span in spans[:1] if "beside" in context.params))


def _stretches(document: Document, beside: str | None) -> Iterator[tuple[int, int]]:
    if beside is None:
        yield 0, len(document.folded)
        return
    wanted = re.compile(beside, re.IGNORECASE)
    blocks = document.blocks
    for index, block in enumerate(blocks):
        if wanted.search(document.folded, block.start, block.end):
            yield block.start, blocks[_last_beside(document, index)].end


def _last_beside(document: Document, index: int) -> int:
    """Return the block after one; of a name and address set line by line, the last of the lines."""
    blocks = document.blocks
    last = min(index + 1, len(blocks) - 1)
    while (
        last + 1 < min(len(blocks), index + _LINES)
        and blocks[last].end - blocks[last].start <= _SHORT_LINE
        and not _opens_section(document, last + 1)
    ):
        last += 1
    return last


def _opens_section(document: Document, index: int) -> bool:
    """Whether a block is a heading proper: with figures, or no empty line before it, it is of an address."""
    block, before = document.blocks[index], document.blocks[index - 1]
    apart = _EMPTY_LINE.search(document.folded, before.end, block.start) is not None
    return apart and block.kind == "heading" and not _FIGURES.search(document.folded, block.start, block.end)


def _has_route(context: Context, start: int, end: int) -> bool:
    folded = context.document.folded
    found = (*context.fields.emails, *context.fields.phones, *context.fields.addresses)
    if any(
        start <= one.start < end and not _REGULATORS_OWN.search(folded, max(one.start - 40, 0), one.end + 20)
        for one in found
    ):
        return True
    if any(not _REGULATORS_OWN.search(one.group()) for one in _OTHER_ROUTE.finditer(folded, start, end)):
        return True
    return context.document_type == "employee_privacy_notice" and bool(
        _INSIDE_ROUTE.search(folded, start, end)
    )
