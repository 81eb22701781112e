"""Kinds of fields that routes share, and what bodies have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints


def _keepable(text: str) -> str:
    # PostgreSQL keeps no text with NUL, and none is written with halves of characters.
    if "\0" in text:
        message = "it has the character NUL; leave it out"
        raise ValueError(message)
    if any("\ud800" <= each <= "\udfff" for each in text):
        message = "it has half of a character; send valid Unicode"
        raise ValueError(message)
    return text


Text = Annotated[str, AfterValidator(_keepable)]
Name = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Units = Annotated[Decimal, Field(ge=0, le=999_999_999_999, decimal_places=6)]
Short = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


def _countable(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        message = "in UTC it lies outside the years 1 to 9999; send a time within them"
        raise ValueError(message) from None


def left_out() -> Any:  # noqa: ANN401 - stands in for a field of any type
    """Stand in for a field that a change leaves out: it is none that may be sent."""
    return None


Moment = Annotated[AwareDatetime, AfterValidator(_countable)]


class In(BaseModel):
    """What a route takes: nothing beside its fields."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """What a route gives, made from an object of ours."""

    model_config = ConfigDict(from_attributes=True)
