"""Days as people and programs write them."""

from __future__ import annotations

from datetime import date


def day_of(text: str) -> date:
    """Return the day that is written as YYYY-MM-DD.

    Python reads every form of ISO 8601, weeks too; what a field takes must not depend on how it was sent.

    Raises:
        ValueError: It is written otherwise, or there is no such day.
    """
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(text)
    return day
