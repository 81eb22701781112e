"""What is known of a user."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from typing import Literal
from zoneinfo import available_timezones

import msgspec

from tenants.errors import InvalidInput

UserStatus = Literal["active", "invited", "deactivated"]
# Who takes a seat of the plan.
SEATED: tuple[UserStatus, ...] = ("active", "invited")
# What mails beside those that someone asked for can be switched off by each for themselves.
NOTIFICATIONS = ("welcome", "api_setup", "first_validation")
_LONGEST_NAME = 200


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person of one tenant, or of the platform's staff where `tenant_id` is None.

    Attributes:
        status: `invited` until they have set a password or signed in elsewhere.
        notifications: Which of `NOTIFICATIONS` they want; one that is not named is wanted.
        last_active_at: The last time a session of theirs was seen, to the minute.
    """

    user_id: str
    tenant_id: str | None
    email: str
    name: str
    role: str
    status: UserStatus
    password_hash: str | None
    time_zone: str | None = None
    language: str | None = None
    notifications: dict[str, bool] = {}
    sign_in_count: int = 0
    last_active_at: datetime | None = None
    created_at: datetime
    created_by: str
    updated_at: datetime

    @property
    def is_staff(self) -> bool:
        """Return whether this is a person of the platform itself."""
        return self.tenant_id is None


def checked_name(name: str) -> str:
    """Return a person's name without space around it.

    Raises:
        InvalidInput: It is empty, too long, or holds what cannot be printed.
    """
    name = name.strip()
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        message = f"A name needs 1 to {_LONGEST_NAME} printable characters."
        raise InvalidInput(message, "invalid_name")
    return name


def checked_user(user: User) -> User:
    """Return a user whose fields are right.

    Raises:
        InvalidInput: One of them is not.
    """
    checked_name(user.name)
    if user.time_zone is not None and user.time_zone not in available_timezones():
        message = f"{user.time_zone!r} is no time zone; use a name such as Europe/London."
        raise InvalidInput(message, "unknown_time_zone")
    if user.language is not None:
        check_language(user.language)
    unknown = sorted(set(user.notifications) - set(NOTIFICATIONS))
    if unknown:
        message = f"There is no notification {unknown[0][:50]!r}; choose among {', '.join(NOTIFICATIONS)}."
        raise InvalidInput(message, "unknown_notification")
    return user


def check_language(language: str) -> None:
    """Refuse what is no code of a language.

    Raises:
        InvalidInput: It is none.
    """
    if not (language.isalpha() and language.isascii() and len(language) in {2, 3}):
        message = f"{language[:50]!r} is no language; use a code such as en or th."
        raise InvalidInput(message, "unknown_language")
