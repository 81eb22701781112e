"""What a document names and leaves open: "Governing law: to be agreed", "Audit | No", "nothing is said"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Document
    from validation_engine.scan.hits import Span

# What stands before an answer's words is a label, which has no more characters than this.
_LABEL = 80
_GAP = r"[\s|_.*?\-]|\[[^\]]*\]|\b(?:of|for|and)\b"
_LATER = (
    r"(?:still |yet )?to be (?:agreed|confirmed|decided|completed|advised|settled|discussed|added)|"
    r"tb[acd]|(?:not|un) ?(?:yet )?(?:agreed|decided|known|stated|specified|named|settled|given)"
)
_NO = (
    r"(?:no|none|nil)(?: (?:given|stated|provided|appointed|yet))?|never|nobody|no[ -]one|nothing|n/?a|"
    r"excluded|not (?:required|needed|applicable|allowed|included|covered|provided|offered|available|"
    r"necessary|permitted)"
)
_OPEN = re.compile(rf"(?:{_GAP})*(?:(?:{_LATER}|{_NO})(?:{_GAP})*)?", re.IGNORECASE)
# A sentence on what is not said: by itself, or in its document.
_PAPER = r"(?:agreement|contract|letter|document|notice|deed|paper|policy|page|form|undertaking|clause|we)"
_PART = r"(?:place|clause|term|provision|section|space|line|mention|reference|word)"
_SILENT = Quick(
    rf"\b(?:(?:contains?|has|have|there (?:is|are)) no(?: [\w'-]+){{0,4}} {_PART}s?|"
    r"(?:nothing|not a word) (?:is|has been|was) (?:said|agreed|stated|written|provided|specified)|"
    r"nowhere (?:says?|states?|mentions?|sets? out|defines?|specif(?:y|ies))|"
    rf"{_PAPER} (?:does|do|did|has|have)(?: not|n't) (?:yet )?"
    r"(?:say|said|state|set out|mention|specify|define|name|go into|address|give reasons)|"
    r"no [\w' -]{1,40}(?:is|are|has been|have been) (?:mentioned|stated|specified|set out|laid down))\b",
    re.IGNORECASE,
)
_TURN = re.compile(r"[;:]|\b(?:but|because|although|except|instead|unless|only)\b", re.IGNORECASE)


def is_unanswered(document: Document, span: Span) -> bool:
    """Return whether a span is of a label whose answer is a blank or a plain no."""
    sentence, text = document.sentences[span.sentence], document.folded
    return span.start - sentence.start <= _LABEL and _is_open(text[span.end : sentence.end])


def is_without_answer(text: str) -> bool:
    """Return whether a whole row or line is a label and no answer to it."""
    return _is_open(text.lstrip(" |"))


def is_left_unsaid(document: Document, span: Span) -> bool:
    """Return whether a span stands in a sentence that tells what the document does not say."""
    sentence, text = document.sentences[span.sentence], document.folded
    silent = _SILENT.search(text, sentence.start, sentence.end)
    return silent is not None and not _TURN.search(text[sentence.start : sentence.end])


def _is_open(after: str) -> bool:
    """Whether what stands after the words of a label is no answer; what follows on other lines may be one."""
    cells = after.rstrip().removesuffix("|")
    label, mark, answer = cells.partition("|" if "|" in cells else ":")
    is_answer = mark == "|" or bool(answer.strip())
    return is_answer and len(label) <= _LABEL and _OPEN.fullmatch(answer) is not None
