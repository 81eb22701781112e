from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from tenants.api.gathered import GatheredWebhooks
from tenants.billing.inbox import RejectedWebhook
from tenants.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.billing.inbox import Delivery, Inbox


class Picky:
    """An inbox that rejects what is signed `forged` and breaks on the body `broken`."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def receive_all(self, deliveries: Sequence[Delivery]) -> list[bool | RejectedWebhook]:
        self.batches.append(len(deliveries))
        if any(payload == b"broken" for payload, _ in deliveries):
            message = "The database could not be used."
            raise Unavailable(message, "store_unavailable")
        forged = RejectedWebhook("forged", "The signature does not fit.")
        return [forged if signature == "forged" else True for _, signature in deliveries]


def _outcomes(inbox: Picky, deliveries: list[Delivery]) -> list[object]:
    async def all_at_once() -> list[object]:
        gathered = GatheredWebhooks(cast("Inbox", inbox))
        told = (gathered.receive(*delivery) for delivery in deliveries)
        return list(await asyncio.gather(*told, return_exceptions=True))

    return asyncio.run(all_at_once())


def test_what_arrives_together_is_kept_together_and_each_is_told_its_own_outcome() -> None:
    inbox = Picky()
    told = _outcomes(inbox, [(b"a", None), (b"b", "forged"), (b"c", None)])
    assert inbox.batches == [3]
    assert (told[0], told[2]) == (True, True)
    assert isinstance(told[1], RejectedWebhook)


def test_one_that_cannot_be_kept_takes_no_other_with_it() -> None:
    told = _outcomes(Picky(), [(b"a", None), (b"broken", None), (b"c", None)])
    assert (told[0], told[2]) == (True, True)
    assert isinstance(told[1], Unavailable)
