"""Reads from Stripe through its own package, paced and retried; answers stay bytes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import msgspec
import stamina
import structlog

from ingest.errors import StripeKeyRefused, StripeRefused, StripeSlowDown, StripeUnreachable, Transient
from ingest.stripe import parsing
from ingest.stripe.bucket import TokenBucket
from tenants.stripe_client import make_client

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import stripe

    from ingest.settings import IngestSettings

log = structlog.get_logger()

PAGE_SIZE = 100
ATTEMPTS = 6
FIRST_WAIT, LONGEST_WAIT = 0.25, 30.0
LONGEST_REASON = 200


class Page(msgspec.Struct, frozen=True):
    """One page of a list, its objects as the bytes that came."""

    data: list[msgspec.Raw]
    has_more: bool = False


class StripeReader:
    """The reading side of a Stripe account, or of anything that speaks Stripe's API.

    Args:
        settings: Key, base address and pace.
        bucket: Shared pace; by default one from the settings.
    """

    def __init__(self, settings: IngestSettings, bucket: TokenBucket | None = None) -> None:
        self.base = settings.stripe_api_base
        self._client = make_client(settings, max_network_retries=0)
        self._bucket = bucket or TokenBucket(settings.reads_per_second())
        self._page = msgspec.json.Decoder(Page)
        self._plain: set[str] = set()

    def page(self, path: str, params: Mapping[str, Any]) -> Page:
        """Return up to a hundred objects of a list.

        Args:
            path: The list's path, such as `/v1/customers`.
            params: Filters, `starting_after`, `expand`.

        Raises:
            StripeKeyRefused: Stripe does not know the key.
            StripeRefused: Stripe refuses this list or a parameter.
            StripeUnreachable: No whole answer came, after all retries.
        """
        body = self.get(path, {"limit": PAGE_SIZE, **params})
        try:
            return self._page.decode(body)
        except msgspec.MsgspecError as error:
            message = f"{self.base}{path} did not answer with a list: {error}. Check LOKI_STRIPE_API_BASE."
            raise StripeRefused(message, status=200, stripe_code=None, path=path) from error

    def pages(self, path: str, params: Mapping[str, Any], after: str | None = None) -> Iterator[Page]:
        """Yield the pages of a list, newest objects first.

        Args:
            path: The list's path.
            params: As for `page`.
            after: The last object of an interrupted reading; should Stripe no longer know it, the list is
                read from its beginning.
        """
        while True:
            try:
                page = self.page(path, {**params, "starting_after": after} if after else params)
            except StripeRefused as error:
                if not after or error.stripe_code != "resource_missing":
                    raise
                after = None
                continue
            yield page
            if not page.has_more or not page.data:
                return
            after = parsing.head(page.data[-1]).id

    def get(self, path: str, params: Mapping[str, Any] | None = None, *, plainly: bool = True) -> bytes:
        """Return the body of one answer; errors as in `page`.

        Args:
            path: The object's or the list's path.
            params: As for `page`.
            plainly: Where an older API cannot expand what we ask for, read this list with ids from now on.
        """
        asked, collection = dict(params or {}), "/".join(path.split("/")[:3])
        if collection in self._plain:
            asked.pop("expand", None)
        try:
            return self._patiently(path, asked)
        except StripeRefused as error:
            if not plainly or "expand" not in asked or "expand" not in error.message:
                raise
            log.warning("stripe_expansion_refused", path=path)
            self._plain.add(collection)
            return self.get(path, params)

    def _patiently(self, path: str, params: Mapping[str, Any]) -> bytes:
        patience = stamina.retry_context(
            on=_pause, attempts=ATTEMPTS, timeout=None, wait_initial=FIRST_WAIT, wait_max=LONGEST_WAIT
        )
        for attempt in patience:
            with attempt:
                self._bucket.take()
                return self._ask(path, params)
        raise AssertionError  # the loop above returns or raises

    def _ask(self, path: str, params: Mapping[str, Any]) -> bytes:
        import stripe  # noqa: PLC0415 - start-up time

        try:
            answer = self._client.raw_request("get", path, **params)
        except stripe.StripeError as error:
            raise self._translated(error, path) from error
        body: str = answer.body
        return body.encode()

    def _translated(self, error: stripe.StripeError, path: str) -> Exception:
        status, reason = error.http_status, _reason(error)
        if status is None or status >= 500 or status in (200, 409):  # noqa: PLR2004 - HTTP's own numbers
            translated: StripeUnreachable | StripeSlowDown = StripeUnreachable(
                f"Stripe does not answer at {self.base} ({reason}); check LOKI_STRIPE_API_BASE and the "
                "network, then run the command again: it goes on where it stopped.",
                status=status,
                path=path,
            )
        elif status == 429:  # noqa: PLR2004 - as above
            translated = StripeSlowDown(
                "Stripe asks for fewer requests; lower LOKI_STRIPE_READS_PER_SECOND or try again later.",
                path=path,
            )
        elif status == 401:  # noqa: PLR2004 - as above
            return StripeKeyRefused(
                f"Stripe at {self.base} refuses the key ({reason}); correct LOKI_STRIPE_API_KEY.", path=path
            )
        else:
            return StripeRefused(
                f"Stripe refuses GET {path} with status {status}: {reason}",
                status=status,
                stripe_code=error.code,
                path=path,
            )
        translated.retry_after = _seconds(error.headers)
        return translated


def _pause(error: Exception) -> bool | float:
    """Tell whether to try again, and after how many seconds where the other side said so."""
    if not isinstance(error, Transient):
        return False
    if error.retry_after is not None:
        return error.retry_after + random.random()  # noqa: S311 - jitter, no secret
    return True


def _reason(error: stripe.StripeError) -> str:
    """Return what went wrong in few words; under a broken connection lies the system's own error."""
    if error.http_status is not None:
        return " ".join(str(error.user_message or error).split()).rstrip(".")[:LONGEST_REASON]
    cause: object = error.__cause__
    while isinstance(cause, BaseException):
        found, cause = cause, getattr(cause, "reason", None) or cause.__cause__ or cause.__context__
    return getattr(found, "strerror", None) or type(found).__name__


def _seconds(headers: Mapping[str, str] | None) -> float | None:
    try:
        return min(float((headers or {})["Retry-After"]), LONGEST_WAIT)
    except (KeyError, ValueError):
        return None
