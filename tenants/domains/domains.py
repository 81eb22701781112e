"""Domains of tenants' own."""

from __future__ import annotations

import secrets
from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from tenants.audit.records import SYSTEM, Change
from tenants.control.tables import domains
from tenants.domains.dns_proof import PREFIX, DnsProof
from tenants.domains.names import checked_domain, in_ascii
from tenants.errors import Conflict, NotFound, Unavailable

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from tenants.audit.log import AuditLog
    from tenants.audit.records import Actor
    from tenants.clock import Clock
    from tenants.control.database import ControlDatabase


class Domain(msgspec.Struct, frozen=True, kw_only=True):
    """A domain that a tenant claims; it counts once `verified_at` is set.

    Attributes:
        token: What the TXT record must hold.
    """

    domain: str
    tenant_id: str
    token: str
    claimed_at: datetime
    checked_at: datetime | None = None
    verified_at: datetime | None = None

    @property
    def record_name(self) -> str:
        """Return the name of the TXT record."""
        return PREFIX + self.domain


class Domains:
    """The domains of all tenants.

    Args:
        database: The control plane's.
        audit: Told of every change.
        clock: The present.
        base_domain: The platform's own, which nobody can claim.
        most: How many a tenant may claim.
        proof: How domains are proved.
    """

    def __init__(
        self,
        database: ControlDatabase,
        audit: AuditLog,
        clock: Clock,
        base_domain: str,
        most: int,
        proof: DnsProof | None = None,
    ) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._base = base_domain
        self._most = most
        self.proof = proof or DnsProof()

    def claim(self, tenant_id: str, domain: str, by: Actor) -> Domain:
        """Claim a domain; claiming it again keeps the token.

        Raises:
            InvalidInput: It is no domain.
            Conflict: The tenant claims as many as it may.
        """
        name = checked_domain(domain, self._base)
        token = f"loki-verification={secrets.token_urlsafe(24)}"
        claimed = Domain(domain=name, tenant_id=tenant_id, token=token, claimed_at=self._clock.now())

        def work(connection: Connection) -> Domain:
            known = _find(connection, tenant_id, name)
            if known is not None:
                return known
            self._require_room(connection, tenant_id)
            connection.execute(sa.insert(domains).values(msgspec.structs.asdict(claimed)))
            self._tell(connection, by, "domain_claimed", claimed)
            return claimed

        return self._database.write(work)

    def verify(self, tenant_id: str, domain: str, by: Actor) -> Domain:
        """Look for the proof; a domain whose proof is gone does not count any more.

        Raises:
            NotFound: The tenant does not claim it.
            Conflict: Another tenant has proved it.
            Unavailable: No name server answers.
        """
        claimed = self.get(tenant_id, domain)
        holds = self.proof.holds(claimed.domain, claimed.token)
        now = self._clock.now()
        verified_at = (claimed.verified_at or now) if holds else None
        checked = msgspec.structs.replace(claimed, checked_at=now, verified_at=verified_at)

        def work(connection: Connection) -> Domain:
            if holds:
                _require_unproved(connection, checked)
            of_domain = sa.update(domains).where(_is(tenant_id, claimed.domain))
            connection.execute(of_domain.values(checked_at=now, verified_at=verified_at))
            if (claimed.verified_at is None) == holds:
                self._tell(connection, by, "domain_verified" if holds else "domain_lost", checked)
            return checked

        return self._database.write(work, touches_access=True)

    def check_again(self) -> int:
        """Look for the proof of every domain that counts; return how many were lost."""
        query = sa.select(domains).where(domains.c.verified_at.is_not(None))
        with self._database.read() as connection:
            verified = [Domain(**row._asdict()) for row in connection.execute(query)]
        lost = 0
        for each in verified:
            try:
                lost += self.verify(each.tenant_id, each.domain, SYSTEM).verified_at is None
            except Unavailable:
                continue  # nothing is known, so nothing changes
        return lost

    def release(self, tenant_id: str, domain: str, by: Actor) -> None:
        """Give a domain up.

        Raises:
            NotFound: The tenant does not claim it.
        """
        claimed = self.get(tenant_id, domain)

        def work(connection: Connection) -> None:
            connection.execute(sa.delete(domains).where(_is(tenant_id, claimed.domain)))
            self._tell(connection, by, "domain_released", claimed)

        self._database.write(work, touches_access=True)

    def get(self, tenant_id: str, domain: str) -> Domain:
        """Return a domain that a tenant claims.

        Raises:
            NotFound: It does not.
        """
        with self._database.read() as connection:
            found = _find(connection, tenant_id, in_ascii(domain) or "")
        if found is None:
            message = "There is no such domain; claim it first."
            raise NotFound(message, "domain_not_found")
        return found

    def of(self, tenant_id: str) -> list[Domain]:
        """Return the domains that a tenant claims, by name."""
        query = sa.select(domains).where(domains.c.tenant_id == tenant_id).order_by(domains.c.domain)
        with self._database.read() as connection:
            return [Domain(**row._asdict()) for row in connection.execute(query)]

    def owner_of(self, host: str) -> str | None:
        """Return the tenant that has proved a domain, None where none has."""
        query = sa.select(domains.c.tenant_id).where(
            domains.c.domain == host, domains.c.verified_at.is_not(None)
        )
        with self._database.read() as connection:
            tenant_id: str | None = connection.scalar(query)
        return tenant_id

    def _require_room(self, connection: Connection, tenant_id: str) -> None:
        claimed = sa.select(sa.func.count()).select_from(domains).where(domains.c.tenant_id == tenant_id)
        if (connection.scalar(claimed) or 0) >= self._most:
            message = (
                f"This account claims {self._most} domains already, as many as it may; release one that is "
                "not needed any more first."
            )
            raise Conflict(message, "domain_limit_reached", limit=self._most)

    def _tell(self, connection: Connection, by: Actor, action: str, domain: Domain) -> None:
        change = Change(
            action=action,
            object_type="domain",
            object_id=domain.tenant_id,
            tenant_id=domain.tenant_id,
            personal={"domain": domain.domain},  # a name tells who its owner is
        )
        self._audit.append(connection, by, change)


def _is(tenant_id: str, domain: str) -> sa.ColumnElement[bool]:
    return sa.and_(domains.c.tenant_id == tenant_id, domains.c.domain == domain)


def _find(connection: Connection, tenant_id: str, domain: str) -> Domain | None:
    row: Any = connection.execute(sa.select(domains).where(_is(tenant_id, domain))).one_or_none()
    return None if row is None else Domain(**row._asdict())


def _require_unproved(connection: Connection, domain: Domain) -> None:
    others = sa.select(domains.c.tenant_id).where(
        domains.c.domain == domain.domain,
        domains.c.tenant_id != domain.tenant_id,
        domains.c.verified_at.is_not(None),
    )
    if connection.scalar(others) is not None:
        message = "Another account has proved this domain; have it released there first."
        raise Conflict(message, "domain_taken")
