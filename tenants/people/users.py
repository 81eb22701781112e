"""Users: of a tenant, unique there by e-mail address, within its user limit; or staff, with no tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.control.tables import one_time_tokens, sessions, users
from tenants.errors import Conflict, NotAllowed, NotFound
from tenants.ids import new_id
from tenants.people.addresses import checked_email
from tenants.people.passwords import hash_password
from tenants.people.records import SEATED, User, checked_name, checked_user
from tenants.people.roles import staff_role, tenant_role

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.engine import Connection, Row

    from tenants.audit.log import AuditLog
    from tenants.audit.records import Actor
    from tenants.clock import Clock
    from tenants.control.database import ControlDatabase
    from tenants.tenancy.tenants import Tenants


class Users:
    """People of tenants and of the platform.

    Args:
        database: The control plane's.
        tenancy: Tells the user limit of a tenant.
        audit: Told of every change.
        clock: The present.
        require_way_left: Refuses to lose an owner without whom none could sign in.
    """

    def __init__(
        self,
        database: ControlDatabase,
        tenancy: Tenants,
        audit: AuditLog,
        clock: Clock,
        require_way_left: Callable[[Connection, User], None],
    ) -> None:
        self._database = database
        self._tenancy = tenancy
        self._audit = audit
        self._clock = clock
        self._require_way_left = require_way_left

    def add(
        self,
        tenant_id: str | None,
        email: str,
        by: Actor,
        *,
        name: str = "",
        role: str | None = None,
        password: str | None = None,
    ) -> User:
        """Add a user to a tenant, or staff where `tenant_id` is None.

        Without a password the user is invited: they sign in once they have set one.

        Raises:
            InvalidInput: A field is wrong.
            Conflict: The address is taken there.
            NotAllowed: The plan's user limit is reached.
        """
        is_staff = tenant_id is None
        user = User(
            user_id=new_id("usr"),
            tenant_id=tenant_id,
            email=checked_email(email),
            name=checked_name(name or email.partition("@")[0]),
            role=staff_role(role or "") if is_staff else tenant_role(role or "agent"),
            status="invited" if password is None else "active",
            password_hash=None if password is None else hash_password(password),
            created_at=self._clock.now(),
            created_by=str(by),
            updated_at=self._clock.now(),
        )

        def work(connection: Connection) -> None:
            self._require_place(connection, user)
            connection.execute(sa.insert(users).values(msgspec.structs.asdict(user)))
            self._tell(connection, by, "user_added", user, {"role": user.role})

        self._database.write(work, touches_access=True)
        return user

    def get(self, user_id: str, tenant_id: str | None) -> User:
        """Return a user of a tenant, or staff where `tenant_id` is None.

        Raises:
            NotFound: There is no such user there.
        """
        with self._database.read() as connection:
            return self._row(connection, user_id, tenant_id)

    def by_email(self, tenant_id: str | None, email: str) -> User | None:
        """Return the user with an address, None where there is none."""
        where = _of(tenant_id) & (users.c.email == email.strip().lower())
        with self._database.read() as connection:
            row = connection.execute(sa.select(users).where(where)).one_or_none()
        return None if row is None else _user(row)

    def anywhere(self, email: str) -> list[User]:
        """Return every user with an address, staff first; one person may work for several tenants."""
        query = sa.select(users).where(users.c.email == email.strip().lower())
        with self._database.read() as connection:
            rows = connection.execute(
                query.order_by(users.c.tenant_id.is_not(None), users.c.created_at)
            ).all()
        return [_user(row) for row in rows]

    def of(self, tenant_id: str | None) -> list[User]:
        """Return the users of a tenant, or all staff, oldest first."""
        query = sa.select(users).where(_of(tenant_id)).order_by(users.c.created_at, users.c.user_id)
        with self._database.read() as connection:
            return [_user(row) for row in connection.execute(query)]

    def seats(self, tenant_id: str) -> int:
        """Return how many users count against the tenant's user limit."""
        with self._database.read() as connection:
            return _seats(connection, tenant_id)

    def update(
        self,
        user_id: str,
        tenant_id: str | None,
        by: Actor,
        action: str = "user_updated",
        **fields: Any,  # noqa: ANN401 - the columns of a user
    ) -> User:
        """Change fields of a user and return it as it is now.

        Raises:
            InvalidInput: A field is wrong.
            NotFound: There is no such user there.
            Conflict: It would leave a tenant without an owner who can sign in, or the platform without an
                operator.
        """

        def work(connection: Connection) -> User:
            old = self._row(connection, user_id, tenant_id)
            user = checked_user(msgspec.structs.replace(old, **fields, updated_at=self._clock.now()))
            if not _stays_head(old, user):
                _require_head(connection, old)
                self._require_way_left(connection, old)
            if old.status == "deactivated" and user.status != "deactivated":
                self._require_seat(connection, tenant_id)
            connection.execute(
                sa.update(users).where(users.c.user_id == user_id).values(msgspec.structs.asdict(user))
            )
            if _ends_sessions(old, user):
                _end_sessions(connection, user_id, self._clock.now())
            if user.status == "deactivated":
                _end_links(connection, user_id, self._clock.now())
            granted = {"role": user.role} if user.role != old.role else {}
            self._tell(connection, by, action, user, {"fields": sorted(fields), **granted})
            return user

        return self._database.write(work, touches_access=True)

    def deactivate(self, user_id: str, tenant_id: str | None, by: Actor) -> User:
        """Take a user out of service; their sessions die at once."""
        return self.update(user_id, tenant_id, by, "user_deactivated", status="deactivated")

    def reactivate(self, user_id: str, tenant_id: str | None, by: Actor) -> User:
        """Put a user back into service, where a seat is left; who never signed in is invited again.

        Raises:
            NotFound: There is no such user there.
            Conflict: They are in service.
            NotAllowed: The plan's user limit is reached.
        """
        user = self.get(user_id, tenant_id)
        if user.status != "deactivated":
            message = "This person is in service already; nothing was changed."
            raise Conflict(message, "user_in_service")
        status = "active" if user.password_hash or user.sign_in_count else "invited"
        return self.update(user_id, tenant_id, by, "user_reactivated", status=status)

    def set_password(self, user_id: str, tenant_id: str | None, password: str, by: Actor) -> User:
        """Set a password, which also completes an invitation; every session of the user dies."""
        kept = hash_password(password)
        return self.update(user_id, tenant_id, by, "password_set", password_hash=kept, status="active")

    def note_sign_in(self, user_id: str) -> None:
        """Count a sign-in and take it as activity."""
        seen = {"sign_in_count": users.c.sign_in_count + 1, "last_active_at": self._clock.now()}
        change = sa.update(users).where(users.c.user_id == user_id).values(seen)
        self._database.write(lambda connection: connection.execute(change).rowcount)

    def _require_place(self, connection: Connection, user: User) -> None:
        where = _of(user.tenant_id) & (users.c.email == user.email)
        if connection.scalar(sa.select(users.c.user_id).where(where)) is not None:
            message = "There is already a user with this address; change that one instead."
            raise Conflict(message, "user_exists")
        self._require_seat(connection, user.tenant_id)

    def _require_seat(self, connection: Connection, tenant_id: str | None) -> None:
        if tenant_id is None:
            return
        limit = self._tenancy.entitlements(self._tenancy.get(tenant_id)).user_limit
        if limit is not None and _seats(connection, tenant_id) >= limit:
            message = f"The plan has room for {limit} users; deactivate one or choose a larger plan."
            raise NotAllowed(message, "user_limit_reached", limit=limit)

    @staticmethod
    def _row(connection: Connection, user_id: str, tenant_id: str | None) -> User:
        where = _of(tenant_id) & (users.c.user_id == user_id)
        row = connection.execute(sa.select(users).where(where)).one_or_none()
        if row is None:
            message = "There is no such user; check the id."
            raise NotFound(message, "user_not_found")
        return _user(row)

    def _tell(
        self, connection: Connection, by: Actor, action: str, user: User, detail: dict[str, Any]
    ) -> None:
        change = Change(
            action=action,
            object_type="user",
            object_id=user.user_id,
            tenant_id=user.tenant_id,
            detail=detail,
            personal={"email": user.email},
        )
        self._audit.append(connection, by, change)


