"""Stripe's webhooks: signature, durable inbox, then 200; the work comes later."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation

from tenants.api.metrics import WEBHOOKS
from tenants.billing.inbox import Inbox, RejectedWebhook

routes = APIRouter(tags=["webhooks"])


@routes.post("/webhooks/stripe", summary="Receive one Stripe event")
async def stripe_webhook(request: Request) -> dict[str, str]:
    """Keep a signed event durably, once by its id, and only then answer 200.

    A forged, expired or malformed one is answered 400 with its reason and not kept.
    """
    inbox: Inbox = request.app.state.deps.inbox
    payload = await request.body()
    try:
        is_new = await run_in_threadpool(inbox.receive, payload, request.headers.get("stripe-signature"))
    except RejectedWebhook as rejected:
        WEBHOOKS.labels(rejected.reason).inc()
        raise
    outcome = "accepted" if is_new else "duplicate"
    WEBHOOKS.labels(outcome).inc()
    return {"status": outcome}
