"""Check that past returns are shown for five years, or for the whole life of a younger product."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from validation_engine.checks.promotions.return_columns import column_returns, launch_years, return_cells
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.fields.amounts import A_PERCENTAGE
from validation_engine.scan.quick import Quick
from validation_engine.scan.topics import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Block, Document

_PERCENT = r"[+-]?\d+(?:\.\d+)? ?(?:%|per ?cent)"
_PAST = Quick(
    r"\b(?:rose|risen|gained|grew|grown|returned|delivered|achieved|climbed|made|earned|"
    r"produced|outperformed|"
    r"averaged|up|increased|generated|soared|put on|advanced|notched up|chalked up|turned in|clocked up|"
    r"posted|logged|leapt|jumped|surged|rallied)(?: (?:by|a|an|about|over|more than|almost|"
    r"some|total|return|gain|"
    r"growth|of|investors|clients|its|holders))*"
    rf" (?:{_PERCENT})"
    rf"|\b(?:fund|portfolio|strategy|trust) (?:is|was)(?: now)? {_PERCENT} (?:up|higher)\b"
    r"|\b(?:\d{1,2}|one|two|three|twelve|six|nine)[ -](?:month|year) (?:return|growth|gain|performance)s?"
    rf"(?: of| was| is| stands at| comes to)? {_PERCENT}"
    rf"|\+{_PERCENT} (?:in|over)(?: \w+){{1,3}}\b"
    rf"|(?:^|[^\w.]){_PERCENT} (?:total |net )?(?:growth|returns?|gains?) (?:in|over|during|since|last)\b"
    rf"|\b(?:is|are|was|were) (?:now |already |some |about |roughly |almost |over )?{_PERCENT} "
    r"(?:better off|richer|to the good|in profit|ahead)\b"
    rf"|\b(?:gains?|returns?|growth|rises?|increases?) of (?:over |about |almost |some |"
    rf"more than )?{_PERCENT} "
    r"(?:between|over|in|during|since|for|last|across)\b",
    re.IGNORECASE,
)
# A line that gives a figure for a span: "12 months: +14.2%", "Three-year return 42% (to June)".
_LABELLED = Quick(
    r"^(?:[\w' ]{1,40}[:|,-] ?)?(?:(?:total |net |gross |annual )?(?:returns?|growth|performance|gains?) )?"
    r"(?:over |in |for |during )?(?:the |our |over |in |its )?(?:"
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|twelve)[ -]?(?:months?|mths?|years?|yrs?|"
    r"quarters?|weeks?|m|y)\b|(?:(?:last|past|this|previous|latest|first|second|third|fourth) )?"
    r"(?:calendar )?(?:year|quarter|month|half[- ]year|half|ytd)\b|since \w+)"
    r"[\w ,()'/|:*-]{0,40}?[ :|(]"
    rf"(?P<figure>{_PERCENT})(?:\W*$| ?[(|,*]| (?:to|since|after|net|in|for|growth|return)\b)",
    re.IGNORECASE,
)
# A label of returns with a figure: "- Performance: +31% from January to August".
_OF_RETURNS = Quick(
    r"^\W*(?:[\w' ]{1,40}[|,-] ?)?(?:(?:\w+ ){0,2}(?:returns?|growth|performance|gains?|record))"
    rf"(?: [\w,/'()-]+){{0,8}} ?[:|=] ?(?P<figure>[+-]?{_PERCENT})",
    re.IGNORECASE,
)
# A product with its figure, below a line that names the span: "Performance over one year".
_NAMED = re.compile(rf"^\W*[\w '&(),-]{{3,60}} ?[:|] ?(?P<figure>[+-]?{_PERCENT})\W*$", re.IGNORECASE)
_OF_A_SPAN = re.compile(
    r"\b(?:performance|returns?|growth|gains?)\b.{0,16} "
    r"(?:one|two|three|four|six|nine|twelve|\d{1,2}|last|past)"
    r"[ -](?:year|month|quarter)s?\b",
    re.IGNORECASE,
)
# What answers the question how something did: "7.9% in the year to June".
_ANSWER = re.compile(
    rf"^\W*(?:(?:about|just (?:under|over)|nearly|almost|roughly|a|an|it (?:was|made|did)) )*"
    rf"(?P<figure>{_PERCENT}),? (?:\w+ ){{0,2}}(?:in|over|for|during|since|last)\b",
    re.IGNORECASE,
)
# A line that gives a figure for a calendar year, under a heading of returns.
_OF_A_YEAR = re.compile(
    rf"^[a-z ]{{0,24}}\b(?:19|20)\d\d(?:[-/]\d\d)?\b(?: ?[:|])? ?(?P<figure>{_PERCENT})\W*$", re.IGNORECASE
)
_RETURNS = Quick(
    r"\b(?:performance|returns?|growth|track record|(?:did|has|have) (?:it|they|we|you|the \w+) "
    r"(?:\w+ )?(?:made?|earn(?:ed)?|paid|pay|gain(?:ed)?|grow|grown)|"
    r"how (?:it|we|the \w+)(?: has| have|'ve|'s)? (?:done|did|fared))\b",
    re.IGNORECASE,
)
_NO_RETURN = Quick(
    r"\b(?:charges?|fees?|costs?|interest|aer|apr|rates?|inflation|fix(?:ed)?|terms?|targets?|forecasts?|"
    r"expected|projected|project\w+|notice|penalty|yield|tax|discount|cpi|rpi|assum\w+|"
    r"example|suppose|deposit|share of|exit|repay\w*)\b",
    re.IGNORECASE,
)
_NOT_A_PRODUCT = Quick(
    r"\b(?:inflation|cpi|rpi|gdp|bank rate|base rate|interest rates?|wages|house prices|unemployment|economy|"
    r"membership|headcount|workforce|turnover|revenues?|profits|number of|numbers|"
    r"(?:assets|funds|money) under|employ\w*|premiums?|prices in|"
    r"dividends? (?:was|were|has|have|is|rose|grew|increased)|"
    r"(?:shop|food|fuel|energy) prices|rents?|gilts|(?:prices|costs) (?:have|had) risen|"
    r"(?:uk|us|american|european|global|world|asian|japanese|emerging)(?: \w+)? (?:shares|equities|stocks|"
    r"bonds|markets?)(?! (?:fund|portfolio|trust|strategy|tracker))|"
    r"sales|exports|oil|sterling|the (?:ftse|index|s&p)|(?:charges?|fees?) (?:rose|increased))\b",
    re.IGNORECASE,
)
_SUPPOSED = Quick(r"\b(?:if|suppose|assum\w+|were to|had|imagine|illustrat\w+)\b", re.IGNORECASE)
_FIVE_YEARS = Quick(
    r"\b(?:five|5|six|seven|eight|nine|ten|10|fifteen|twenty)(?: \w+){0,2}[ -](?:years?|yrs?|"
    r"12-month|twelve-month|"
    r"calendar years)(?! (?:ago|old|history|record|life|existence))\b|"
    r"\bsince (?:launch|inception|it (?:began|started|launched)|(?:we|the fund) \w+ed)\b",
    re.IGNORECASE,
)
# "which has run for twenty years": so long there is a product, and not a record of it.
_AGE = re.compile(
    r"\b(?:run(?:ning)?|going|exist(?:ed|s|ence)?|traded|trading|managed|around|open|available|business|been)"
    r"(?: \w+){0,2} for(?: \w+){0,2} $",
    re.IGNORECASE,
)
_LAUNCHED = Quick(
    r"\b(?:launch(?:ed)?|start(?:ed)?(?! of\b)|began|inception|opened|set up|joined|came to|with us since|"
    r"established|running|existed)\b[^.|]{0,40}?(?:\|[^.|]{0,12}?)?\b(?P<year>(?:19|"
    r"20)\d\d)\b",
    re.IGNORECASE,
)
_YOUNG = re.compile(
    r"\b(?:only|just|fewer than|less than) (?:one|two|three|four|five|\d)(?: \w+){0,3} (?:years?|12-month)",
    re.IGNORECASE,
)
_FIGURES = re.compile(_PERCENT)
# "2024", "Jun-24", "30/06/24".
_YEAR = re.compile(r"\b(?:(?:19|20)\d\d|[a-z]{3}[-' ]\d\d|\d\d?[/.]\d\d?[/.]\d\d)\b", re.IGNORECASE)
_YEARS = 5
# Longer than a row of a table.
_ROW = 80


@check("past_performance_period")
def past_performance_period(context: Context) -> CheckResult:
    """Past returns cover five complete years, or the whole life of a younger product."""
    shown = [*_shown(context.document), *column_returns(context.document)]
    if not shown and not any(_is_series(context, block) for block in context.document.blocks):
        return not_applicable("No past return of a product is shown.")
    if _covers_five_years(context) or _is_young(context):
        return passed()
    return failed(None, *shown)


def _shown(document: Document) -> Iterator[Finding]:
    """Yield the past returns that sentences tell, and those that lines give for a span."""
    for index in A_PERCENTAGE.sentences(document):
        sentence = document.sentences[index]
        if _NOT_A_PRODUCT.search(document.folded, sentence.start, sentence.end):
            continue
        for found in _PAST.finditer(document.folded, sentence.start, sentence.end):
            if not _SUPPOSED.search(document.folded, sentence.start, found.start()):
                yield Finding(found.start(), found.end())
        line = _labelled(document, index)
        if line:
            yield line


def _labelled(document: Document, index: int) -> Finding | None:
    """Return the figure of a line such as "12 months: 14.2%", unless it or what leads to it is no return."""
    sentence, text = document.sentences[index], document.sentence_text(index)
    about = (index, *topics(document, index), *_above(document, index))
    found = (_LABELLED.match(text) or _OF_RETURNS.match(text)) if len(text) < _ROW else None
    if not found and any(_RETURNS.search(document.sentence_text(one)) for one in about):
        found = _OF_A_YEAR.match(text) or _ANSWER.match(text)
    if not found and any(_OF_A_SPAN.search(document.sentence_text(one)) for one in about[1:]):
        found = _NAMED.match(text)
    if not found or any(_NO_RETURN.search(document.sentence_text(one)) for one in about):
        return None
    return Finding(sentence.start + found.start("figure"), sentence.start + found.end("figure"))


def _above(document: Document, index: int) -> tuple[int, ...]:
    """Return the first row of the table that a row stands in."""
    first = document.first_rows[document.sentences[index].block]
    return () if first == -1 else (document.sentence_at(document.blocks[first].start),)


def _is_series(context: Context, block: Block) -> bool:
    """Whether a block lists a return for each of five years."""
    if not A_PERCENTAGE.within(context.document.folded, block.start, block.end):
        return False
    text = context.document.folded[block.start : block.end]
    years = set(re.findall(r"\b(?:19|20)\d\d\b", text))
    return len(_FIGURES.findall(text)) >= _YEARS and (
        len(years) >= _YEARS or re.search(r"\b(?:years?|returned)\b", text, re.IGNORECASE) is not None
    )


def _covers_five_years(context: Context) -> bool:
    document = context.document
    if any(_is_series(context, block) for block in document.blocks):
        return True
    rows = [document.folded[one.start : one.end] for one in document.blocks]
    if any(_is_row_of_years(above, row) for above, row in pairwise(rows)):
        return True
    yearly = sum(
        1 for row in rows if len(row) < _ROW and _FIGURES.search(row) and re.search(r"\b20\d\d\b", row)
    )
    if yearly >= _YEARS:
        return True
    return any(
        _names_five_years(text) for text in map(document.sentence_text, A_PERCENTAGE.sentences(document))
    ) or any(_FIVE_YEARS.search(cell.column) for cell in return_cells(document))


def _names_five_years(text: str) -> bool:
    """Whether a sentence gives a figure for five years, which are not only the age of a product."""
    spans = [found for found in _FIVE_YEARS.finditer(text) if not _AGE.search(text[: found.start()])]
    return bool(spans and _FIGURES.search(text) and not re.search(r"\b(?:leave|at least)\b", text))


def _is_row_of_years(above: str, row: str) -> bool:
    """Whether a row gives a figure for each of the five years, or more, that head its columns."""
    return len(_FIGURES.findall(row)) >= _YEARS <= len(set(_YEAR.findall(above)))


def _is_young(context: Context) -> bool:
    text = context.document.folded
    launched = [int(found["year"]) for found in _LAUNCHED.finditer(text)]
    launched += launch_years(context.document)
    return any(context.as_of.year - year <= _YEARS for year in launched) or _YOUNG.search(text) is not None
