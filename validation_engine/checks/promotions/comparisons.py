"""Check that an investment's figure is not set beside what a bank pays without the difference."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from validation_engine.checks.layout import cells
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    passed,
)
from validation_engine.fields.amounts import A_PERCENTAGE
from validation_engine.scan.cue import Cue
from validation_engine.scan.hits import Span
from validation_engine.scan.quick import Quick
from validation_engine.scan.scopes import in_any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document
    from validation_engine.scan.scopes import Scope

_DEPOSIT = Quick(
    r"\b(?:banks?(?:'s)?|building society|savings? (?:account|pot)s?|easy[- ]access|cash isas?|isa cash|"
    r"cash (?:account|savings|deposit)s?|high street|current account|savers?)\b",
    re.IGNORECASE,
)
_INVESTMENT = Quick(
    r"\b(?:pots?|funds?|portfolios?|shares|stocks|bonds?|trust|loan notes?|notes|loans|tokens?|coins?|crypto|"
    r"bitcoin|casks?|invest(?:ing|ments?|ed)?|trackers?|strategy|us|ours?|we)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"[+-]?\d+(?:\.\d+)? ?(?:%|per ?cent)"
    # A sum that is paid, and none to pay in: "£320 interest a year".
    r"|\xa3[\d,]+(?:\.\d+)?(?= (?:(?:of |in )?(?:interest|income|returns?|profit|growth)\b"
    r"|(?:\w+ )?(?:a|per|each|every) (?:year|annum)\b))",
    re.IGNORECASE,
)
_SUM = Cue(
    "\xa3[0-9,.]+ (?:[^ ]+ )?(?:interest|income|return|profit|growth|(?:a|per|each|every) (?:year|annum))"
)
# A figure told beside another: "Your bank pays 2%. Ours pays 7."
_BESIDE = re.compile(
    r"\b(?:ours|we|us|this one|the fund|it)\b(?: [\w']+){0,2} "
    r"(?:pays?|paid|made|makes|gives?|gave|returned|does|did|earned) (?P<figure>\d+(?:\.\d+)?)"
    r"(?=[.!,;]|$| (?:every|a|each|per)\b)",
    re.IGNORECASE,
)
# Rates that are nobody's offer, and what says where they come from or that the two are not alike.
_NO_OFFER = Quick(
    r"\b(?:bank of england|base rate|bank rate|inflation|mortgages?|charges?|fees?|aer|benchmark|tax\w*|"
    r"ma(?:ke|de)s? up|allocat\w+|weighting|(?:keep|kept|hold|held|holds|keeps)\b[^.;]{0,24} (?:of|in))\b",
    re.IGNORECASE,
)
_DIFFERENCE = Quick(
    r"\b(?:fscs|compensation scheme|protected|protection|safe|safer|safely|guaranteed|at risk|risks?|riskier|"
    r"ups and downs|minus \d[\d.]*|not (?:\w+ ){1,3}back|no scheme|fall|falls|fell|go(?:es)? down|"
    r"lose|lost|loss|get back less|less than|difference|differ\w*|not alike|"
    r"not (?:the same|comparable)|unlike|whereas|source|moneyfacts|survey|average)\b",
    re.IGNORECASE,
)
# Of a bank's own offers "ours" and "bonds" are deposits too.
_INVESTED = Quick(
    r"\b(?:pots?|funds?|portfolios?|shares|stocks|trust|loan notes?|tokens?|coins?|crypto|bitcoin|casks?|"
    r"invest(?:ing|ments?|ed)?|trackers?|strategy)\b",
    re.IGNORECASE,
)
_OF_BORROWING = ("mortgage_promotion", "credit_promotion")
_NOT_SAID: tuple[Scope, ...] = ("negation", "quotation", "attribution", "example")
# A longer answer says more than a figure.
_ANSWER = 24


class _Line(NamedTuple):
    """A figure with what it is a figure of: its sentence, or two."""

    first: int
    last: int
    text: str


@check("comparison_beside")
def comparison_beside(context: Context) -> CheckResult:
    """No line gives what a bank pays beside one with what the investment made, and nothing between them."""
    if context.document_type in _OF_BORROWING:
        return passed()
    pairs: Iterator[tuple[Finding, Finding]] = chain(_pairs(context.document), _columns(context.document))
    if context.document_type == "savings_promotion":
        pairs = (pair for pair in pairs if _is_of_an_investment(context.document, pair))
    found = next(pairs, None)
    return passed() if found is None else failed(None, *found)


def _is_of_an_investment(document: Document, pair: tuple[Finding, Finding]) -> bool:
    """Whether a figure is plainly an investment's, by its sentence or the head of its table."""
    told = [document.sentence_at(one.start) for one in pair]
    tables = {document.first_rows[document.sentences[index].block] for index in told} - {-1}
    heads = (document.blocks[one] for one in tables)
    return any(_INVESTED.search(document.sentence_text(index)) for index in told) or any(
        _INVESTED.search(document.folded, one.start, one.end) for one in heads
    )


