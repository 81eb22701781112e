"""Webhooks that arrive while the disk is at work, kept in the next commit together.

A thread and a statement for each of them would be most of what a request costs.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from tenants.billing.inbox import RejectedWebhook

if TYPE_CHECKING:
    from tenants.billing.inbox import Delivery, Inbox

_MOST_TOGETHER = 200


class GatheredWebhooks:
    """Receives for one event loop.

    Args:
        inbox: Keeps the events.
    """

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._waiting: list[tuple[Delivery, asyncio.Future[bool]]] = []
        self._work: asyncio.Task[None] | None = None

    async def receive(self, payload: bytes, signature: str | None) -> bool:
        """Keep an event and return whether it is new; durable once this returns.

        Raises:
            RejectedWebhook: It is forged, expired or malformed.
            Unavailable: No endpoint secret is configured, or the database does not answer.
        """
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(((payload, signature), told))
        if self._work is None:
            self._work = asyncio.create_task(self._keep_all())
        return await told

    async def _keep_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_MOST_TOGETHER], self._waiting[_MOST_TOGETHER:]
            if not await self._keep(batch) and len(batch) > 1:
                # One that cannot be kept must not take the others with it.
                for each in batch:
                    await self._keep([each])
        self._work = None

    async def _keep(self, batch: list[tuple[Delivery, asyncio.Future[bool]]]) -> bool:
        try:
            outcomes = await run_in_threadpool(self._inbox.receive_all, [delivery for delivery, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the request that waits
            if len(batch) == 1 and not batch[0][1].done():
                batch[0][1].set_exception(error)
            return False
        for (_, told), outcome in zip(batch, outcomes, strict=True):
            if told.done():  # its caller has gone
                continue
            if isinstance(outcome, RejectedWebhook):
                told.set_exception(outcome)
            else:
                told.set_result(outcome)
        return True
