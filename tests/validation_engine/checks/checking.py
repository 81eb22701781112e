"""Running one check on a text."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from validation_engine.checks.registry import CheckResult, Context, named
from validation_engine.documents.plain import read_plain
from validation_engine.fields import Fields

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY, AUTUMN, MARCH = date(2026, 11, 26), date(2026, 11, 2), date(2026, 3, 1)


def checked(
    name: str,
    text: str,
    *,
    kind: str = "vat_invoice",
    on: date = DAY,
    params: Mapping[str, Any] | None = None,
) -> CheckResult:
    """Return what a check says of a text; the text's own date chooses the rules where it has one."""
    document = read_plain(text)
    fields = Fields(document)
    own = fields.date.value if fields.date else on
    return named(name)(Context(document, fields, kind, own, params or {}))


def quotes(text: str, result: CheckResult) -> list[str]:
    """Return the text of each finding."""
    return [text[one.start : one.end] for one in result.findings]


def of_employment(
    name: str, text: str, kind: str = "dismissal_letter", as_of: date = AUTUMN, **params: object
) -> str:
    """Return the verdict of a check on a letter or contract of employment."""
    document = read_plain(text)
    return named(name)(Context(document, Fields(document), kind, as_of, params)).verdict


def of_finance(name: str, text: str, kind: str = "investment_promotion", day: date = MARCH) -> CheckResult:
    """Return what a check says of a promotion; it is long from five words."""
    document = read_plain(text)
    return named(name)(Context(document, Fields(document), kind, day, {"words": 5}))
