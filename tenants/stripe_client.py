"""The one way to Stripe, or to anything that speaks its API: a client from the settings, errors as ours."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tenants.errors import Conflict, InvalidInput, NotFound, PaymentRequired, RateLimited, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import stripe

    from tenants.settings import PlatformSettings

API_VERSION = "2026-10-28.endive"
TIMEOUT_SECONDS = 30


def make_client(settings: PlatformSettings, *, max_network_retries: int = 2) -> stripe.StripeClient:
    """Return a client for the configured account, pinned to one API version.

    Raises:
        Conflict: No key is configured.
    """
    import stripe  # noqa: PLC0415 - start-up time

    key = require_key(settings)
    base = settings.stripe_api_base.rstrip("/")
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": base, "files": base, "meter_events": base},
        max_network_retries=max_network_retries,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def require_key(settings: PlatformSettings) -> str:
    """Return the key of the configured account.

    Raises:
        Conflict: No key is configured.
    """
    if settings.stripe_api_key is None:
        message = "No Stripe key is set; put LOKI_STRIPE_API_KEY into the environment or .env."
        raise Conflict(message, "stripe_key_missing")
    return settings.stripe_api_key.get_secret_value()


@contextmanager
def stripe_errors() -> Iterator[None]:
    """Turn Stripe's exceptions into ours, with what a person should do.

    Raises:
        InvalidInput: Stripe refused the key or a parameter.
        NotFound: Stripe has no such object.
        PaymentRequired: The card was declined.
        RateLimited: Stripe asks us to slow down.
        Unavailable: Stripe does not answer, or answers with its own failure.
    """
    import stripe  # noqa: PLC0415 - start-up time

    try:
        yield
    except stripe.AuthenticationError as error:
        message = "Stripe refused the key; check LOKI_STRIPE_API_KEY against the account."
        raise InvalidInput(message, "stripe_key_refused") from error
    except stripe.PermissionError as error:
        message = f"The Stripe key may not do this: {error.user_message or error}. Extend its permissions."
        raise InvalidInput(message, "stripe_key_restricted") from error
    except stripe.RateLimitError as error:
        message = "Stripe asks for fewer requests; try again in a minute."
        raise RateLimited(message, "stripe_rate_limited") from error
    except stripe.CardError as error:
        message = f"The card was declined: {error.user_message}. Use another payment method."
        raise PaymentRequired(message, "card_declined", stripe_code=error.code) from error
    except stripe.InvalidRequestError as error:
        raise _refused_request(error) from error
    except stripe.StripeError as error:
        message = "Stripe does not answer; check LOKI_STRIPE_API_BASE and the network, then try again."
        raise Unavailable(message, "stripe_unavailable", reason=type(error).__name__) from error


def _refused_request(error: stripe.InvalidRequestError) -> InvalidInput | NotFound:
    text = str(error.user_message or error).rstrip(".")
    if error.code == "resource_missing":
        return NotFound(f"Stripe has no such object: {text}.", "stripe_object_missing", parameter=error.param)
    message = f"Stripe refused the request: {text}. Correct {error.param or 'it'} and send it again."
    return InvalidInput(message, "stripe_request_refused", parameter=error.param, stripe_code=error.code)
