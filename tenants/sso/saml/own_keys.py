"""Our keys of each tenant, kept sealed: one, or two while the newer takes over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.audit.records import SYSTEM, Change
from tenants.control.identity_tables import saml_keys
from tenants.errors import Conflict, NotFound
from tenants.sso.saml.keys import OwnKey, fresh, opened

if TYPE_CHECKING:
    from sqlalchemy import Connection as Transaction

    from tenants.audit.records import Actor
    from tenants.control import ControlPlane

_MOST = 2


class OwnKeys:
    """Makes, opens and rotates the keys.

    Args:
        control: Seals them under the tenants' own keys.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control

    def of(self, tenant_id: str) -> list[OwnKey]:
        """Return a tenant's keys, oldest first; the first one is made when it is first asked for."""
        with self._control.database.read() as transaction:
            found = self._opened(transaction, tenant_id)
        return found or self._first(tenant_id)

    def add(self, tenant_id: str, by: Actor) -> None:
        """Begin a rotation: a second key opens what is encrypted for it, the first one goes on signing.

        Raises:
            Conflict: There are two already.
        """
        made = self._made(tenant_id)
        self.of(tenant_id)

        def work(transaction: Transaction) -> None:
            numbers = _numbers(transaction, tenant_id)
            if len(numbers) >= _MOST:
                message = "There are two keys already; end that rotation first."
                raise Conflict(message, "rotation_under_way")
            self._insert(transaction, tenant_id, numbers[-1] + 1, made)
            self._tell(transaction, by, "saml_key_added", tenant_id)

        self._control.database.write(work)

    def retire(self, tenant_id: str, by: Actor) -> None:
        """End a rotation: the older key is gone, the newer one signs.

        Raises:
            Conflict: There is only one.
        """

        def work(transaction: Transaction) -> None:
            numbers = _numbers(transaction, tenant_id)
            if len(numbers) < _MOST:
                message = "There is no rotation to end; begin one first."
                raise Conflict(message, "no_rotation")
            oldest = sa.and_(saml_keys.c.tenant_id == tenant_id, saml_keys.c.number == numbers[0])
            transaction.execute(sa.delete(saml_keys).where(oldest))
            self._tell(transaction, by, "saml_key_retired", tenant_id)

        self._control.database.write(work)

    def _first(self, tenant_id: str) -> list[OwnKey]:
        made = self._made(tenant_id)

        def work(transaction: Transaction) -> list[OwnKey]:
            if not _numbers(transaction, tenant_id):
                self._insert(transaction, tenant_id, 1, made)
                self._tell(transaction, SYSTEM, "saml_key_added", tenant_id)
            return self._opened(transaction, tenant_id)

        return self._control.database.write(work)

    def _made(self, tenant_id: str) -> tuple[str, bytes]:
        slug = self._control.tenants.known(tenant_id).slug
        return fresh(f"LOKI for {slug}", self._control.clock.now())

    def _insert(self, transaction: Transaction, tenant_id: str, number: int, made: tuple[str, bytes]) -> None:
        certificate, der = made
        now = self._control.clock.now()
        sealed = self._control.encryption.seal(transaction, tenant_id, der, now)
        if sealed is None:
            message = "This account was erased; nothing can be kept for it."
            raise NotFound(message, "tenant_erased")
        row = {"number": number, "certificate": certificate, "sealed_key": sealed, "created_at": now}
        transaction.execute(sa.insert(saml_keys).values(tenant_id=tenant_id, **row))

    def _opened(self, transaction: Transaction, tenant_id: str) -> list[OwnKey]:
        query = sa.select(saml_keys).where(saml_keys.c.tenant_id == tenant_id).order_by(saml_keys.c.number)
        found = []
        for row in transaction.execute(query):
            der = self._control.encryption.open(transaction, tenant_id, row.sealed_key)
            if der is not None:
                found.append(opened(row.number, row.certificate, der))
        return found

    def _tell(self, transaction: Transaction, by: Actor, action: str, tenant_id: str) -> None:
        change = Change(action=action, object_type="sso", object_id=tenant_id, tenant_id=tenant_id)
        self._control.audit.append(transaction, by, change)


def _numbers(transaction: Transaction, tenant_id: str) -> list[int]:
    query = sa.select(saml_keys.c.number).where(saml_keys.c.tenant_id == tenant_id)
    return list(transaction.scalars(query.order_by(saml_keys.c.number)))
