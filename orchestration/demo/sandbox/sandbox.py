"""The sandbox as others use it: in process, or as a server beside them."""

from __future__ import annotations

import secrets
import socket
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import orjson

from orchestration.demo.sandbox import resources
from orchestration.demo.sandbox.billing import payments
from orchestration.demo.sandbox.errors import Json, missing
from orchestration.demo.sandbox.ids import Ids, base62
from orchestration.demo.sandbox.persistence import Shelf
from orchestration.demo.sandbox.server import App, RateLimit, answer
from orchestration.demo.sandbox.webhooks import RETRIES, Courier, new_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tenants.clock import Clock

_TICK = 1.0
Result = TypeVar("Result")


class Sandbox:
    """A Stripe account of one's own.

    Args:
        home: Folder of its state, made if it is not there; a sandbox opened on it again goes on where it was.
        clock: What its time follows and its webhooks are signed at; its time never runs backwards, and can be
            moved ahead with `advance_to`.
        seed: For ids; the same seed and the same calls make the same ids.
        rate_limit: Requests a second before 429; None for any number.
        retries: Real seconds between attempts to deliver a webhook.
        follows_clock: Whether time passes by itself while it is served.

    Attributes:
        api_key: The one secret key that is accepted.
        webhook_secret: The signing secret of the endpoint that `register_webhook` makes.
        url: Where the server listens, while it does.
    """

    def __init__(
        self,
        home: Path,
        clock: Clock,
        *,
        seed: int = 0,
        rate_limit: float | None = None,
        retries: Sequence[float] = RETRIES,
        follows_clock: bool = True,
    ) -> None:
        resources.load()
        self._clock = clock
        self.shelf = Shelf(home / "stripe.sqlite")
        keys = self.shelf.value("keys") or {
            "api_key": f"sk_test_{base62(secrets.randbits(200), 32)}",
            "webhook_secret": new_secret(),
        }
        self.shelf.keep("keys", keys)
        self.api_key: str = keys["api_key"]
        self.webhook_secret: str = keys["webhook_secret"]
        self.account = self.shelf.load(int(clock.now().timestamp()), seed)
        self.rate_limit = RateLimit(rate_limit)
        self.request_ids = Ids(secrets.randbits(64))
        self.url = ""
        self._retries = retries
        self._follows_clock = follows_clock
        self._batches = 0

    @property
    def now(self) -> datetime:
        """The account's time."""
        return datetime.fromtimestamp(self.account.main.now, UTC)

    def close(self) -> None:
        """Write what is unwritten and close the file."""
        with self.account.lock:
            self.shelf.save(self.account)
            self.shelf.close()

    def call(self, method: str, path: str, form: Json | None = None) -> Json:
        """Serve a request in process, through the same handlers as over HTTP.

        Raises:
            ApiError: What would be an error response over HTTP.
        """
        with self.account.lock:
            self.account.begin()
            result: Json = orjson.loads(
                self.transaction(lambda: answer(self, method, path, dict(form or {})))
            )
            return result

    def status_of(self, subscription_id: str) -> str:
        """Return a subscription's status."""
        return str(self.account.get("subscription", subscription_id)["status"])

    def save(self) -> None:
        """Write what changed; requests over HTTP do so by themselves."""
        with self.account.lock:
            if not self._batches:
                self.shelf.save(self.account)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Put off writing until the block ends: faster where many steps belong together."""
        self._batches += 1
        try:
            yield
        finally:
            self._batches -= 1
            self.save()

    def tick(self) -> None:
        """Follow the clock, doing what has fallen due since."""
        moment = int(self._clock.now().timestamp())
        if moment > self.account.main.now:
            self.account.advance(self.account.main, moment)
            self.shelf.save(self.account)

    def advance_to(self, moment: datetime) -> None:
        """Move the account's time on: renewals, ends of trials, retries and the rest happen in order."""
        with self.account.lock:
            self.account.advance(self.account.main, int(moment.timestamp()))
            self.save()

    def decline(self, payment_method: str, code: str = "generic_decline", times: int | None = None) -> None:
        """Let a card refuse its next charges: so many, or all until told otherwise (0 accepts again)."""
        with self.account.lock:
            if payment_method not in self.account.store.of("payment_method").objects:
                raise missing(payment_method, "payment_method")
            payments.decline_next(self.account, payment_method, code, times)

    def dispute(self, charge: str, reason: str = "fraudulent") -> Json:
        """Let the holder of a card dispute a charge."""
        with self.account.lock:
            self.account.begin()
            return payments.open_dispute(self.account, self.account.get("charge", charge), reason)

    def configure(self, retry_days: Sequence[int] | None = None, after_retries: str | None = None) -> Json:
        """Set after how many days a failed payment is tried again, and what follows the last failure.

        Args:
            retry_days: Days between one attempt and the next.
            after_retries: `cancel`, `unpaid` or `past_due`.
        """
        with self.account.lock:
            if retry_days is not None:
                self.account.settings["retry_days"] = list(retry_days)
            self.account.settings["after_retries"] = after_retries or self.account.settings["after_retries"]
            self.save()
            return dict(self.account.settings)

    def transaction(self, act: Callable[[], Result]) -> Result:
        """Do something whole or not at all, and write it down."""
        with self.account.lock:
            self.save()
            try:
                return act()
            except Exception as error:
                if not getattr(error, "keeps", False) and not self._batches:
                    self.shelf.restore(self.account)
                raise
            finally:
                self.save()

    def register_webhook(self, url: str, events: Sequence[str] = ("*",)) -> Json:
        """Send events to an address, signed with `webhook_secret`; the one endpoint made so moves there."""
        with self.account.lock:
            secret = {"secret": self.webhook_secret}
            known = (each for each in self.account.store.of("webhook_endpoint"))
            own = next((each for each in known if self.account.hidden.get(each["id"]) == secret), None)
            form = {"url": url, "enabled_events": list(events)}
            endpoint = self.call("POST", f"/v1/webhook_endpoints{'/' + own['id'] if own else ''}", form)
            self.account.secret(endpoint["id"]).update(secret)
            self.save()
            return endpoint

    @contextmanager
    def serve(self, port: int = 0, host: str = "127.0.0.1") -> Iterator[Sandbox]:
        """Serve over HTTP from a thread until the block ends."""
        import uvicorn  # noqa: PLC0415 - in-process users need no server

        listener = socket.create_server((host, port))
        self.url = self.account.base_url = f"http://{host}:{listener.getsockname()[1]}"
        config = uvicorn.Config(App(self), log_level="warning", lifespan="off", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True
        )
        courier = Courier(self.account, self._clock, self._retries, self.shelf.delivered)
        done = threading.Event()
        ticker = threading.Thread(target=self._follow, args=(done,), name="sandbox-clock", daemon=True)
        courier.start()
        thread.start()
        ticker.start()
        try:
            yield self
        finally:
            done.set()
            server.should_exit = True
            thread.join()
            ticker.join()
            courier.stop()
            listener.close()
            self.save()

    def _follow(self, done: threading.Event) -> None:
        while self._follows_clock and not done.wait(_TICK):
            with self.account.lock:
                self.tick()
