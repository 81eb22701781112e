"""`loki users`: people of tenants, and the platform's staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenants.commands.platform import Form, operator, platform, say, show, typed_secret
from tenants.errors import NotFound
from tenants.mail.links import base_of, purpose_of
from tenants.people.roles import STAFF_ROLES, TENANT_ROLES, staff_role, tenant_role

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.people.records import User

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Add, list and change users and staff.")

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
At = Annotated[str | None, typer.Option("--tenant", help="Id or slug of the tenant; left out: staff.")]
Role = Annotated[
    str | None, typer.Option(help=f"{', '.join(TENANT_ROLES)}; staff: {', '.join(STAFF_ROLES)}.")
]
Shape = Annotated[Form, typer.Option("--format", help="How rows are written.")]
WithPassword = Annotated[
    bool, typer.Option("--password", help="Read a password, from the terminal or standard input.")
]


@app.command()
def add(
    email: Email,
    tenant: At = None,
    role: Role = None,
    name: Annotated[str, typer.Option(help="How they are called.")] = "",
    password: WithPassword = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Add a user to a tenant, or a person of the staff; without a password they are invited."""
    given = typed_secret("Password: ") if password else None
    with platform() as (control, _):
        tenant_id = _tenant_id(control, tenant)
        user = control.users.add(tenant_id, email, operator(), name=name, role=role, password=given)
    say(f"{user.user_id} is {user.role} ({user.status}).")


@app.command("list")
def list_users(tenant: At = None, form: Shape = Form.table) -> None:
    """List the users of a tenant, or the staff."""
    with platform() as (control, _):
        rows = [_row(user) for user in control.users.of(_tenant_id(control, tenant))]
    show(rows, form)


@app.command()
def role(
    email: Email, new_role: Annotated[str, typer.Argument(help="The new role.")], tenant: At = None
) -> None:
    """Give a person another role; sessions of staff end at once."""
    with platform() as (control, _):
        user = _find(control, email, tenant)
        checked = staff_role(new_role) if user.is_staff else tenant_role(new_role)
        control.users.update(user.user_id, user.tenant_id, operator(), role=checked)
    say(f"{user.user_id} is {checked}.")


@app.command("set-password")
def set_password(email: Email, tenant: At = None) -> None:
    """Set a person's password, read from the terminal or standard input; their sessions end."""
    given = typed_secret("Password: ")
    with platform() as (control, _):
        user = _find(control, email, tenant)
        control.users.set_password(user.user_id, user.tenant_id, given, operator())
    say(f"{user.user_id} has a new password; their sessions have ended.")


@app.command()
def invite(email: Email, tenant: At = None) -> None:
    """Make a one-time link by which a person sets a password; it ends earlier ones."""
    with platform() as (control, _):
        user = _find(control, email, tenant)
        text = control.tokens.issue(user, purpose_of(user))
        link = f"{base_of(control, user)}/set-password?token={text}"
    say(f"Send this to {user.email}; it works once:")
    say(link)


@app.command()
def deactivate(email: Email, tenant: At = None) -> None:
    """Take a person out of service; their sessions end at once."""
    with platform() as (control, _):
        user = _find(control, email, tenant)
        control.users.deactivate(user.user_id, user.tenant_id, operator())
    say(f"{user.user_id} is out of service.")


@app.command()
def reactivate(email: Email, tenant: At = None) -> None:
    """Put a person back into service, within the plan's user limit."""
    with platform() as (control, _):
        user = _find(control, email, tenant)
        status = control.users.reactivate(user.user_id, user.tenant_id, operator()).status
    say(f"{user.user_id} is in service ({status}).")


def _tenant_id(control: ControlPlane, tenant: str | None) -> str | None:
    return None if tenant is None else control.tenants.find(tenant).tenant_id


def _find(control: ControlPlane, email: str, tenant: str | None) -> User:
    user = control.users.by_email(_tenant_id(control, tenant), email)
    if user is None:
        where = "on the staff; name their tenant with --tenant" if tenant is None else "there"
        message = f"Nobody with the address {email!r} is {where}."
        raise NotFound(message, "user_not_found")
    return user


def _row(user: User) -> dict[str, Any]:
    return {
        "user_id": user.user_id,
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "status": user.status,
        "last_active_at": user.last_active_at,
        "sign_ins": user.sign_in_count,
    }
