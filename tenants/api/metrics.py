"""Prometheus metrics of the API; no label ever names a tenant or a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import Counter, Histogram

if TYPE_CHECKING:
    from starlette.types import Scope

_REQUESTS = Counter("loki_http_requests", "Requests answered.", ("method", "route", "status"))
_SECONDS = Histogram("loki_http_request_seconds", "Time to the first byte of the answer.", ("route",))
WEBHOOKS = Counter("loki_webhooks", "Webhooks received, by what became of them.", ("outcome",))


def measure(scope: Scope, status: int, seconds: float) -> None:
    """Count one answered request under its route's pattern, not its path."""
    route = str(getattr(scope.get("route"), "path", "none"))
    _REQUESTS.labels(scope["method"], route, str(status)).inc()
    _SECONDS.labels(route).observe(seconds)
