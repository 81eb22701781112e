"""What someone does to the people of their own tenant: never beyond what they may do themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenants.errors import Conflict
from tenants.mail.links import queue_link, require_room, send_link
from tenants.people.roles import require_grantable, tenant_role

if TYPE_CHECKING:
    from tenants.audit.records import Actor
    from tenants.control import ControlPlane
    from tenants.people.records import User


@dataclass(frozen=True)
class Team:
    """The people of one tenant, as someone with certain permissions changes them.

    Attributes:
        control: Where they are known.
        tenant_id: Whose people.
        own: The permissions of whoever acts.
        by: Who acts, as the audit log names them.
    """

    control: ControlPlane
    tenant_id: str
    own: frozenset[str]
    by: Actor

    def add(self, email: str, name: str, role: str, password: str | None = None) -> User:
        """Add a user within the plan's user limit; without a password they are invited by e-mail.

        Raises:
            InvalidInput: A field is wrong.
            Conflict: There is a user with that address, or people come through their company only.
            NotAllowed: No seat is left, or the role may do more than who grants it.
        """
        granted = tenant_role(role)
        require_grantable(granted, self.own)
        if password is not None and self.control.enforcement.in_force(self.tenant_id) is not None:
            message = "People come through your company's sign-in here; leave the password out."
            raise Conflict(message, "sso_enforced")
        users = self.control.users
        user = users.add(self.tenant_id, email, self.by, name=name, role=granted, password=password)
        if password is None:
            queue_link(self.control, user, "invitation")
        return user

    def change(self, user_id: str, **fields: Any) -> User:  # noqa: ANN401 - the columns of a user
        """Change a user.

        Raises:
            InvalidInput: A field is wrong.
            NotFound: There is no such user here.
            NotAllowed: The user has, or would have, a role beyond one's own.
            Conflict: It would leave the tenant without an owner.
        """
        self._require_within(user_id)
        if fields.get("role") is not None:
            fields["role"] = tenant_role(fields["role"])
            require_grantable(fields["role"], self.own)
        return self.control.users.update(user_id, self.tenant_id, self.by, **fields)

    def deactivate(self, user_id: str) -> User:
        """Take a user out of service; their sessions die at once and their seat is free.

        Raises:
            NotFound: There is no such user here.
            NotAllowed: The user has a role beyond one's own.
            Conflict: It would leave the tenant without an owner.
        """
        self._require_within(user_id)
        return self.control.users.deactivate(user_id, self.tenant_id, self.by)

    def reactivate(self, user_id: str) -> User:
        """Put a user back into service, where a seat is left; who never signed in is invited again.

        Raises:
            NotFound: There is no such user here.
            NotAllowed: The user has a role beyond one's own, or no seat is left.
            Conflict: They are in service.
        """
        self._require_within(user_id)
        require_room(self.control, self.control.users.get(user_id, self.tenant_id))
        user = self.control.users.reactivate(user_id, self.tenant_id, self.by)
        if user.status == "invited":
            queue_link(self.control, user, "invitation")
        return user

    def send_link(self, user_id: str) -> User:
        """Send a user a one-time link to set a password: the invitation again, or a reset.

        Raises:
            NotFound: There is no such user here.
            NotAllowed: The user has a role beyond one's own.
            Conflict: They are out of service.
        """
        self._require_within(user_id)
        user = self.control.users.get(user_id, self.tenant_id)
        send_link(self.control, user, self.by)
        return user

    def _require_within(self, user_id: str) -> None:
        require_grantable(self.control.users.get(user_id, self.tenant_id).role, self.own)
