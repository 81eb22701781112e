"""Arguments that several commands take."""

from __future__ import annotations

from datetime import UTC, datetime

from tenants.errors import InvalidInput


def instant(text: str) -> datetime:
    """Read a time as a person writes it; without a zone it is UTC, a day alone means its first second.

    Raises:
        InvalidInput: It is no time in ISO 8601.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no time: write ISO 8601, such as 2026-04-03 or 2026-04-03T12:00:00Z."
        raise InvalidInput(message, code="not_a_time") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