def _of(tenant_id: str | None) -> sa.ColumnElement[bool]:
    return users.c.tenant_id.is_(None) if tenant_id is None else users.c.tenant_id == tenant_id


def _seats(connection: Connection, tenant_id: str) -> int:
    query = sa.select(sa.func.count()).select_from(users).where(_of(tenant_id), users.c.status.in_(SEATED))
    return int(connection.scalar(query) or 0)


def _stays_head(old: User, new: User) -> bool:
    """Tell whether a change takes away no owner of a tenant, or operator of the platform."""
    is_none = old.role != _head(old) or old.status == "deactivated"
    return is_none or (new.role == old.role and new.status in {old.status, "active"})


def _require_head(connection: Connection, old: User) -> None:
    """Refuse to take away the last owner of a tenant, or the platform's last operator.

    In the place of who is in service only someone else in service counts; who is invited and never came is
    no owner yet, but stays one to be while there is no other.
    """
    head = _head(old)
    counted = ("active",) if old.status == "active" else SEATED
    others = (
        sa.select(sa.func.count())
        .select_from(users)
        .where(_of(old.tenant_id), users.c.role == head, users.c.status.in_(counted))
        .where(users.c.user_id != old.user_id)
    )
    if connection.scalar(others) == 0:
        whose = "The platform needs an active operator" if old.is_staff else "A tenant needs an active owner"
        message = f"{whose}; make someone else {head} first."
        raise Conflict(message, f"last_{head}")


def _head(user: User) -> str:
    return "operator" if user.is_staff else "owner"


def _ends_sessions(old: User, new: User) -> bool:
    """Staff begin anew in another role: a page of theirs that is open shows every tenant."""
    is_other_staff = new.is_staff and new.role != old.role
    return new.status != "active" or new.password_hash != old.password_hash or is_other_staff


def _end_sessions(connection: Connection, user_id: str, now: datetime) -> None:
    of_user = sa.update(sessions).where(sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None))
    connection.execute(of_user.values(revoked_at=now))


def _end_links(connection: Connection, user_id: str, now: datetime) -> None:
    """End one-time links: an old one must not open again with its user's return."""
    of_user = sa.update(one_time_tokens).where(one_time_tokens.c.user_id == user_id)
    connection.execute(of_user.where(one_time_tokens.c.used_at.is_(None)).values(used_at=now))


def _user(row: Row[Any]) -> User:
    return User(**row._asdict())
