"""What was supplied: that an invoice says what, and of several kinds of goods how many of each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import groupby
from typing import TYPE_CHECKING

from validation_engine.checks.registry import CheckResult, Context, Finding, check, failed, passed
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from validation_engine.documents.model import Document, Sentence
    from validation_engine.fields.amounts import Money
    from validation_engine.fields.invoice_table import InvoiceLine

_VAGUE = """
a an any as per to for the our your all and of we us you it in on with by at from this that last only work
works services service professional consultancy goods items item job jobs labour materials supply products
product carried out done completed provided supplied rendered undertaken previously recent agreed agreement
discussed discussion quoted quote quotation ordered order requested request instructed instructions arranged
usual same again before various sundry sundries miscellaneous misc general other week month quarter year
today picked pick chosen selected taken collected bought out day spoken spoke talked about told extra extras
stage phase part first second third final telephone phone call conversation chat email mail text message
meeting letter note invoice bill site charges charge cost costs description details detail verbally below
above attached separate sheet x being re amount fee stuff things thing bits pieces bobs etc
blank none nil tbc unspecified stated not
"""
_VAGUE_ALONE = """
agreed agreement discussed discussion spoken talked order rendered various sundry sundries miscellaneous misc
usual quoted ordered requested request instructed arranged instructions conversation call chat meeting stuff
things bits blank tbc unspecified
"""
# Words that say nothing of what was supplied, and those that alone stand where a description should.
_VAGUE_WORDS, _VAGUE_CORE = frozenset(_VAGUE.split()), frozenset(_VAGUE_ALONE.split())
_BARE_SUPPLY = frozenset(
    "services goods work works labour items products supply materials job invoice bill".split()  # noqa: SIM905
)
_NO_ITEM = Quick(
    r"\b(?:total|vat|net|gross|due|balance|subtotal|sub-total|pay|payable|paid|terms|interest|bank|"
    r"sort code|account|deposit|registered|discount|less|invoice|cis|deduct\w*|receipt|change|visa|card|"
    r"cash|contactless|threshold|turnover|amount|unit (?:price|cost))\b",
    re.IGNORECASE,
)
# What an invoice says besides the supply: the parties, their numbers, the terms.
_PARTICULAR = Quick(
    r"\b(?:invoices?|credit note|dated?|vat|limited|ltd|llp|plc|company|from|to|customer|client|supplier|"
    r"bill(?:ed)?|sold|buyer|seller|tel|phone|e-?mail|www|terms|payment|pay|paid|due|bank|sort code|account|"
    r"registered|thank|net|total|qty|quantity|page|ref(?:erence)?|numbers?|no|january|february|march|april|may|"
    r"june|july|august|september|october|november|december|[a-z]{1,2}\d[a-z\d]? \d[a-z]{2})\b|@",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z][a-z'-]*", re.IGNORECASE)
_FIGURE = re.compile(r"[\xa3\xa4$]? ?\d[\d,.]*%?")
_TO_ACCOUNT = re.compile(r"\W*(?:to|per|as per) (?:our |the |your )?account(?: rendered)?\W*", re.IGNORECASE)
_CUT = re.compile(r"[,;|\t]| {2,}|[.:] (?=[A-Z])")
_SERVICE = Quick(
    r"\b(?:fees?|services?|install\w*|labour|inspection|visits?|repairs?|hours?|days?|hire|design\w*|"
    r"survey\w*|report|advice|call-?out|supply and fit\w*|maintenance|rent|subscription|delivery|fixed price|"
    r"including|work|training|preparation|materials|support|licen[cs]e|cleaning|consult\w*|project|contract|"
    r"package|stage|removal|per|each|set of|pack of)\b|\d",
    re.IGNORECASE,
)
_LOT = re.compile(
    r"\b(?:assorted|job lot|the lot|various (?:items|goods|products|parts|tools)|mixed goods)\b",
    re.IGNORECASE,
)
_COLUMN, _BETWEEN_GOODS = re.compile(r" {3,}|\||\t"), re.compile(r",| and | & | \+ |/")
_A_LOT = Cue("assorted|lot|various|mixed")
_OF_GOODS = re.compile(
    r"\W*(?:products?|goods|articles?)(?: (?:name|supplied|sold))?\s*(?:\||\t|\s{3,})\s*"
    r"(?:net |line )?(?:amount|total|price|value|\xa3)[\s(\xa3)|]*$",
    re.IGNORECASE,
)
_SEVERAL_GOODS = 3
# "Oak frame, made and erected, one": what is done to it, or how many, are no other goods.
_DONE = re.compile(r" *(?:\w+ed|made|hung|laid|cut|built|sewn|one|a|each)\b(?: \w+)?$", re.IGNORECASE)
_LONGEST_NAME, _LONGEST_GOODS = 4, 6


class _Told:
    """A sentence, and what stands in it before each amount."""

    def __init__(self, start: int, end: int, labels: list[str]) -> None:
        self.start, self.end, self.labels = start, end, labels


def _told(context: Context) -> Iterator[_Told]:
    """Yield the sentences in reading order."""
    document, amounts = context.document, context.fields.invoice.listed
    starts = [one.start for one in amounts]
    for sentence in document.sentences:
        first, last = bisect_left(starts, sentence.start), bisect_left(starts, sentence.end)
        yield _told_by(document, sentence, amounts[first:last])


def _priced(context: Context) -> Iterator[_Told]:
    """Yield the sentences with amounts in reading order."""
    document, found = context.document, context.fields.invoice.listed
    for at, amounts in groupby(found, lambda one: bisect_right(document.sentence_starts, one.start)):
        yield _told_by(document, document.sentences[at - 1], amounts)


def _told_by(document: Document, sentence: Sentence, amounts: Iterable[Money]) -> _Told:
    at, labels = sentence.start, []
    for one in amounts:
        labels.append(document.folded[at : one.start])
        at = max(at, one.end)
    return _Told(sentence.start, sentence.end, labels)


@check("description")
def description(context: Context) -> CheckResult:
    """Where something stands for the supply, it says more than "as agreed"."""
    folded = context.document.folded
    vague: list[Finding] = []
    lead, first, tells_more = "", None, False
    for one in _told(context):
        text = _words(folded[one.start : one.end])
        before, lead = lead, lead if one.labels else text
        if any(_describes(label) for label in one.labels):
            return passed()
        if _is_vague(text, money=bool(one.labels)) or any(_is_vague_label(label) for label in one.labels):
            if _leads_on(before):
                return passed()
            vague.append(Finding(one.start, one.end))
        first = first or (Finding(one.start, one.end) if one.labels else None)
        tells_more = tells_more or not (one.labels or _is_particular(folded[one.start : one.end]))
    if any(_is_described(line) for line in context.fields.invoice.lines):
        return passed()
    if not vague and not tells_more and first and context.fields.invoice.totals:
        vague = [first]
    return failed(None, *vague) if vague else passed()


def _words(text: str) -> str:
    """Return the words of a text that name no amount."""
    return _FIGURE.sub(" ", text)


def _describes(label: str) -> bool:
    """Whether what stands before an amount says what it is for."""
    return not _NO_ITEM.search(label) and any(
        _WORD.search(part) and not _is_vague(part, money=True) for part in _CUT.split(_words(label))
    )


def _is_vague_label(label: str) -> bool:
    """Whether the last words before an amount stand for a supply without naming it: "For the usual"."""
    parts = [part for part in _CUT.split(_words(label)) if _WORD.search(part)]
    return bool(parts) and (_is_vague(parts[-1], money=True) or _TO_ACCOUNT.fullmatch(parts[-1]) is not None)


def _is_particular(text: str) -> bool:
    return len(_WORD.findall(text)) <= 1 or _PARTICULAR.search(text) is not None


def _leads_on(before: str) -> bool:
    """Whether the words before describe the supply: "Re-slating of the north roof, carried out:"."""
    is_long = before.rstrip().endswith(":") and len(before.split()) > _LONGEST_NAME
    return is_long and not _is_vague(before, money=False)


def _is_described(line: InvoiceLine) -> bool:
    if line.quantity is None and _NO_ITEM.search(line.description):
        return False
    return not _is_vague(line.description, money=True)


def _is_vague(text: str, *, money: bool) -> bool:
    words = [word.lower().strip("'-") for word in _WORD.findall(text)]
    if not words or any(word not in _VAGUE_WORDS for word in words):
        return False
    return any(word in _VAGUE_CORE for word in words) or (
        money and any(word in _BARE_SUPPLY for word in words)
    )


@check("quantity_unit_price")
def quantity_unit_price(context: Context) -> CheckResult:
    """No line lumps several kinds of goods together without saying how many of each."""
    lines = context.fields.invoice.lines
    counted = [line for line in lines if line.quantity is not None]
    starts = [line.start for line in counted]
    folded = context.document.folded
    lumps = [
        Finding(one.start, one.end)
        for one in _priced(context)
        if not _is_among(counted, starts, one)
        and _is_lump(one.labels[0], folded, one)
        and not _NO_ITEM.search(one.labels[0])
    ]
    lumps = lumps or list(_uncounted_rows(context.document, lines))
    return failed(None, *lumps) if lumps else passed()


def _is_among(lines: list[InvoiceLine], starts: list[int], one: _Told) -> bool:
    """Whether a sentence holds one of some lines, which are in reading order, or stands in one."""
    at = bisect_left(starts, one.start)
    holds = at < len(lines) and starts[at] < one.end
    return holds or (at > 0 and lines[at - 1].end > one.start)


def _is_lump(label: str, folded: str, one: _Told) -> bool:
    described = _COLUMN.split(label, maxsplit=1)[0].strip(" :-=*,")
    is_lot = _A_LOT.within(folded, one.start, one.end) and _LOT.search(_words(folded[one.start : one.end]))
    return bool(is_lot or _lists_goods(described)) and not _SERVICE.search(described)


def _lists_goods(described: str) -> bool:
    parts = _BETWEEN_GOODS.split(described)
    if len(parts) < _SEVERAL_GOODS:
        return False
    parts = [part for part in parts if part.strip() and not _DONE.match(part)]
    return len(parts) >= _SEVERAL_GOODS and all(len(part.split()) <= _LONGEST_GOODS for part in parts)


def _uncounted_rows(document: Document, lines: list[InvoiceLine]) -> Iterator[Finding]:
    """Yield the lines of a table of products that has no column for how many."""
    heads = [
        block.end
        for block in document.blocks
        if block.kind == "row" and _OF_GOODS.match(document.folded, block.start, block.end)
    ]
    for line in lines:
        is_counted = line.quantity is not None or _SERVICE.search(line.description)
        if heads and line.start > heads[0] and not is_counted:
            yield Finding(line.start, line.end)
