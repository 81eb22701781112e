"""What both kinds of identity providers share: one a tenant, switched on and off, removed, told of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.errors import Conflict, NotFound
from tenants.sso.checks import FEATURE

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection as Transaction

    from tenants.audit.records import Actor
    from tenants.control import ControlPlane


class Switched(Protocol):
    """A provider that is in use or not."""

    @property
    def tenant_id(self) -> str:
        """Return whose it is."""
        ...

    @property
    def updated_at(self) -> datetime:
        """Return when it was saved."""
        ...

    @property
    def tested_at(self) -> datetime | None:
        """Return when it was first seen to work as it is saved."""
        ...

    @property
    def is_enabled(self) -> bool:
        """Return whether people may come by it now."""
        ...


Provider = TypeVar("Provider", bound=Switched)


class Providers(ABC, Generic[Provider]):
    """The identity providers of one kind, of all tenants.

    Args:
        control: Where tenants and people are known.

    Attributes:
        table: Where they are kept.
        kind: What audit actions and the code of a refusal begin with.
        refusal: What who comes by a provider that is not there is told.
    """

    table: ClassVar[sa.Table]
    kind: ClassVar[str]
    refusal: ClassVar[str]

    def __init__(self, control: ControlPlane) -> None:
        self._control = control

    @abstractmethod
    def find(self, tenant_id: str) -> Provider | None:
        """Return a tenant's provider, None where it has none."""

    def is_connected(self, tenant_id: str) -> bool:
        """Return whether the tenant trusts an identity provider and its plan has single sign-on."""
        tenancy = self._control.tenants
        has_feature = FEATURE in tenancy.entitlements(tenancy.known(tenant_id)).features
        found = self.find(tenant_id) if has_feature else None
        return found is not None and found.is_enabled

    def note_working(self, provider: Provider) -> None:
        """Keep that a provider works as it is saved: it passed its test, or someone came by it."""
        if provider.tested_at is not None:
            return
        as_saved = self._of(provider.tenant_id) & (self.table.c.updated_at == provider.updated_at)
        seen = sa.update(self.table).where(as_saved).values(tested_at=self._control.clock.now())
        self._control.database.write(lambda transaction: transaction.execute(seen).rowcount)

    def require_not_the_only_way(self, tenant_id: str) -> None:
        """Refuse to take away the provider by which alone people come while single sign-on is enforced.

        Raises:
            Conflict: It is.
        """
        if self._control.enforcement.in_force(tenant_id) is None:
            return
        others = [each for each in (self._control.sso, self._control.saml) if each.kind != self.kind]
        present = [each.find(tenant_id) for each in others]
        if not any(each and each.is_enabled and each.tested_at for each in present):
            message = "Single sign-on is enforced and this is the only way in; lift that first."
            raise Conflict(message, "sso_enforced")

    def switch(self, tenant_id: str, by: Actor, *, is_enabled: bool) -> None:
        """Let people come by it, or not for the time being.

        Raises:
            NotFound: There is none.
            Conflict: Single sign-on is enforced, and it is the only way in.
        """

        def work(transaction: Transaction) -> None:
            if not is_enabled:
                self.require_not_the_only_way(tenant_id)
            switched = sa.update(self.table).where(self._of(tenant_id)).values(is_enabled=is_enabled)
            if transaction.execute(switched).rowcount == 0:
                raise self.not_connected()
            self._tell(transaction, by, "enabled" if is_enabled else "disabled", tenant_id)

        self._control.database.write(work)

    def remove(self, tenant_id: str, by: Actor) -> None:
        """Trust it no more; who came by it stays a user and may set a password.

        Raises:
            Conflict: Single sign-on is enforced, and it is the only way in.
        """

        def work(transaction: Transaction) -> None:
            self.require_not_the_only_way(tenant_id)
            if transaction.execute(sa.delete(self.table).where(self._of(tenant_id))).rowcount:
                self._tell(transaction, by, "disconnected", tenant_id)

        self._control.database.write(work)

    def not_connected(self) -> NotFound:
        """Return the refusal of a sign-in through a provider that is not there."""
        return NotFound(self.refusal, f"{self.kind}_not_connected")

    def _row(self, transaction: Transaction, tenant_id: str) -> sa.Row[Any] | None:
        return transaction.execute(sa.select(self.table).where(self._of(tenant_id))).one_or_none()

    def _replace(self, transaction: Transaction, tenant_id: str, row: dict[str, Any]) -> None:
        transaction.execute(sa.delete(self.table).where(self._of(tenant_id)))
        transaction.execute(sa.insert(self.table).values(row))

    def _of(self, tenant_id: str) -> sa.ColumnElement[bool]:
        return self.table.c.tenant_id == tenant_id

    def _tell(
        self,
        transaction: Transaction,
        by: Actor,
        what: str,
        tenant_id: str,
        **personal: Any,  # noqa: ANN401 - facts of an entry
    ) -> None:
        change = Change(
            action=f"{self.kind}_{what}",
            object_type="sso",
            object_id=tenant_id,
            tenant_id=tenant_id,
            personal=personal,
        )
        self._control.audit.append(transaction, by, change)
