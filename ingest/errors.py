"""What can go wrong while data is brought in, and whether trying again helps.

    PlatformError
    └── IngestError
        ├── StripeUnreachable     transient   no answer, a broken answer, or Stripe's own failure
        ├── StripeSlowDown        transient   429: Stripe asks for fewer requests
        ├── StripeKeyRefused      terminal    401: the key is missing, wrong or revoked
        ├── StripeRefused         terminal    any other 4xx on one request
        ├── WrongAccount          terminal    the key belongs to another account than what has landed
        ├── StreamsFailed         terminal    some streams were refused; the others have landed
        ├── LandingBusy           transient   another process is writing to the landing zone
        ├── LandingDamaged        terminal    a file of the landing zone cannot be read
        ├── DiskFull              terminal    no space left; nothing was half written
        └── SourceUnreadable      terminal    a file or folder named by a setting cannot be read

The caller decides about a retry by the mixin alone, without knowing the class.
"""

from __future__ import annotations

from tenants.errors import PlatformError


class Transient:
    """Trying again later may help.

    Attributes:
        retry_after: Seconds that the other side asked us to wait, null where it did not say.
    """

    retry_after: float | None = None


class Terminal:
    """Trying again changes nothing; a person has to act."""


class IngestError(PlatformError):
    """Data could not be brought in."""

    default_code = "ingest_failed"


class StripeUnreachable(IngestError, Transient):  # noqa: N818 - named like DESIGN's errors
    """Stripe does not answer, the answer broke off, or Stripe itself failed (5xx)."""

    default_code = "stripe_unreachable"


class StripeSlowDown(IngestError, Transient):  # noqa: N818 - as above
    """Stripe asks for fewer requests (429)."""

    default_code = "stripe_rate_limited"


class StripeKeyRefused(IngestError, Terminal):  # noqa: N818 - as above
    """Stripe does not accept the key (401)."""

    default_code = "stripe_key_refused"


class StripeRefused(IngestError, Terminal):  # noqa: N818 - as above
    """Stripe refuses one request (4xx).

    Attributes:
        status: The HTTP status.
        stripe_code: Stripe's error code, such as `resource_missing`, or null.
    """

    default_code = "stripe_request_refused"

    def __init__(self, message: str, *, status: int, stripe_code: str | None, path: str) -> None:
        super().__init__(message, status=status, stripe_code=stripe_code, path=path)
        self.status = status
        self.stripe_code = stripe_code


class WrongAccount(IngestError, Terminal):  # noqa: N818 - as above
    """The key belongs to another account, or mode, than what has landed."""

    default_code = "stripe_wrong_account"


class StreamsFailed(IngestError, Terminal):  # noqa: N818 - as above
    """Some streams were refused; what the others brought has landed."""

    default_code = "streams_failed"


class LandingBusy(IngestError, Transient):  # noqa: N818 - as above
    """Another process is writing to the landing zone."""

    default_code = "landing_busy"


class LandingDamaged(IngestError, Terminal):  # noqa: N818 - as above
    """A file of the landing zone cannot be read."""

    default_code = "landing_damaged"


class DiskFull(IngestError, Terminal):  # noqa: N818 - as above
    """There is no space left; the running batch was not committed."""

    default_code = "disk_full"


class SourceUnreadable(IngestError, Terminal):  # noqa: N818 - as above
    """A file or folder named by a setting cannot be read."""

    default_code = "source_unreadable"
