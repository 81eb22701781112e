"""Whether guidance says a sentence itself, or repeats a reader, a rumour or a question, or puts it right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.lazy import per_document
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

# What may stand before a quoted remark that a newsletter answers: "4.", "Q:", "Myth 2:".
_MARK = re.compile(
    r"[\W\d_]*(?:q|question|myth|fiction|false|wrong|reader|you asked?|you say)?[\W\d_]*", re.IGNORECASE
)
_AFFIRMED = re.compile(
    r"\W*(?:a[.:] )?(?:yes|yep|aye|right|correct|true|indeed|quite (?:so|right)|that(?:'s| is) (?:right|"
    r"so|correct|true)|"
    r"(?:it|they|you|he|she|so it|so they) (?:is|are|do|does|has|have|must|can)[.,;:!]|exactly|absolutely)\b",
    re.IGNORECASE,
)
_REFUTED = re.compile(
    r"\W*(?:a[.:] )?(?:(?:no|nope|wrong|false|untrue|nonsense|rubbish|sadly not|hardly|"
    r"never)\b(?! (?:later|more|one|two))|"
    r"not (?:so|true|any|quite|since|now|these|at all|for|this)\b|"
    r"(?:it|that|this|they|those|these|he|she|you|we)"
    r"(?: (?:was|were|did|had|used to)(?:[.,;]| (?:so|once|true|until|till|up to|before)\b)|"
    r" (?:isn't|aren't|wasn't|don't|doesn't|didn't|can't|cannot|won't|(?:is|are|was|do|does|did|can|"
    r"will) not)"
    r"(?:[.,;!]| (?:so|now|any|true|right|the case|and|since|an? option)\b)|"
    r"(?: (?:stopped|ended|changed|went)\b))|"
    r"please (?:don't|do not)|(?:don't|do not) (?:believe|listen|be (?:fooled|taken in)|rely)|"
    r"[^.;:]{0,48}(?:\b(?:is|are|was|were)|'s|'re) (?:[\w-]+ ){0,4}?(?:wrong|false|out of date|behind|"
    r"mistaken|a myth|"
    r"untrue|nonsense|no longer|history|rumours?|ancient)\b)",
    re.IGNORECASE,
)
_HEARSAY = Quick(
    r"\b(?:some(?:body|one)?|any(?:body|one)|every(?:body|one)|people|folks?|chap|neighbours?|friends?|"
    r"pub|internet|"
    r"websites?|web|many|others|papers|press|readers?|clients?|(?:one|two|few|"
    r"several) of you)\b[^.;:\"]{0,40}"
    r"\b(?:say|says|said|tells?|told|thinks?|thought|believe[sd]?|reckons?|swears?|insists?|assumes?|"
    r"(?:still )?budget|(?:ask(?:s|ed)?|wonder(?:s|ed)?) (?:\w+ ){0,2}(?:if|whether))\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"[\W\d_]*(?:q[.:] )?(?:do|does|did(?! you (?:know|hear))|is|are|am|was|can|could|must|should|may|"
    r"will|would|has|have|"
    r"when|what|which|who|how|why)\b",
    re.IGNORECASE,
)
# "My brother-in-law swears": not what HMRC or the law does.
_KIN = Quick(
    r"\b(?:my|your|his|her|an?|the) (?!law|rules?|act|government|chancellor|hmrc|revenue|tribunal|"
    r"court)[\w-]+"
    r"(?: [\w-]+){0,3}? (?:swears?|reckons?|insists?|thinks|told)\b",
    re.IGNORECASE,
)
# What a reader is said to have asked, and no answer of the author's.
_ASKED = Quick(
    r"\b(?:asked|wondered|wanted to know|(?:was|were)(?: not|n't) sure)\b"
    r"(?: [\w']+){0,3}? (?:whether|if)\b(?!.*[:;])",
    re.IGNORECASE,
)
# The author takes the word again: "many think so, but …", "whatever the papers say".
_TURNED = re.compile(r"\b(?:but|however|whatever|whoever)\b", re.IGNORECASE)


def is_own_word(document: Document, index: int) -> bool:
    """Return whether the document says a sentence itself, and does not take it back at once."""
    text = document.sentence_text(index)
    if (_HEARSAY.search(text) or _KIN.search(text) or _ASKED.search(text)) and not _TURNED.search(text):
        return False
    following = document.sentence_text(index + 1) if index + 1 < len(document.sentences) else ""
    is_open = index in _quoted(document) or (text.rstrip().endswith("?") and _ASKS.match(text))
    if is_open:
        return _AFFIRMED.match(_answer(document, index)) is not None
    return _REFUTED.match(following) is None


def _answer(document: Document, index: int) -> str:
    """Return the first sentence after a quoted remark or a question."""
    quoted, last = _quoted(document), len(document.sentences)
    at = index + 1
    while index in quoted and at < last and at in quoted and at - index < _LONGEST_REMARK:
        at += 1
    return document.sentence_text(at) if at < last else ""


_LONGEST_REMARK = 8


@per_document
def _quoted(document: Document) -> frozenset[int]:
    """Return the sentences that are nothing but a quotation, or a part of one."""
    found, block, is_open = set(), -1, False
    for index, sentence in enumerate(document.sentences):
        if sentence.block != block:
            block, is_open = sentence.block, False
            one = document.blocks[block]
            is_balanced = document.folded.count('"', one.start, one.end) % 2 == 0
        if not is_balanced:
            continue
        parts = document.sentence_text(index).split('"')
        if (is_open or len(parts) > 1) and _MARK.fullmatch(" ".join(parts[int(is_open) :: 2])):
            found.add(index)
        is_open ^= len(parts) % 2 == 0
    return frozenset(found)
