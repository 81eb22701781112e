"""`loki keys`: API keys of tenants."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenants.commands.platform import Form, operator, platform, say, show
from tenants.keys.granting import require_rate_within

if TYPE_CHECKING:
    from tenants.keys import ApiKey

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Issue, list, rotate and revoke API keys.")

_MOST_DAYS = 36_500
_MOST_HOURS = 24 * 365
_MOST_CALLS = 100_000  # as over HTTP

Which = Annotated[str, typer.Argument(help="Id or slug of the tenant.")]
KeyId = Annotated[str, typer.Argument(help="Id of the key.")]
Shape = Annotated[Form, typer.Option("--format", help="How rows are written.")]


@app.command()
def issue(
    tenant: Which,
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    permission: Annotated[list[str] | None, typer.Option(help="What it may do; may be repeated.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=_MOST_DAYS, help="Ends after so many days.")] = None,
    rate_limit: Annotated[
        int | None,
        typer.Option(min=1, max=_MOST_CALLS, help="Its own number of calls a minute, at most the tenant's."),
    ] = None,
) -> None:
    """Issue a key; its text is the last line, shown this once."""
    with platform() as (control, _):
        ends = None if days is None else control.clock.now() + timedelta(days=days)
        owner = control.tenants.find(tenant)
        require_rate_within(rate_limit, control.tenants.entitlements(owner).rate_limit_per_minute)
        issued = control.keys.issue(
            owner.tenant_id,
            name,
            operator(),
            permissions=permission,
            expires_at=ends,
            rate_limit_per_minute=rate_limit,
        )
    say(f"{issued.key.key_id} may {', '.join(issued.key.permissions)}. Keep its text; it is shown this once:")
    say(issued.text)


@app.command("list")
def list_keys(tenant: Which, form: Shape = Form.table) -> None:
    """List a tenant's keys, ended ones too."""
    with platform() as (control, _):
        rows = [_row(key) for key in control.keys.of(control.tenants.find(tenant).tenant_id)]
    show(rows, form)


@app.command()
def rotate(
    tenant: Which,
    key_id: KeyId,
    overlap_hours: Annotated[
        int, typer.Option(min=0, max=_MOST_HOURS, help="Hours for which the old key goes on.")
    ] = 24,
) -> None:
    """Issue a key in place of another; its text is the last line, shown this once."""
    with platform() as (control, _):
        tenant_id = control.tenants.find(tenant).tenant_id
        issued = control.keys.rotate(tenant_id, key_id, operator(), overlap=timedelta(hours=overlap_hours))
    say(f"{issued.key.key_id} replaces {key_id}. Keep its text; it is shown this once:")
    say(issued.text)


@app.command()
def revoke(tenant: Which, key_id: KeyId) -> None:
    """Revoke a key: the very next call with it is refused."""
    with platform() as (control, _):
        control.keys.revoke(control.tenants.find(tenant).tenant_id, key_id, operator())
    say(f"{key_id} is revoked.")


def _row(key: ApiKey) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "name": key.name,
        "hint": key.hint,
        "permissions": key.permissions,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
    }
