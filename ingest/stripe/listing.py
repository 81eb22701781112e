"""Full reads of Stripe's lists, and of single objects whose newest state is in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from ingest.errors import StripeRefused
from ingest.ledger import Pull
from ingest.stripe import parsing
from ingest.stripe.lists import BY_TYPE, LISTS, Nested, ObjectList
from ingest.stripe.sink import LISTING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from ingest.stripe.client import StripeReader
    from ingest.stripe.sink import Sink

log = structlog.get_logger()

FEWEST_FOR_A_LIST = 4
GONE = 404
SKIPPED = "left out by LOKI_STRIPE_SKIP_STREAMS"


class Listing:
    """Reads objects whole, nested lists paged to their end, into the sink.

    Args:
        reader: Where from.
        sink: Where to.
    """

    def __init__(self, reader: StripeReader, sink: Sink) -> None:
        self._reader, self._sink = reader, sink

    def pages(
        self, entry: ObjectList, filters: Mapping[str, object] | None = None, after: str | None = None
    ) -> Iterator[list[bytes]]:
        """Yield the pages of a list, newest objects first, each object whole."""
        for page in self._reader.pages(entry.path, entry.query(**(filters or {})), after):
            yield [self._whole(entry, bytes(raw)) for raw in page.data]

    def observe(self, entry: ObjectList, filters: Mapping[str, object]) -> int:
        """Take every object of a narrowed list; return how many."""
        count = 0
        for page in self.pages(entry, filters):
            count += len(page)
            for body in page:
                self._sink.present(body, "list")
        return count

    def fetch(self, entry: ObjectList, object_id: str) -> bool:
        """Take one object as it is now; false where Stripe no longer has it."""
        params = {"expand": list(entry.expand)} if entry.expand else {}
        try:
            body = self._reader.get(f"{entry.path}/{object_id}", params)
        except StripeRefused as error:
            if error.status != GONE:
                raise
            log.info("stripe_object_gone", object_type=entry.object_type, object_id=object_id)
            return False
        self._sink.present(self._whole(entry, body), "fetch")
        return True

    def observe_again(self, entry: ObjectList, created: dict[str, int | None]) -> None:
        """Take the present state of some objects, by a list where that needs fewer requests.

        Args:
            entry: Where to find them.
            created: When each object was created, by id; null where unknown.
        """
        left = {object_id for object_id in created if object_id not in self._sink.observed}
        moments = [moment for moment in created.values() if moment is not None]
        if entry.has_created and len(left) >= FEWEST_FOR_A_LIST and len(moments) == len(created):
            narrowed = self.pages(entry, {"created": {"gte": min(moments), "lte": max(moments)}})
            for _, page in zip(range(len(left) // 2), narrowed, strict=False):
                for body in page:
                    self._sink.present(body, "list")
                if left <= self._sink.observed:
                    return
        for object_id in sorted(left - self._sink.observed):
            self.fetch(entry, object_id)

    def _whole(self, entry: ObjectList, body: bytes) -> bytes:
        for nested in entry.nested:
            if parsing.is_cut_list(body, nested.key):
                body = self._spliced(body, nested)
        return self._with_all_tiers(entry, body) if entry.object_type == "price" else body

    def _with_all_tiers(self, entry: ObjectList, body: bytes) -> bytes:
        """Ask for a price's tiers in further currencies by name: Stripe sends them in no other way."""
        about = parsing.head(body)
        missing = parsing.currencies_without_tiers(about)
        if not missing:
            return body
        expand = [*entry.expand, *(f"currency_options.{code}.tiers" for code in missing)]
        try:
            return self._reader.get(f"{entry.path}/{about.id}", {"expand": expand}, plainly=False)
        except StripeRefused as error:
            log.warning("stripe_tiers_refused", object_id=about.id, reason=error.message)
            return body  # what the tiers would tell is missed in `data_quality`

    def _spliced(self, body: bytes, nested: Nested) -> bytes:
        """Put the whole nested list into an object; every other byte stays as it came."""
        about = parsing.head(body)
        inner = ObjectList(
            nested.key,
            nested.path.replace("{id}", about.id or ""),
            {name: about.id if value == "{id}" else value for name, value in nested.params.items()},
        )
        members = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        data = [msgspec.Raw(one) for page in self.pages(inner) for one in page]
        listed: dict[str, Any] = {"object": "list", "data": data, "has_more": False, "url": inner.path}
        return msgspec.json.encode(members | {nested.key: msgspec.Raw(msgspec.json.encode(listed))})


def read_all(
    listing: Listing, sink: Sink, skipped: Collection[str], progress: Callable[[str], None], *, anew: bool
) -> list[StripeRefused]:
    """Read every list from where the last full read stopped; return what Stripe refused.

    A refused list is an error in the ledger, does not keep the others from landing, and is tried again by the
    next sync. One that is left out on purpose is a gap.

    Args:
        listing: Reads the lists.
        sink: Where to.
        skipped: Object types that are left out on purpose.
        progress: Told which list is being read.
        anew: Read all lists, even where an earlier reading has only refused ones left.
    """
    state = sink.landing.cursor(LISTING)
    if state is None or (anew and state["is_ended"]):
        state = {"done": [], "after": {}, "is_ended": False}
    refused = []
    for entry in LISTS:
        if entry.object_type in state["done"]:
            continue
        progress(entry.object_type)
        if entry.object_type in skipped:
            sink.record(Pull(entry.stream, sink.now(), status="gap", detail=SKIPPED))
        else:
            refused += attempt(sink, entry, lambda one: _read_list(listing, sink, one, state))
    sink.move(LISTING, state | {"is_ended": True} if refused else None)
    return refused


def attempt(sink: Sink, entry: ObjectList, read: Callable[[ObjectList], object]) -> list[StripeRefused]:
    """Read one list; a refusal becomes a line of the ledger and is returned."""
    try:
        read(entry)
    except StripeRefused as error:
        sink.record(Pull(entry.stream, sink.now(), status="error", detail=error.message))
        return [error]
    return []


def _read_list(listing: Listing, sink: Sink, entry: ObjectList, state: dict[str, Any]) -> None:
    asked_at, rows = sink.now(), 0
    for page in listing.pages(entry, after=state["after"].get(entry.object_type)):
        for body in page:
            sink.present(body, "list")
            _discover_customer(listing, sink, entry, body)
        rows += len(page)
        if page:
            state["after"][entry.object_type] = parsing.head(page[-1]).id
        sink.move(LISTING, state)
    state["done"].append(entry.object_type)
    sink.record(Pull(entry.stream, asked_at, until=asked_at, rows=rows, complete_until=asked_at))
    sink.move(LISTING, state)


def _discover_customer(listing: Listing, sink: Sink, entry: ObjectList, body: bytes) -> None:
    """Deleted customers are in no list, but their subscriptions are."""
    if entry.object_type != "subscription":
        return
    customer = parsing.head(body).customer
    if isinstance(customer, str) and not sink.knows("stripe_customer", customer):
        listing.fetch(BY_TYPE["customer"], customer)
