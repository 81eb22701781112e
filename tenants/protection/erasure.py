"""A tenant's erasure as the control plane sees it: asked for, due, done, and never undone by a restore.

The request names the day by which it happens. When it is done the tenant is known by a keyed hash
and an anonymous id alone; its own key is destroyed, so that what is sealed under it (personal fields
of audit entries, backups that were copied elsewhere) opens for nobody.
"""

from __future__ import annotations

import hmac
import shutil
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.billing.ending import running
from tenants.control.tables import erasures
from tenants.errors import Conflict, NotFound, Unavailable
from tenants.ids import new_id
from tenants.protection import own_rows, remnants
from tenants.protection.backups import Backups
from tenants.protection.erasure_ledger import ErasureLedger
from tenants.protection.erasure_records import DEADLINE, KEPT, Erasure
from tenants.protection.portable import read_rows
from tenants.secret import platform_secret

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenants.audit import Actor
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant

__all__ = ["DEADLINE", "KEPT", "Erasure", "Erasures"]


class Erasures:
    """The requests of all tenants, and the part of an erasure that lies in the control plane and the stores.

    Args:
        control: The tenants.
        stores: Their data.
    """

    def __init__(self, control: ControlPlane, stores: TenantStores) -> None:
        self._control = control
        self._stores = stores
        self.secret = platform_secret(control.settings, "erasures")
        self._ledger = ErasureLedger(control.settings)

    def request(self, tenant: Tenant, by: Actor) -> Erasure:
        """Note that a tenant is to be erased, and take it out of service; asking again changes nothing."""
        known = self._find(tenant.tenant_id)
        if known is not None:
            return known
        now = self._control.clock.now()
        erasure = Erasure(
            anonymous_id=new_id("erased"),
            tenant_hash=self._hash(tenant.tenant_id),
            tenant_id=tenant.tenant_id,
            requested_at=now,
            requested_by=str(by),
            due_at=now + DEADLINE,
            subjects=[],
            erased_at=None,
            certificate=None,
        )
        self._control.database.write(
            lambda connection: connection.execute(sa.insert(erasures).values(msgspec.structs.asdict(erasure)))
        )
        self._control.tenants.deactivate(tenant.tenant_id, by)
        self._tell(by, "erasure_requested", erasure, tenant.tenant_id, due_at=erasure.due_at.isoformat())
        return erasure

    def withdraw(self, tenant: Tenant, by: Actor) -> None:
        """Take a request back and put the tenant into service again.

        Raises:
            NotFound: Nothing was asked for.
            Conflict: It is being carried out: what has ended at Stripe does not come back.
        """
        erasure = self.require(tenant.tenant_id)
        if erasure.certificate is not None:
            message = "The erasure has begun and cannot be taken back; the next run finishes it."
            raise Conflict(message, "erasure_begun")
        gone = sa.delete(erasures).where(erasures.c.anonymous_id == erasure.anonymous_id)
        self._control.database.write(lambda connection: connection.execute(gone))
        self._control.tenants.reactivate(tenant.tenant_id, by)
        self._tell(by, "erasure_withdrawn", erasure, tenant.tenant_id)

    def hasten(self, tenant: Tenant, by: Actor) -> Erasure:
        """Make a request due now, so that the next night carries it out, and return it.

        Raises:
            NotFound: Nothing was asked for.
            Conflict: The tenant is erased already.
        """
        erasure = self.require(tenant.tenant_id)
        due = msgspec.structs.replace(erasure, due_at=min(erasure.due_at, self._control.clock.now()))
        self._update(erasure, due_at=due.due_at)
        self._tell(by, "erasure_hastened", erasure, tenant.tenant_id, due_at=due.due_at.isoformat())
        return due

    def require_none_due(self, tenant_id: str) -> None:
        """Refuse what makes no sense while a tenant waits for its erasure.

        Raises:
            Conflict: It does.
        """
        if self._find(tenant_id) is not None:
            message = (
                "This tenant waits for its erasure; take that back first, which puts it into service too."
            )
            raise Conflict(message, "erasure_pending")

    def require(self, tenant_id: str) -> Erasure:
        """Return the open request of a tenant.

        Raises:
            NotFound: Nothing was asked for.
            Conflict: The tenant is erased already.
        """
        erasure = self._find(tenant_id)
        if erasure is None:
            message = "Nobody asked to erase this tenant; do so with `loki erase request` first."
            raise NotFound(message, "erasure_not_requested")
        if erasure.erased_at is not None:
            message = "This tenant is erased already."
            raise Conflict(message, "tenant_erased")
        return erasure

    def all(self) -> list[Erasure]:
        """Return every request, oldest first."""
        with self._control.database.read() as connection:
            rows = connection.execute(sa.select(erasures).order_by(erasures.c.requested_at))
            return [Erasure(**row._asdict()) for row in rows]

    def due(self) -> list[Erasure]:
        """Return the requests whose day has come and that are not carried out, oldest first."""
        now = self._control.clock.now()
        there = {tenant.tenant_id for tenant in self._control.tenants.all()}
        return [each for each in self.all() if each.tenant_id in there and each.due_at <= now]

    def forgotten(self) -> dict[str, str]:
        """Return the anonymous id by each hash that a pull must know: of tenants and of their Stripe ids."""
        return {
            subject: each.anonymous_id
            for each in self.all()
            for subject in (*each.subjects, *([each.tenant_hash] if each.erased_at else ()))
        }

    def plan(self, tenant: Tenant) -> dict[str, int]:
        """Return what an erasure would remove here, and how many subscriptions it would cancel at Stripe."""
        found, ending = self.held(tenant), len(running(self._control, tenant))
        if ending:
            is_reached = self._control.settings.stripe_api_key is not None
            fate = "to cancel" if is_reached else "left running, as no key is set"
            found[f"stripe: subscriptions {fate}"] = ending
        return found

    def held(self, tenant: Tenant) -> dict[str, int]:
        """Return how many rows and files of a tenant lie in the control plane, its store and its backups."""
        with self._control.database.read() as connection:
            found = {f"control: {name}": count for name, count in own_rows.counts(connection, tenant)}
        # An erasure that was cut off may have dropped the store already; a damaged one goes uncounted.
        with (
            suppress(NotFound, Unavailable),
            self._stores.leased(tenant.tenant_id) as store,
            store.read() as rows,
        ):
            found |= Counter(f"store: {table}" for table, _ in read_rows(rows))
        found["backups: files"] = len(Backups(self._control, self._stores).all(tenant))
        return {place: count for place, count in found.items() if count}

    def note_subjects(self, tenant_id: str, subjects: Iterable[str]) -> Erasure:
        """Keep the hashes of a tenant's customers before anything is erased, and return the request.

        Raises:
            NotFound: Nothing was asked for.
        """
        erasure = self.require(tenant_id)
        named = sorted({*erasure.subjects, *subjects})
        self._update(erasure, subjects=named)
        return msgspec.structs.replace(erasure, subjects=named)

    def erase(self, tenant: Tenant) -> None:
        """Remove a tenant from the control plane, its store and its backups; repeating it does no harm."""
        shutil.rmtree(Backups(self._control, self._stores).folder(tenant), ignore_errors=True)
        self._stores.drop(tenant.tenant_id)
        now = self._control.clock.now()

        def work(connection: sa.Connection) -> None:
            for statement in own_rows.deletions(connection, tenant):
                connection.execute(statement)
            remnants.forget_answers(connection, self._control.encryption, tenant.tenant_id)
            self._control.encryption.destroy(connection, tenant.tenant_id, now)

        self._control.database.write(work, touches_access=True)
        self.sweep()
        self._control.database.compact()

    def prepare(self, erasure: Erasure, certificate: dict[str, Any]) -> Erasure:
        """Keep what the certificate will say, should the erasure be cut off; it cannot be taken back then."""
        self._update(erasure, certificate=certificate)
        return msgspec.structs.replace(erasure, certificate=certificate)

    def finish_cut_off(self, by: Actor) -> list[Erasure]:
        """Complete erasures that were cut off when the tenant was gone and no certificate written yet."""
        there = {None} | {tenant.tenant_id for tenant in self._control.tenants.all()}
        cut_off = [each for each in self.all() if each.tenant_id not in there]
        if cut_off:
            self._control.database.compact()
        return [self.complete(each, by, each.certificate or {}) for each in cut_off]

    def sweep(self) -> int:
        """Remove what Stripe sent of those who are forgotten, also since then; return how many rows."""
        forgotten = self.forgotten()
        if not forgotten:
            return 0
        return self._control.database.write(
            lambda connection: remnants.forget_sent(connection, lambda each: self._hash(each) in forgotten)
        )

    def complete(self, erasure: Erasure, by: Actor, certificate: dict[str, Any]) -> Erasure:
        """Write the certificate, forget the tenant's id, and add the erasure to the ledger file."""
        done = msgspec.structs.replace(
            erasure, tenant_id=None, erased_at=self._control.clock.now(), certificate=certificate
        )
        # The ledger first: cut off between the two, it is written again, which does no harm.
        self._ledger.add(done)
        change = _change("tenant_erased", done, None)
        values = {"tenant_id": None, "erased_at": done.erased_at, "certificate": certificate}

        def work(connection: sa.Connection) -> None:
            connection.execute(_of(done).values(values))
            self._control.audit.append(connection, by, change)

        self._control.database.write(work)
        return done

    def returned(self) -> list[tuple[Tenant, Erasure]]:
        """Return tenants that are erased by the ledger, and that a restore of older state brought back."""
        by_hash, found = self._ledger.by_hash(), []
        for tenant in self._control.tenants.all():
            erasure = by_hash.get(self._hash(tenant.tenant_id))
            if erasure is not None:
                found.append((tenant, self._taken_back(tenant, erasure)))
        return found

    def _taken_back(self, tenant: Tenant, erasure: Erasure) -> Erasure:
        again = msgspec.structs.replace(erasure, tenant_id=tenant.tenant_id, erased_at=None, certificate=None)

        def work(connection: sa.Connection) -> None:
            same = erasures.c.tenant_hash == erasure.tenant_hash
            connection.execute(sa.delete(erasures).where(same))
            connection.execute(sa.insert(erasures).values(msgspec.structs.asdict(again)))

        self._control.database.write(work)
        return again

    def _find(self, tenant_id: str) -> Erasure | None:
        query = sa.select(erasures).where(erasures.c.tenant_hash == self._hash(tenant_id))
        with self._control.database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else Erasure(**row._asdict())

    def _update(self, erasure: Erasure, **fields: Any) -> None:  # noqa: ANN401 - columns
        self._control.database.write(lambda connection: connection.execute(_of(erasure).values(**fields)))

    def _hash(self, tenant_id: str) -> str:
        return hmac.new(self.secret, tenant_id.encode(), "sha256").hexdigest()

    def _tell(self, by: Actor, action: str, erasure: Erasure, tenant_id: str | None, **detail: Any) -> None:  # noqa: ANN401 - facts of an entry
        self._control.audit.record(by, _change(action, erasure, tenant_id, **detail))


def _change(action: str, erasure: Erasure, tenant_id: str | None, **detail: Any) -> Change:  # noqa: ANN401 - as above
    return Change(
        action=action,
        object_type="erasure",
        object_id=erasure.anonymous_id,
        tenant_id=tenant_id,
        detail=orjson.loads(orjson.dumps(detail)),
    )


def _of(erasure: Erasure) -> sa.Update:
    return sa.update(erasures).where(erasures.c.anonymous_id == erasure.anonymous_id)
