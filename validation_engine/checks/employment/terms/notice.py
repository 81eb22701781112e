"""Checks on notice: that given in a letter or a contract against the statutory minimum for the service."""

from __future__ import annotations

import re
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING

from validation_engine.checks.employment.terms.contract_notice import (
    MOST_WEEKS,
    TWO_YEARS,
    WEEK,
    contract_notice,
)
from validation_engine.checks.employment.terms.notice_wording import is_notice, labelled_notice
from validation_engine.checks.employment.terms.service_length import years_of_service
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.fields.periods import Period
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

_NO_NOTICE = re.compile(
    r"\b(?<!took )(?<!take )(?<!taken )(?:no|without(?: any)?) notice\b(?! of\b)|"
    r"\bnot (?:be )?(?:given|entitled to|receive|due|paid) (?:any )?notice\b",
    re.IGNORECASE,
)
_IN_LIEU = Quick(
    r"(?<!no payment )(?<!no pay )(?<!without pay )(?<!without payment )\bin lieu\b", re.IGNORECASE
)
_GROSS = Quick(r"\bgross(?:ly negligent| misconduct| negligence)\b", re.IGNORECASE)
_NOT_GROSS = Quick(
    r"\b(?:not|never|no|nor|short of|less than|other than|reserves?|if|unless|"
    r"whether|could|might|would)\b|n't\b",
    re.IGNORECASE,
)


@check("statutory_notice")
def statutory_notice(context: Context) -> CheckResult:
    """The notice is at least a week for each year of service, from two to twelve."""
    if context.document_type == "employment_contract":
        return contract_notice(context)
    years = years_of_service(context)
    given = [one for one in context.fields.periods if is_notice(context.document, one)]
    given += labelled_notice(context.document)
    if years and not given and (none := _no_notice(context.document)) is not None:
        needed = min(years, MOST_WEEKS)
        return failed(f"{years} years' service need at least {needed} weeks' notice; none is given.", none)
    if years and not given and (ends := _end_without_notice(context)) is not None:
        given = [ends]
    if years is None or not given:
        return not_applicable("Length of service or notice is not stated.")
    needed = min(int(years), MOST_WEEKS) if years >= TWO_YEARS else 1
    longest = max(given, key=attrgetter("days"))
    if longest.days >= needed * WEEK:
        return passed()
    quote = context.document.text[longest.start : longest.end]
    message = f"{int(years)} years' service need at least {needed} weeks' notice; {quote} is given."
    return failed(message, Finding(longest.start, longest.end))


def _no_notice(document: Document) -> Finding | None:
    """Return where the letter says that no notice is given, nor pay instead of it."""
    if _IN_LIEU.search(document.folded) or _is_gross(document):
        return None
    found = _NO_NOTICE.search(document.folded)
    return Finding(found.start(), found.end()) if found else None


_LAST_DAY = Quick(
    r"\b(?:(?:employment|contract|job)\b[^.;,]{0,30}\b(?:end(?:s|ed)?|terminat\w+|finish\w*|cease[sd]?|"
    r"stops?|over)|"
    r"last (?:working )?day(?: of (?:work|employment|service))?|leaving date|(?:you )?leave(?: us)?|"
    r"dismissed)"
    r"(?: \w+){0,3}(?:[:|]| on| is| from| be) +(?:\w+day )?$",
    re.IGNORECASE,
)
_NOTICE_SAID = Quick(
    r"\bnotice\b|\bin (?:lieu|place)\b|\binstead\b|\bpaid (?:up )?(?:until|to)\b|\bsummar(?:y|ily)\b|"
    r"\bfixed[- ]term\b",
    re.IGNORECASE,
)


def _end_without_notice(context: Context) -> Period | None:
    """Return the time from the letter to the end it sets, where it names no notice and no pay for it."""
    document, written = context.document, context.fields.date
    if written is None or _NOTICE_SAID.search(document.folded) or _is_gross(document):
        return None
    for one in context.fields.dates:
        before = document.folded[max(one.start - 70, 0) : one.start]
        if one.value >= written.value and one.start != written.start and _LAST_DAY.search(before):
            days = (one.value - written.value).days + 1  # counted with both
            return Period(Decimal(days), "day", one.start, one.end)
    return None


def _is_gross(document: Document) -> bool:
    """Whether the letter finds gross misconduct, for which no notice is due."""
    for found in _GROSS.finditer(document.folded):
        sentence = document.sentences[document.sentence_at(found.start())]
        if not _NOT_GROSS.search(document.folded, sentence.start, found.start()):
            return True
    return False
