"""A small server that answers Stripe's lists from memory, and misbehaves on demand."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

API_KEY = "sk_test_fake"
PATHS = {
    "/v1/customers": "customer",
    "/v1/products": "product",
    "/v1/prices": "price",
    "/v1/coupons": "coupon",
    "/v1/promotion_codes": "promotion_code",
    "/v1/tax_rates": "tax_rate",
    "/v1/billing/meters": "billing.meter",
    "/v1/subscriptions": "subscription",
    "/v1/subscription_schedules": "subscription_schedule",
    "/v1/invoices": "invoice",
    "/v1/invoiceitems": "invoiceitem",
    "/v1/invoice_payments": "invoice_payment",
    "/v1/payment_intents": "payment_intent",
    "/v1/charges": "charge",
    "/v1/refunds": "refund",
    "/v1/credit_notes": "credit_note",
    "/v1/disputes": "dispute",
    "/v1/balance_transactions": "balance_transaction",
    "/v1/exchange_rates": "exchange_rate",
    "/v1/events": "event",
    "/v1/subscription_items": "subscription_item",
}


class FakeStripe:
    """An account: objects by type in the order of creation, and a plan of failures.

    Attributes:
        objects: What the lists show.
        lines: Invoice lines by invoice id, beyond those the invoice shows.
        requests: Every request that came: path and parameters.
        failures: Answers to give first, in turn: a status, or `cut` for a body that breaks off.
        retry_after: What a 429 asks to wait, in seconds.
        account_id: Whose objects these are.
        refused: Statuses to answer for a path, always.
    """

    def __init__(self) -> None:
        self.objects: dict[str, list[dict[str, Any]]] = {kind: [] for kind in PATHS.values()}
        self.lines: dict[str, list[dict[str, Any]]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.failures: list[int | str] = []
        self.refused: dict[str, int] = {}
        self.account_id = "acct_1"
        self.retry_after = "0"
        self.url = ""

    @contextmanager
    def serve(self) -> Iterator[FakeStripe]:
        """Answer on a free port of this machine while the context is open."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [path for path, _ in self.requests]

    def answer(self, path: str, params: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Return status and body for one request."""
        if path == "/v1/account":
            return 200, {"id": self.account_id, "object": "account"}
        if path in self.refused:
            return self.refused[path], {"error": {"type": "invalid_request_error", "message": "not allowed"}}
        if path.startswith("/v1/invoices/") and path.endswith("/lines"):
            return _page(self.lines[path.split("/")[3]], params)
        if path in PATHS:
            return _page(self._selected(PATHS[path], params), params)
        parent, _, object_id = path.rpartition("/")
        for one in self.objects.get(PATHS.get(parent, ""), []):
            if one["id"] == object_id:
                return 200, _as_asked(one, params)
        return 404, {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": path}}

    def _selected(self, kind: str, params: dict[str, str]) -> list[dict[str, Any]]:
        found = [one for one in self.objects[kind] if not one.get("deleted")]
        if kind == "subscription" and params.get("status") != "all":
            found = [one for one in found if one["status"] != "canceled"]
        if kind == "subscription_item":
            found = [one for one in found if one["subscription"] == params["subscription"]]
        low, high = int(params.get("created[gte]", 0)), int(params.get("created[lte]", 2**40))
        return [_as_asked(one, params) for one in reversed(found) if low <= one.get("created", 0) <= high]


def _as_asked(one: dict[str, Any], params: dict[str, str]) -> dict[str, Any]:
    """Leave out the tiers of a price's further currencies, which are sent currency by currency on request."""
    asked = {value.removeprefix("data.") for name, value in params.items() if name.startswith("expand[")}
    if one.get("object") != "price" or "currency_options" not in one:
        return one
    options = {
        code: {
            name: value
            for name, value in option.items()
            if name != "tiers" or f"currency_options.{code}.tiers" in asked
        }
        for code, option in one["currency_options"].items()
    }
    return one | {"currency_options": options}


def _page(found: list[dict[str, Any]], params: dict[str, str]) -> tuple[int, dict[str, Any]]:
    start = 0
    if after := params.get("starting_after"):
        ids = [one["id"] for one in found]
        if after not in ids:
            error = {
                "type": "invalid_request_error",
                "code": "resource_missing",
                "message": f"No such: {after}",
            }
            return 400, {"error": error | {"param": "starting_after"}}
        start = ids.index(after) + 1
    size = int(params.get("limit", 10))
    data = found[start : start + size]
    return 200, {"object": "list", "data": data, "has_more": start + size < len(found), "url": "/v1/x"}


def _handler(account: FakeStripe) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            params = {name: values[0] for name, values in parse_qs(url.query).items()}
            account.requests.append((url.path, params))
            if self.headers.get("Authorization") != f"Bearer {API_KEY}":
                message = "Invalid API Key provided: sk_test_****rong"
                self._send(401, {"error": {"type": "invalid_request_error", "message": message}})
            elif account.failures:
                self._fail(account.failures.pop(0))
            else:
                self._send(*account.answer(url.path, params))

        def _fail(self, how: int | str) -> None:
            if how == "cut":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b'{"object": "list", "da')
                self.close_connection = True
            else:
                body = {"error": {"type": "api_error", "message": "try again"}}
                self._send(int(how), body, {"Retry-After": account.retry_after} if how == 429 else {})

        def _send(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    return Handler
