"""`loki sso`: which identity providers a tenant's people sign in through."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer needs it at run time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenants.access.hosts import Hosts
from tenants.commands.platform import Form, operator, platform, say, show, typed_secret
from tenants.errors import InvalidInput, NotFound
from tenants.sso.checks import require_feature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.control import ControlPlane
    from tenants.sso.connections import Connection
    from tenants.sso.saml.connections import SamlConnection
    from tenants.sso.saml.provider import IdentityProvider

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Trust tenants' identity providers.")


class Protocol(StrEnum):
    """How a provider is spoken to."""

    oidc = "oidc"
    saml = "saml"


Which = Annotated[str, typer.Argument(help="Id or slug of the tenant.")]
Role = Annotated[str, typer.Option(help="What who comes for the first time becomes.")]
_UNVERIFIED = "it was not asked yet, try it by `loki sso test`."
_MARKS = {True: "ok  ", False: "FAIL", None: "?   "}
Shape = Annotated[Form, typer.Option("--format", help="How rows are written.")]


@app.command("show")
def show_providers(tenant: Which, form: Shape = Form.table) -> None:
    """Show the identity providers that a tenant trusts; no secret among it."""
    with platform() as (control, _):
        tenant_id = control.tenants.find(tenant).tenant_id
        rows, policy = _rows(control, tenant_id), control.enforcement.in_force(tenant_id)
    show(rows, form)
    if policy is not None and form is Form.table:
        exempt = policy.break_glass_user_id or "nobody"
        say(f"Enforced since {policy.enforced_at:%Y-%m-%d}; only the password of {exempt} goes on working.")


@app.command()
def oidc(
    tenant: Which,
    issuer: Annotated[str, typer.Option(help="The provider's address.")],
    client_id: Annotated[str, typer.Option(help="Our name there.")],
    role: Role = "agent",
) -> None:
    """Trust an OpenID provider; its client secret is read from the terminal or standard input."""
    secret = typed_secret("Client secret: ")
    with platform() as (control, _):
        connection = control.sso.put(_entitled(control, tenant), issuer, client_id, secret, role, operator())
    say(f"People may sign in through {connection.issuer}; {_UNVERIFIED}")


@app.command()
def saml(  # noqa: PLR0913, PLR0917 - the options of one command
    tenant: Which,
    metadata: Annotated[Path | None, typer.Option(help="The provider's metadata, as a file.")] = None,
    entity_id: Annotated[
        str | None, typer.Option(help="Its entity id; which one, where the metadata has several.")
    ] = None,
    sso_url: Annotated[str | None, typer.Option(help="Where people are sent, by HTTP-Redirect.")] = None,
    certificate: Annotated[
        list[Path] | None, typer.Option(help="A certificate that it signs by, as a PEM file.")
    ] = None,
    role: Role = "agent",
    email_attribute: Annotated[
        str | None, typer.Option(help="The attribute with the e-mail address.")
    ] = None,
    name_attribute: Annotated[str | None, typer.Option(help="The attribute with the name.")] = None,
) -> None:
    """Trust a SAML identity provider: by its metadata, or by entity id, sign-on address and certificates."""
    from tenants.sso.saml.connections import Mapping  # noqa: PLC0415 - start-up time

    mapping = Mapping(default_role=role, email_attribute=email_attribute, name_attribute=name_attribute)
    with platform() as (control, _):
        tenant_id = _entitled(control, tenant)
        if metadata is None:
            provider = _by_fields(control, entity_id, sso_url, certificate or [])
        else:
            provider = control.saml.provider_from(_read(metadata), entity_id)
        connection = control.saml.put(tenant_id, provider, mapping, operator())
    say(f"People may sign in through {connection.entity_id}; {_UNVERIFIED}")


_ENCRYPTION = "Ask for assertions encrypted by AES-GCM."


@app.command("metadata")
def our_metadata(
    tenant: Which,
    encryption: Annotated[bool, typer.Option("--encryption", help=_ENCRYPTION)] = False,  # noqa: FBT002 - a flag
) -> None:
    """Write our own metadata, which the tenant's SAML identity provider reads."""
    from tenants.sso.saml.service import metadata, service_of  # noqa: PLC0415 - start-up time

    with platform() as (control, _):
        service = service_of(control, Hosts(control), _entitled(control, tenant), *_place(control))
    say(metadata(service, invites_encryption=encryption).decode().rstrip())


@app.command()
def rotate(tenant: Which) -> None:
    """Begin to rotate our key: a second one is published beside the first."""
    with platform() as (control, _):
        control.saml.keys.add(_entitled(control, tenant), operator())
    say("There are two keys. Give the provider our metadata again, then run `loki sso retire`.")


@app.command()
def retire(tenant: Which) -> None:
    """End the rotation: the older key is gone, the newer one signs."""
    with platform() as (control, _):
        control.saml.keys.retire(_entitled(control, tenant), operator())
    say("The newer key signs.")


@app.command("test")
def try_out(tenant: Which, protocol: Annotated[Protocol, typer.Argument(help="Which of them.")]) -> None:
    """Try a provider: whether it answers and knows us; it may be enforced once it does."""
    from tenants.sso.addresses import CALLBACK_PATH, origins  # noqa: PLC0415 - start-up time
    from tenants.sso.saml.service import service_of  # noqa: PLC0415 - as above

    with platform() as (control, _):
        tenant_id, hosts, place = _entitled(control, tenant), Hosts(control), _place(control)
        if protocol is Protocol.saml:
            found = control.saml.tried(tenant_id, service_of(control, hosts, tenant_id, *place))
        else:
            origin = origins(control, hosts, tenant_id, *place)[0]
            found = control.sso.tried(tenant_id, f"{origin}{CALLBACK_PATH}")
    for each in found:
        say(f"{_MARKS[each.is_fine]}  {each.sentence}")
    if any(each.is_fine is False for each in found):
        raise typer.Exit(1)


