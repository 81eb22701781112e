"""The platform's own people, as an operator invites and changes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenants.mail.links import queue_link, require_room, send_link
from tenants.people.roles import staff_role

if TYPE_CHECKING:
    from tenants.audit.records import Actor
    from tenants.control import ControlPlane
    from tenants.people.records import User


@dataclass(frozen=True)
class Staff:
    """Everyone who belongs to no tenant.

    Attributes:
        control: Where they are known.
        by: Who acts, as the audit log names them.
    """

    control: ControlPlane
    by: Actor

    def add(self, email: str, name: str, role: str, password: str | None = None) -> User:
        """Add a person; without a password they are invited by e-mail.

        Raises:
            InvalidInput: A field is wrong.
            Conflict: Someone of the staff has that address.
        """
        user = self.control.users.add(None, email, self.by, name=name, role=role, password=password)
        if password is None:
            queue_link(self.control, user, "invitation")
        return user

    def change(self, user_id: str, **fields: Any) -> User:  # noqa: ANN401 - the columns of a user
        """Change a person; in another role they sign in anew.

        Raises:
            InvalidInput: A field is wrong.
            NotFound: Nobody of the staff has that id.
            Conflict: It would leave the platform without an operator.
        """
        if "role" in fields:
            fields["role"] = staff_role(fields["role"])
        return self.control.users.update(user_id, None, self.by, **fields)

    def deactivate(self, user_id: str) -> User:
        """Take a person out of service; their sessions die at once.

        Raises:
            NotFound: Nobody of the staff has that id.
            Conflict: It would leave the platform without an operator.
        """
        return self.control.users.deactivate(user_id, None, self.by)

    def reactivate(self, user_id: str) -> User:
        """Put a person back into service; who never signed in is invited again.

        Raises:
            NotFound: Nobody of the staff has that id.
            Conflict: They are in service.
        """
        require_room(self.control, self.control.users.get(user_id, None))
        user = self.control.users.reactivate(user_id, None, self.by)
        if user.status == "invited":
            queue_link(self.control, user, "invitation")
        return user

    def send_link(self, user_id: str) -> User:
        """Send a person a one-time link to set a password: the invitation again, or a reset.

        Raises:
            NotFound: Nobody of the staff has that id.
            Conflict: They are out of service.
        """
        user = self.control.users.get(user_id, None)
        send_link(self.control, user, self.by)
        return user
