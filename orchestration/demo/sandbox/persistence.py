"""The account on disk: one SQLite file, written after each request, read at start."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING

import orjson

from orchestration.demo.sandbox.account import Account, Timeline
from orchestration.demo.sandbox.billing.lifecycle import show_items
from orchestration.demo.sandbox.events import Event
from orchestration.demo.sandbox.lists import nested
from orchestration.demo.sandbox.resources.products import remember_plan

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.demo.sandbox.errors import Json

_TABLES = """
create table if not exists objects (id text primary key, position integer, body blob, is_gone integer);
create table if not exists hidden (id text primary key, body blob);
create table if not exists events (
    id text primary key, type text, created integer, object_id text, data blob, request blob,
    kept_from integer, pending integer);
create table if not exists usage (
    identifier text primary key, name text, customer text, at integer, value text);
create table if not exists replies (
    key text primary key, fingerprint text, status integer, body blob, at integer);
create table if not exists state (name text primary key, value blob);
"""


class Shelf:
    """Keeps an account in a file.

    Args:
        path: The SQLite file; made if it is not there.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._base.execute("pragma journal_mode = wal")
        self._base.execute("pragma synchronous = normal")
        self._base.executescript(_TABLES)
        self._saved_now = 0
        self._last_event: str | None = None

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def value(self, name: str) -> Json | None:
        """Return a named piece of state."""
        row = self._base.execute("select value from state where name = ?", (name,)).fetchone()
        return orjson.loads(row[0]) if row else None

    def keep(self, name: str, value: Json) -> None:
        """Write a named piece of state."""
        self._base.execute("replace into state values (?, ?)", (name, orjson.dumps(value)))

    def save(self, account: Account) -> None:
        """Write what changed since the last time."""
        if not self.is_behind(account) and account.main.now == self._saved_now:
            return
        self._saved_now = account.main.now
        self._base.execute("begin immediate")
        self._save_objects(account)
        self._save_events(account)
        usage = account.usage
        self._base.executemany(
            "replace into usage values (?, ?, ?, ?, ?)",
            [(each, *usage.identifiers[each][:3], str(usage.identifiers[each][3])) for each in usage.unsaved],
        )
        usage.unsaved.clear()
        clocks = {clock_id: timeline.now for clock_id, timeline in account.clocks.items()}
        self.keep(
            "account",
            {
                "now": account.main.now,
                "clocks": clocks,
                "counters": account.ids.counters,
                "settings": account.settings,
            },
        )
        self._base.execute("commit")

    def is_behind(self, account: Account) -> bool:
        """Tell whether the account holds objects, events or usage that are not written yet."""
        newest = account.log.events[-1].id if account.log.events else self._last_event
        return bool(account.dirty or account.usage.unsaved or newest != self._last_event)

    def restore(self, account: Account) -> None:
        """Bring an account back to what was last written, after a request that failed half-way."""
        if self.is_behind(account):
            fresh = self.load(account.main.now, 0)
            kept = {
                name: getattr(account, name) for name in ("lock", "listeners", "base_url", "cause", "ids")
            }
            account.__dict__.update({**fresh.__dict__, **kept})

    def _save_objects(self, account: Account) -> None:
        store, rows, hidden = account.store, [], []
        for object_id in account.dirty:
            thing = store.by_id.get(object_id) or store.gone.get(object_id)
            if thing is not None:
                is_gone = object_id not in store.by_id
                place = 0 if is_gone else store.of(thing["object"]).position[object_id]
                rows.append((object_id, place, orjson.dumps(thing), is_gone))
            if object_id in account.hidden:
                hidden.append((object_id, orjson.dumps(account.hidden[object_id])))
        self._base.executemany("replace into objects values (?, ?, ?, ?)", rows)
        self._base.executemany("replace into hidden values (?, ?)", hidden)
        account.dirty.clear()

    def _save_events(self, account: Account) -> None:
        fresh: list[Event] = []
        for event in reversed(account.log.events):
            if event.id == self._last_event:
                break
            fresh.append(event)
        if not fresh:
            return
        self._last_event = fresh[0].id
        self._base.executemany(
            "replace into events values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (e.id, e.type, e.created, e.object_id, e.data, e.request, e.kept_from, e.pending)
                for e in reversed(fresh)
            ],
        )
        self._base.execute("delete from events where kept_from < ?", (account.log.events[0].kept_from,))

    def delivered(self, event_id: str, pending: int) -> None:
        """Write down how many endpoints still wait for an event."""
        self._base.execute("update events set pending = ? where id = ?", (pending, event_id))

    def reply(self, key: str) -> tuple[str, int, bytes] | None:
        """Return the answer that an idempotency key got, with the fingerprint of its request."""
        row = self._base.execute(
            "select fingerprint, status, body from replies where key = ?", (key,)
        ).fetchone()
        return (row[0], row[1], row[2]) if row else None

    def keep_reply(self, key: str, fingerprint: str, status: int, body: bytes, at: int) -> None:
        """Write down the answer to an idempotency key; those older than a day are forgotten."""
        self._base.execute(
            "replace into replies values (?, ?, ?, ?, ?)", (key, fingerprint, status, body, at)
        )
        self._base.execute("delete from replies where at < ?", (at - 86_400,))

    def load(self, now: int, seed: int) -> Account:
        """Return the account as it was left, or a new one that starts at `now`."""
        state = self.value("account")
        account = Account(state["now"] if state else now, seed)
        if state is None:
            return account
        account.ids.counters.update(state["counters"])
        account.settings.update(state["settings"])
        account.clocks = {clock_id: Timeline(at, clock_id) for clock_id, at in state["clocks"].items()}
        for object_id, body in self._base.execute("select id, body from hidden"):
            account.hidden[object_id] = orjson.loads(body)
        for body, is_gone in self._base.execute("select body, is_gone from objects order by position"):
            thing = orjson.loads(body)
            if is_gone:
                account.store.gone[thing["id"]] = thing
            else:
                account.store.add(thing)
        for identifier, name, customer, at, value in self._base.execute("select * from usage"):
            account.usage.report(identifier, name, customer, (at, Decimal(value)))
        account.usage.unsaved.clear()
        for row in self._base.execute("select * from events order by rowid"):
            account.log.append(Event(*row))
        self._last_event = account.log.events[-1].id if account.log.events else None
        _relink(account)
        account.requeue()
        return account


def _relink(account: Account) -> None:
    """Let objects share again what they showed of each other."""
    store = account.store
    for price in store.of("price"):
        remember_plan(account, price)
    for item in store.of("subscription_item"):
        item["price"] = store.by_id[item["price"]["id"]]
        item["plan"] = account.plans[item["price"]["id"]]
    for subscription in store.of("subscription"):
        show_items(account, subscription)
    for customer in store.of("customer"):
        if customer["discount"]:
            customer["discount"] = store.by_id.get(customer["discount"]["id"], customer["discount"])
    for invoice in store.of("invoice"):
        details = (invoice["parent"] or {}).get("subscription_details")
        if details:
            store.of("invoice").link("subscription", details["subscription"], invoice["id"])
        lines = store.of("line_item").under("invoice", invoice["id"])
        invoice["lines"] = nested(lines, invoice["lines"]["url"])
    for record in store.of("invoice_payment"):
        if intent_id := record["payment"].get("payment_intent"):
            store.of("invoice_payment").link("payment_intent", intent_id, record["id"])