@app.command()
def enforce(
    tenant: Which,
    break_glass: Annotated[
        str | None, typer.Option(help="E-mail address of the owner whose password goes on working.")
    ] = None,
) -> None:
    """Let people come through their company only; sessions by password end at once, API keys go on."""
    with platform() as (control, _):
        tenant_id = _entitled(control, tenant)
        user = None if break_glass is None else control.users.by_email(tenant_id, break_glass)
        if break_glass is not None and user is None:
            message = f"Nobody there has the address {break_glass!r}; name an owner of the tenant."
            raise NotFound(message, "user_not_found")
        control.enforcement.enforce(tenant_id, operator(), None if user is None else user.user_id)
    say("People come through their company only.")


@app.command()
def lift(
    tenant: Which,
    reason: Annotated[str, typer.Option(help="Why, for the tenant's audit trail.")],
) -> None:
    """Let passwords sign in again, as for a tenant whose provider has locked its people out."""
    with platform() as (control, _):
        control.enforcement.lift(control.tenants.find(tenant).tenant_id, operator(), reason)
    say("Passwords sign in again; who has none asks for one on the sign-in page.")


@app.command("identities")
def list_identities(tenant: Which, form: Shape = Form.table) -> None:
    """List whose identities at a provider are linked; people come as the user to whom theirs is."""
    with platform() as (control, _):
        tenant_id = control.tenants.find(tenant).tenant_id
        people = {user.user_id: user.email for user in control.users.of(tenant_id)}
        rows = [
            {
                "identity_id": each.identity_id,
                "email": people[each.user_id],
                "issuer": each.issuer,
                "linked_at": each.linked_at,
            }
            for each in control.identities.of_tenant(tenant_id)
        ]
    show(rows, form)


@app.command()
def unlink(
    tenant: Which, identity: Annotated[str, typer.Argument(help="As `loki sso identities` lists it.")]
) -> None:
    """Let nobody come by an identity any more; the sessions of its user that began so end at once."""
    with platform() as (control, _):
        tenant_id = control.tenants.find(tenant).tenant_id
        owners = {each.identity_id: each.user_id for each in control.identities.of_tenant(tenant_id)}
        if identity not in owners:
            message = f"No identity {identity!r} is linked there; `loki sso identities` lists them."
            raise NotFound(message, "identity_not_found")
        control.identities.unlink(owners[identity], tenant_id, identity, operator())
    say("Nobody comes by it any more.")


@app.command()
def remove(tenant: Which, protocol: Annotated[Protocol, typer.Argument(help="Which of them.")]) -> None:
    """Trust a provider no more; people sign in with passwords again."""
    with platform() as (control, _):
        providers = control.sso if protocol is Protocol.oidc else control.saml
        providers.remove(control.tenants.find(tenant).tenant_id, operator())
    say(f"Nobody signs in by {protocol} any more; living sessions go on until they end or are revoked.")


def _place(control: ControlPlane) -> tuple[str, str]:
    """Return scheme and port by which the platform is reached from outside."""
    is_local = control.settings.base_domain == "localhost"
    return ("http", f":{control.settings.api_port}") if is_local else ("https", "")


def _entitled(control: ControlPlane, which: str) -> str:
    tenant = control.tenants.find(which)
    require_feature(control.catalogue, control.tenants.entitlements(tenant))
    return tenant.tenant_id


def _by_fields(
    control: ControlPlane, entity_id: str | None, sso_url: str | None, certificates: Sequence[Path]
) -> IdentityProvider:
    if entity_id is None or sso_url is None:
        message = "Give --metadata, or --entity-id, --sso-url and --certificate together."
        raise InvalidInput(message, "provider_incomplete")
    texts = [_read(path).decode("ascii", "replace") for path in certificates]
    return control.saml.provider(entity_id, sso_url, texts)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}); check the name."
        raise InvalidInput(message, "file_unreadable") from error


def _rows(control: ControlPlane, tenant_id: str) -> list[dict[str, Any]]:
    openid, saml_provider = control.sso.find(tenant_id), control.saml.find(tenant_id)
    rows = []
    if openid is not None:
        rows.append(_row(Protocol.oidc, openid, openid.issuer, openid.issuer, []))
    if saml_provider is not None:
        ends = _ends(saml_provider)
        named = (saml_provider.entity_id, saml_provider.sso_url)
        rows.append(_row(Protocol.saml, saml_provider, *named, ends))
    return rows


def _row(
    protocol: Protocol, known: Connection | SamlConnection, issuer: str, address: str, ends: list[str]
) -> dict[str, Any]:
    return {
        "protocol": str(protocol),
        "issuer": issuer,
        "address": address,
        "default_role": known.default_role,
        "verified_at": known.tested_at,
        "certificates_expire": ends,
    }


def _ends(connection: SamlConnection) -> list[str]:
    from tenants.sso.saml.certificates import described  # noqa: PLC0415 - start-up time

    return [f"{described(pem).expires_at:%Y-%m-%d}" for pem in connection.certificates]
