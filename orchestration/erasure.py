"""Erases a tenant everywhere: control plane, store, backups, landing zone, published warehouses.

Each step can be repeated, and the request stays open until the last one is done: an erasure
that was cut off is taken up where it stood by the next run. What would go on charging at Stripe is
ended first, as afterwards nobody could tell whom Stripe charges.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from ingest.erasure import Subject
from ingest.erasure.forgotten import subject_hash
from ingest.erasure.landed import count, customers_of, forget, linked
from ingest.streams import open_landing
from orchestration.locking import only_one
from orchestration.refresh import build_and_publish
from tenants.billing.ending import Ender, planned
from tenants.billing.ending_records import Held
from tenants.billing.gateway import StripeGateway
from tenants.control import ControlPlane
from tenants.errors import NotFound, PlatformError
from tenants.protection.erasure import KEPT, Erasure, Erasures
from tenants.stores import TenantStores

if TYPE_CHECKING:
    from collections.abc import Collection

    from ingest.landing import LandingZone
    from orchestration.context import MainJob
    from tenants.audit import Actor
    from tenants.tenancy import Tenant

PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class _Desk:
    control: ControlPlane
    stores: TenantStores
    erasures: Erasures
    landing: LandingZone


def open_desk(job: MainJob, stack: ExitStack) -> _Desk:
    """Open what an erasure works on, until the stack ends."""
    control = stack.enter_context(closing(ControlPlane.open(job.settings, job.clock)))
    stores = stack.enter_context(closing(TenantStores(job.settings, job.clock)))
    return _Desk(control, stores, Erasures(control, stores), open_landing(job.settings, job.clock))


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


def plan_at_stripe(job: MainJob, id_or_slug: str) -> list[str]:
    """Return what an erasure would end, and what it would leave, at Stripe, a line each; nothing changes."""
    with ExitStack() as stack:
        desk = open_desk(job, stack)
        tenant = desk.control.tenants.find(id_or_slug)
        gateway, customers = StripeGateway(job.settings), _customers(desk, tenant)
        return planned(desk.control, desk.stores, gateway, tenant, customers)


def erase(job: MainJob, id_or_slug: str, by: Actor) -> Erasure:
    """Erase a tenant for which it was requested, and return the request with its certificate.

    Raises:
        NotFound: There is no such tenant, or nobody asked for it.
        Conflict: A refresh kept running.
        StillCharged: Stripe did not end everything; nothing was erased.
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

    Raises:
        PlatformError: Some could not be erased, such as whom Stripe still charges; all others are erased.
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
        return finished + _erase_all(job, desk, {each.tenant_id: each for each in due}.values(), by)


def _erase_all(job: MainJob, desk: _Desk, due: Collection[Tenant], by: Actor) -> list[Erasure]:
    done, stopped = [], []
    for tenant in due:
        try:
            done.append(_erase(job, desk, tenant, by))
        except PlatformError as error:
            stopped.append(error)
    if stopped:
        which = f"{len(done):,} of {len(due):,} tenants were erased; " if len(due) > 1 else ""
        message = f"{which}{stopped[0].message}"
        raise type(stopped[0])(message, stopped[0].code) from stopped[0]
    return done


def _erase(job: MainJob, desk: _Desk, tenant: Tenant, by: Actor) -> Erasure:
    job.progress.step("Ending subscriptions at Stripe")
    ending = _end_at_stripe(job, desk, tenant)
    subject = _subject(desk, tenant, "erased")
    ids = linked(desk.landing, subject)
    named = [subject_hash(desk.erasures.secret, each) for each in ids]
    erasure = desk.erasures.note_subjects(tenant.tenant_id, named)
    subject = Subject(tenant.tenant_id, subject.customer_ids, erasure.anonymous_id)
    told = {"places": _places(job, desk, tenant, subject, ids), "stripe": ending, "kept": list(KEPT)}
    erasure = desk.erasures.prepare(erasure, told)
    job.progress.step("Rewriting the landing zone")
    forget(desk.landing, subject, ids)
    job.progress.step("Building the warehouse without the tenant")
    _replace_builds(job)
    job.progress.step("Removing store, backups and accounts")
    desk.erasures.erase(tenant)
    return desk.erasures.complete(erasure, by, told)


def _end_at_stripe(job: MainJob, desk: _Desk, tenant: Tenant) -> dict[str, Any]:
    """End what would go on charging, and return what the certificate says of it."""
    request = desk.erasures.require(tenant.tenant_id)
    told = request.certificate or {}
    begun = told.get("ending") or told.get("stripe", {}).get("done", {})

    def note(held: Held) -> None:
        desk.erasures.prepare(request, {**told, "ending": msgspec.to_builtins(held)})

    # A run that was cut off may have put the anonymous id into what has landed already.
    customers = _customers(desk, tenant) | customers_of(desk.landing, request.anonymous_id)
    ender = Ender(desk.control, desk.stores, StripeGateway(job.settings), request.anonymous_id)
    ending = ender.end(tenant, customers, msgspec.convert(begun, Held), note)
    # A run that was cut off may have dropped the store, which told what was used above quotas.
    before = told.get("stripe", {}).get("not_charged", [])
    not_charged = list(dict.fromkeys([*before, *ending.not_charged]))
    return dict(msgspec.to_builtins(ending)) | {"not_charged": not_charged}


def _places(
    job: MainJob, desk: _Desk, tenant: Tenant, subject: Subject, ids: frozenset[str]
) -> dict[str, int]:
    """Count what goes, before it does; where an earlier run was cut off, what that one counted too."""
    found = desk.erasures.held(tenant)
    found |= {f"landing: {stream}": rows for stream, rows in count(desk.landing, subject, ids).items()}
    found["warehouse: builds"] = len(job.warehouse.build_ids())
    earlier = (desk.erasures.require(tenant.tenant_id).certificate or {}).get("places", {})
    return {place: max(found.get(place, 0), earlier.get(place, 0)) for place in {**earlier, **found}}


def _replace_builds(job: MainJob) -> None:
    """Publish a build of what is left and remove every earlier one."""
    old = job.warehouse.build_ids()
    new = build_and_publish(job).id
    gone = [each for each in old if each != new]
    for each in gone:
        shutil.rmtree(job.state / "builds" / each, ignore_errors=True)


def _subject(desk: _Desk, tenant: Tenant, anonymous_id: str) -> Subject:
    return Subject(tenant.tenant_id, _customers(desk, tenant), anonymous_id)


def _customers(desk: _Desk, tenant: Tenant) -> frozenset[str]:
    known = {tenant.stripe_customer_id} - {None}
    return frozenset(str(each) for each in customers_of(desk.landing, tenant.tenant_id) | known)


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
