"""Tenants in the control plane: made, found, changed, taken out of service, closed."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.control.generations import AccessCache
from tenants.control.tables import tenants
from tenants.errors import Conflict, NotFound
from tenants.ids import new_id
from tenants.tenancy import checks
from tenants.tenancy.entitlements import Entitlements, entitlements_of
from tenants.tenancy.records import NewTenant, Overrides, Tenant
from tenants.tenancy.slugs import checked_slug, slug_from
from tenants.tenancy.terms import EarlierTerms, changed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.engine import Connection, Row

    from tenants.audit.log import AuditLog
    from tenants.audit.records import Actor
    from tenants.catalogue import Catalogue
    from tenants.clock import Clock
    from tenants.control.database import ControlDatabase


class Tenants:
    """The tenants of this installation.

    Args:
        database: The control plane's.
        catalogue: The plans they are on.
        audit: Told of every change.
        clock: The present.
    """

    def __init__(
        self, database: ControlDatabase, catalogue: Catalogue, audit: AuditLog, clock: Clock
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._audit = audit
        self._clock = clock
        self._known: AccessCache[Tenant] = AccessCache(database)

    def create(self, new: NewTenant, by: Actor) -> Tenant:
        """Make a tenant; its store is made by `provision`.

        Raises:
            InvalidInput: A field is wrong.
            Conflict: The slug or id is taken.
        """
        tenant = self.draft(new, by)

        def work(connection: Connection) -> None:
            self._require_free(connection, tenant)
            connection.execute(sa.insert(tenants).values(_values(tenant)))
            self._tell(connection, by, "tenant_created", tenant, {"plan": tenant.plan})

        self._database.write(work, touches_access=True)
        return tenant

    def get(self, tenant_id: str) -> Tenant:
        """Return a tenant by id.

        Raises:
            NotFound: There is none.
        """
        return self._one(tenants.c.tenant_id == tenant_id)

    def known(self, tenant_id: str) -> Tenant:
        """Return a tenant by id, as access decides on it: from memory until anything of access changes.

        Raises:
            NotFound: There is none.
        """
        return self._known.get(tenant_id, lambda: self.get(tenant_id))

    def find(self, id_or_slug: str) -> Tenant:
        """Return a tenant by id or slug, as people name it at the command line.

        Raises:
            NotFound: There is none.
        """
        return self._one(sa.or_(tenants.c.tenant_id == id_or_slug, tenants.c.slug == id_or_slug))

    def by_stripe_customer(self, customer_id: str) -> Tenant | None:
        """Return the tenant of a Stripe customer, None where it is no tenant of ours."""
        with self._database.read() as connection:
            row = connection.execute(
                sa.select(tenants).where(tenants.c.stripe_customer_id == customer_id)
            ).one_or_none()
        return None if row is None else _tenant(row)

    def all(self) -> list[Tenant]:
        """Return every tenant, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(tenants).order_by(tenants.c.created_at, tenants.c.tenant_id))
            return [_tenant(row) for row in rows]

    def entitlements(self, tenant: Tenant) -> Entitlements:
        """Return what the tenant may use now."""
        return entitlements_of(tenant, self._catalogue)

    def update(
        self,
        tenant_id: str,
        by: Actor,
        action: str = "tenant_updated",
        reason: str | None = None,
        **fields: Any,  # noqa: ANN401 - the columns of a tenant
    ) -> Tenant:
        """Change fields of a tenant and return it as it is now.

        Args:
            tenant_id: Which.
            by: Who does.
            action: What the audit log calls it.
            reason: Why, in the words of whoever does; kept in the audit log as long as what is personal.
            **fields: The columns of a tenant.

        Raises:
            InvalidInput: A field is wrong.
            NotFound: There is no such tenant.
        """
        told = {} if reason is None else {"reason": checks.checked_reason(reason)}

        def work(connection: Connection) -> Tenant:
            return self.update_within(connection, tenant_id, by, action, fields, told)

        return self._database.write(work, touches_access=True)

    def update_within(
        self,
        connection: Connection,
        tenant_id: str,
        by: Actor,
        action: str,
        fields: dict[str, Any],
        personal: Mapping[str, str] = MappingProxyType({}),
        since: datetime | None = None,
    ) -> Tenant:
        """Change fields within a transaction that the caller holds; it must touch access.

        `since` is when the change came about, where that was told.
        """
        old = self._row(connection, tenants.c.tenant_id == tenant_id)
        fields = self._with_fitting_modules(old, fields)
        stamp = {"updated_at": self._clock.now(), "updated_by": str(by)}
        tenant = self._with_earlier(old, msgspec.structs.replace(old, **fields, **stamp), since)
        checks.check_tenant(tenant, self._catalogue)
        connection.execute(sa.update(tenants).where(tenants.c.tenant_id == tenant_id).values(_values(tenant)))
        self._tell(connection, by, action, tenant, {"fields": sorted(fields)}, personal)
        return tenant

    def deactivate(self, tenant_id: str, by: Actor, reason: str | None = None) -> Tenant:
        """Take a tenant out of service; its data stays."""
        return self.update(tenant_id, by, "tenant_deactivated", reason, deactivated_at=self._clock.now())

    def reactivate(self, tenant_id: str, by: Actor, reason: str | None = None) -> Tenant:
        """Put a tenant back into service.

        Raises:
            Conflict: It is closed.
        """
        if self.get(tenant_id).closed_at is not None:
            message = "The tenant is closed; create a new one."
            raise Conflict(message, "tenant_closed")
        return self.update(tenant_id, by, "tenant_reactivated", reason, deactivated_at=None)

    def close(self, tenant_id: str, by: Actor, reason: str | None = None) -> Tenant:
        """End a tenant for good; what it has stays until it is erased. Closing it again changes nothing.

        Raises:
            Conflict: Its subscription goes on: it would be charged, and could not end that itself.
        """
        tenant = self.get(tenant_id)
        if tenant.closed_at is not None:
            return tenant
        if tenant.stripe_subscription_id is not None and tenant.status != "canceled":
            message = "Its subscription goes on and would be charged; cancel that first, from now on."
            raise Conflict(message, "subscription_running")
        return self.update(tenant_id, by, "tenant_closed", reason, closed_at=self._clock.now())

    def draft(self, new: NewTenant, by: Actor) -> Tenant:
        """Return the tenant that `create` would make, checked but not written.

        Raises:
            InvalidInput: A field is wrong.
        """
        defaults, now = self._catalogue.defaults, self._clock.now()
        given = {name: getattr(new, name) for name in ("plan", "status", "billing_email", "modules")}
        tenant = Tenant(
            **given,
            tenant_id=new.tenant_id or new_id("ten"),
            name=new.name.strip(),
            slug=checked_slug(new.slug) if new.slug else slug_from(new.name),
            region=new.region or defaults.region,
            time_zone=new.time_zone or defaults.time_zone,
            language=new.language or defaults.language,
            overrides=new.overrides,
            retention_days=defaults.retention_days,
            is_audited=defaults.is_audited,
            keeps_documents=False,
            stripe_customer_id=new.stripe_customer_id,
            stripe_subscription_id=None,
            usage_anchor_at=new.usage_anchor_at,
            cancel_at_period_end=False,
            payment_failures=0,
            deactivated_at=None,
            closed_at=None,
            erased_at=None,
            created_at=now,
            created_by=str(by),
            updated_at=now,
            updated_by=str(by),
        )
        checks.check_tenant(tenant, self._catalogue)
        return tenant

    def _with_fitting_modules(self, old: Tenant, fields: dict[str, Any]) -> dict[str, Any]:
        """A smaller plan switches off what it does not have; what it has stays as it was."""
        if "plan" not in fields or "modules" in fields or old.modules is None:
            return fields
        has = self._catalogue.plan(fields["plan"]).modules
        return {**fields, "modules": tuple(module for module in old.modules if module in has)}

    def _with_earlier(self, old: Tenant, new: Tenant, since: datetime | None) -> Tenant:
        """Return a changed tenant that still knows what held before."""
        was, will = (entitlements_of(each, self._catalogue) for each in (old, new))
        is_first = old.stripe_subscription_id is None
        earlier = changed(was, will, self._clock.now(), is_first_anchor=is_first, since=since)
        return msgspec.structs.replace(new, earlier=earlier)

    def _require_free(self, connection: Connection, tenant: Tenant) -> None:
        same = sa.or_(tenants.c.slug == tenant.slug, tenants.c.tenant_id == tenant.tenant_id)
        if connection.scalar(sa.select(tenants.c.tenant_id).where(same)) is not None:
            message = f"There is already a tenant with the slug {tenant.slug!r} or that id; choose another."
            raise Conflict(message, "tenant_exists")

    def _one(self, condition: sa.ColumnElement[bool]) -> Tenant:
        with self._database.read() as connection:
            return self._row(connection, condition)

    @staticmethod
    def _row(connection: Connection, condition: sa.ColumnElement[bool]) -> Tenant:
        row = connection.execute(sa.select(tenants).where(condition)).first()
        if row is None:
            message = "There is no such tenant; check the id or slug."
            raise NotFound(message, "tenant_not_found")
        return _tenant(row)

    def _tell(
        self,
        connection: Connection,
        by: Actor,
        action: str,
        tenant: Tenant,
        detail: dict[str, Any],
        personal: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        change = Change(
            action=action,
            object_type="tenant",
            object_id=tenant.tenant_id,
            tenant_id=tenant.tenant_id,
            detail=detail,
            personal=personal,
        )
        self._audit.append(connection, by, change)


def _values(tenant: Tenant) -> dict[str, Any]:
    in_json = {name: msgspec.to_builtins(getattr(tenant, name)) for name in ("overrides", "earlier")}
    return {**msgspec.structs.asdict(tenant), **in_json}


def _tenant(row: Row[Any]) -> Tenant:
    fields = row._asdict()
    fields["overrides"] = msgspec.convert(fields["overrides"], Overrides, strict=False)
    fields["earlier"] = msgspec.convert(fields["earlier"], EarlierTerms, strict=False)
    fields["modules"] = None if fields["modules"] is None else tuple(fields["modules"])
    return Tenant(**fields)
