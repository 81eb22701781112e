"""Stripe's webhooks: signature, durable inbox, then 200; the work comes later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import Response

from tenants.api.guarded import MOST_PARSED_BYTES
from tenants.api.hot_routes import HotRoute
from tenants.api.metrics import WEBHOOKS
from tenants.billing.inbox import RejectedWebhook

if TYPE_CHECKING:
    from tenants.api.gathered import GatheredWebhooks

routes = APIRouter(tags=["webhooks"], route_class=HotRoute)


_EVENT = {
    "id": "evt_1SxQ2mLkdIwHu7ixRk3nT0Vb",
    "object": "event",
    "type": "invoice.paid",
    "created": 1795730400,
    "data": {"object": {"id": "in_1SxQ2mLkdIwHu7ixx0JdWb8f", "object": "invoice"}},
}
# The body is read as it came, because the signature covers its bytes.
_TAKES = {
    "parameters": [
        {
            "name": "Stripe-Signature",
            "in": "header",
            "required": True,
            "description": "Stripe's signature of the body, at most five minutes old.",
            "schema": {"type": "string"},
            "example": "t=1795730400,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd",
        }
    ],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}, "example": _EVENT}},
    },
}


@routes.post(
    "/webhooks/stripe",
    summary="Receive one Stripe event",
    response_model=dict[str, str],
    openapi_extra=_TAKES,
)
async def stripe_webhook(request: Request) -> Response:
    """Keep a signed event durably, once by its id, and only then answer 200.

    A forged, expired, malformed or too large one is refused with its reason, counted, and not kept.
    """
    webhooks: GatheredWebhooks = request.app.state.webhooks
    request.state.most_bytes = MOST_PARSED_BYTES
    payload = await request.body()
    try:
        is_new = await webhooks.receive(payload, request.headers.get("stripe-signature"))
    except RejectedWebhook as rejected:
        WEBHOOKS.labels(rejected.reason).inc()
        raise
    outcome = "accepted" if is_new else "duplicate"
    WEBHOOKS.labels(outcome).inc()
    return Response(f'{{"status":"{outcome}"}}', media_type="application/json")
