"""Errors that a person can act on.

    PlatformError
    ├── InvalidInput        something given was wrong
    │   └── TooLarge        … by its size alone
    ├── Unauthenticated     no or wrong credentials
    ├── NotAllowed          known, but not permitted
    ├── NotFound            does not exist, or must look as if it did not
    ├── Conflict            true at the same time as something that excludes it
    ├── PaymentRequired     the subscription does not cover it
    ├── QuotaExceeded       the period's quota is used up
    ├── RateLimited         too many calls in the window
    └── Unavailable         a part we need does not answer

HTTP statuses are given in one table at the API's edge; the command line prints
the message and exits with 2.
"""

from __future__ import annotations


class PlatformError(Exception):
    """A refusal with a stable code, one sentence that says what to do, and its facts.

    Args:
        message: One sentence for a person: what was wrong, where, what to do next.
        code: Stable, lower-case, machine-readable name, such as `quota_exceeded`.
        context: Facts for logs and problem documents; never personal data or secrets.
    """

    default_code = "platform_error"

    def __init__(self, message: str, code: str | None = None, **context: object) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.context = context


class InvalidInput(PlatformError):  # noqa: N818 - the names of DESIGN say what happened, not that it is an error
    """Something given was wrong; nothing was changed."""

    default_code = "invalid_input"


class TooLarge(InvalidInput):
    """What was sent is larger than is taken; nothing was changed."""

    default_code = "too_large"


class Unauthenticated(PlatformError):  # noqa: N818 - as above
    """No credentials, or wrong ones."""

    default_code = "unauthenticated"


class NotAllowed(PlatformError):  # noqa: N818 - as above
    """The caller is known but lacks the permission, module or plan."""

    default_code = "not_allowed"


class NotFound(PlatformError):  # noqa: N818 - as above
    """It does not exist, or belongs to someone else and must look the same."""

    default_code = "not_found"


class Conflict(PlatformError):  # noqa: N818 - as above
    """It contradicts the present state."""

    default_code = "conflict"


class PaymentRequired(PlatformError):  # noqa: N818 - as above
    """The subscription is canceled or past due."""

    default_code = "payment_required"


class QuotaExceeded(PlatformError):  # noqa: N818 - as above
    """The quota of the period is used up."""

    default_code = "quota_exceeded"


class RateLimited(PlatformError):  # noqa: N818 - as above
    """Too many calls in the window."""

    default_code = "rate_limited"


class Unavailable(PlatformError):  # noqa: N818 - as above
    """A part that is needed does not answer now."""

    default_code = "unavailable"