def _pairs(document: Document) -> Iterator[tuple[Finding, Finding]]:
    """Yield the figures of neighbouring lines, one of a deposit and one of an investment."""
    lines = [_line(document, index) for index in _figured(document)]
    for first, second in pairwise(lines):
        if second.first > first.last + 1 or _NO_OFFER.search(first.text) or _NO_OFFER.search(second.text):
            continue
        if _is_deposit(first.text) == _is_deposit(second.text) or not _is_explicit(first, second):
            continue
        if not _is_explained(document, first.first, second.last) and _is_said(document, first, second):
            yield _finding(document, first), _finding(document, second)


def _columns(document: Document) -> Iterator[tuple[Finding, Finding]]:
    """Yield the figures that a row gives in a column of a deposit and in one of an investment."""
    explained: dict[int, bool] = {}
    for index in A_PERCENTAGE.sentences(document):
        block = document.sentences[index].block
        if document.blocks[block].kind != "row":
            continue
        row = [one for one in cells(document, block) if _FIGURE.search(one.text)]
        deposit = next((one for one in row if _is_deposit(one.column)), None)
        other = next((one for one in row if _is_investment(one.column)), None)
        if not deposit or not other or _NO_OFFER.search(f"{deposit.label} {deposit.text} {other.text}"):
            continue
        table = document.first_rows[block]
        if table not in explained:
            explained[table] = _is_table_explained(document, table)
        if not explained[table]:
            yield Finding(deposit.start, deposit.end), Finding(other.start, other.end)


def _is_table_explained(document: Document, table: int) -> bool:
    """Whether a table, or what stands right before or after it, tells how its columns differ."""
    tables, last = document.first_rows, table
    while last + 1 < len(tables) and tables[last + 1] == table:
        last += 1
    start = document.blocks[max(table - 1, 0)].start
    end = document.blocks[min(last + 1, len(tables) - 1)].end
    return _DIFFERENCE.search(document.folded, start, end) is not None


def _figured(document: Document) -> list[int]:
    """Return the sentences that give a percentage, or a bare figure beside one."""
    given = set(A_PERCENTAGE.sentences(document))
    given.update(one for one in _SUM.sentences(document) if _FIGURE.search(document.sentence_text(one)))
    after = {one + 1 for one in given if one + 1 < len(document.sentences)}
    return sorted(given | {one for one in after if _BESIDE.search(document.sentence_text(one))})


def _line(document: Document, index: int) -> _Line:
    """Return a sentence with a figure, together with the question that it answers with little more."""
    text = document.sentence_text(index)
    is_answer = index and len(text) < _ANSWER and not _BESIDE.search(text)
    if is_answer and document.sentence_text(index - 1).endswith("?"):
        return _Line(index - 1, index, f"{document.sentence_text(index - 1)} {text}")
    return _Line(index, index, text)


def _is_deposit(text: str) -> bool:
    return bool(_DEPOSIT.search(text))


def _is_investment(text: str) -> bool:
    return not _is_deposit(text) and bool(_INVESTMENT.search(text))


def _is_explicit(first: _Line, second: _Line) -> bool:
    """Whether both lines give a figure and the one that is no deposit is an investment."""
    other = second if _is_deposit(first.text) else first
    return all(_FIGURE.search(one.text) or _BESIDE.search(one.text) for one in (first, second)) and bool(
        _INVESTMENT.search(other.text)
    )


def _is_said(document: Document, *lines: _Line) -> bool:
    spans = [
        Span(document.sentences[one.last].start, document.sentences[one.last].end, one.last) for one in lines
    ]
    return not any(in_any(document, span, _NOT_SAID) for span in spans)


def _is_explained(document: Document, first: int, last: int) -> bool:
    """Whether something beside the comparison tells how the two differ, or where a figure is from."""
    around = range(max(first - 1, 0), min(last + 2, len(document.sentences)))
    return any(_DIFFERENCE.search(document.sentence_text(one)) for one in around)


def _finding(document: Document, line: _Line) -> Finding:
    sentence = document.sentences[line.last]
    found = _FIGURE.search(document.folded, sentence.start, sentence.end)
    return Finding(*found.span()) if found else Finding(sentence.start, sentence.end)
