"""Erases a tenant everywhere: control plane, store, backups, landing zone, published warehouses.

Each step can be repeated, and the request stays open until the last one is done: an erasure
that was cut off is taken up where it stood by the next run.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.erasure import Subject
from ingest.erasure.forgotten import subject_hash
from ingest.erasure.landed import count, customers_of, forget, linked
from ingest.streams import open_landing
from orchestration.locking import only_one
from orchestration.refresh import build_and_publish
from tenants.control import ControlPlane
from tenants.errors import NotFound
from tenants.protection.erasure import KEPT, Erasure, Erasures
from tenants.stores import TenantStores

if TYPE_CHECKING:
    from ingest.landing import LandingZone
    from orchestration.context import MainJob
    from tenants.audit import Actor
    from tenants.tenancy import Tenant

PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class _Desk:
    control: ControlPlane
    erasures: Erasures
    landing: LandingZone


def open_desk(job: MainJob, stack: ExitStack) -> _Desk:
    """Open what an erasure works on, until the stack ends."""
    control = stack.enter_context(closing(ControlPlane.open(job.settings, job.clock)))
    stores = stack.enter_context(closing(TenantStores(job.settings, job.clock)))
    return _Desk(control, Erasures(control, stores), open_landing(job.settings, job.clock))


def plan(job: MainJob, id_or_slug: str) -> dict[str, int]:
    """Return what an erasure would touch, by place; nothing changes."""
    with ExitStack() as stack:
        desk = open_desk(job, stack)
        tenant = desk.control.tenants.find(id_or_slug)
        found = desk.erasures.plan(tenant)
        subject = _subject(desk, tenant, "erased")
        rows = count(desk.landing, subject, linked(desk.landing, subject))
        found.update({f"landing: {stream}": number for stream, number in rows.items()})
        found["warehouse: builds"] = len(job.warehouse.build_ids())
        return {place: number for place, number in found.items() if number}


def erase(job: MainJob, id_or_slug: str, by: Actor) -> Erasure:
    """Erase a tenant for which it was requested, and return the request with its certificate.

    Raises:
        NotFound: There is no such tenant, or nobody asked for it.
        Conflict: A refresh kept running.
    """
    with ExitStack() as stack:
        stack.enter_context(only_one(job.state, wait_seconds=PATIENCE_SECONDS))
        desk = open_desk(job, stack)
        return _erase(job, desk, desk.control.tenants.find(id_or_slug), by)


def erase_due(job: MainJob, by: Actor, only: frozenset[str] | None = None) -> list[Erasure]:
    """Erase every tenant whose day has come and those that a restore brought back; forget late webhooks.

    Args:
        job: Where everything lies.
        by: Who has it done.
        only: Anonymous ids of requests; of those that are due no others are carried out.
    """
    with ExitStack() as stack:
        stack.enter_context(only_one(job.state, wait_seconds=PATIENCE_SECONDS))
        desk = open_desk(job, stack)
        desk.erasures.sweep()
        finished = desk.erasures.finish_cut_off(by)
        due = [] if only is not None else [tenant for tenant, _ in desk.erasures.returned()]
        due += [
            desk.control.tenants.get(str(each.tenant_id))
            for each in desk.erasures.due()
            if only is None or each.anonymous_id in only
        ]
        waiting = {each.tenant_id: each for each in due}.values()
        return finished + [_erase(job, desk, tenant, by) for tenant in waiting]


def _erase(job: MainJob, desk: _Desk, tenant: Tenant, by: Actor) -> Erasure:
    subject = _subject(desk, tenant, "erased")
    ids = linked(desk.landing, subject)
    named = [subject_hash(desk.erasures.secret, each) for each in ids]
    erasure = desk.erasures.note_subjects(tenant.tenant_id, named)
    subject = Subject(tenant.tenant_id, subject.customer_ids, erasure.anonymous_id)
    places: dict[str, Any] = desk.erasures.plan(tenant)
    job.progress.step("Rewriting the landing zone")
    places |= {f"landing: {stream}": rows for stream, rows in forget(desk.landing, subject, ids).items()}
    job.progress.step("Building the warehouse without the tenant")
    places["warehouse: builds"] = _replace_builds(job)
    job.progress.step("Removing store, backups and accounts")
    erasure = desk.erasures.prepare(erasure, {"places": places, "kept": list(KEPT)})
    desk.erasures.erase(tenant)
    return desk.erasures.complete(erasure, by, erasure.certificate or {})


def _replace_builds(job: MainJob) -> int:
    """Publish a build of what is left and remove every earlier one; return how many went."""
    old = job.warehouse.build_ids()
    new = build_and_publish(job).id
    gone = [each for each in old if each != new]
    for each in gone:
        shutil.rmtree(job.state / "builds" / each, ignore_errors=True)
    return len(gone)


def _subject(desk: _Desk, tenant: Tenant, anonymous_id: str) -> Subject:
    known = {tenant.stripe_customer_id} - {None}
    customers = customers_of(desk.landing, tenant.tenant_id) | known
    return Subject(tenant.tenant_id, frozenset(str(each) for each in customers), anonymous_id)


def requested(job: MainJob, id_or_slug: str, by: Actor) -> Erasure:
    """Note a request and return it with the day by which it happens."""
    with ExitStack() as stack:
        desk = open_desk(job, stack)
        return desk.erasures.request(desk.control.tenants.find(id_or_slug), by)


def withdrawn(job: MainJob, id_or_slug: str, by: Actor) -> None:
    """Take a request back."""
    with ExitStack() as stack:
        desk = open_desk(job, stack)
        desk.erasures.withdraw(desk.control.tenants.find(id_or_slug), by)


def requests(job: MainJob) -> list[Erasure]:
    """Return every request, with its certificate where it is done."""
    with ExitStack() as stack:
        return open_desk(job, stack).erasures.all()


def certificate(job: MainJob, anonymous_id: str) -> Erasure:
    """Return a request that is done.

    Raises:
        NotFound: There is none under that id.
    """
    for each in requests(job):
        if each.anonymous_id == anonymous_id and each.erased_at is not None:
            return each
    message = f"There is no certificate {anonymous_id!r}; `loki erase list` shows them."
    raise NotFound(message, "certificate_not_found")
