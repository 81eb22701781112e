"""A tenant whose people write into every field they have, each with a word of its own."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tenants.audit import Actor
from tenants.control.identity_tables import identities
from tenants.mail.links import queue_link
from tenants.people.roles import ALL_PERMISSIONS
from tenants.sso.saml.connections import Mapping
from tenants.sso.saml.once import use_once
from tenants.tenancy import NewTenant, Overrides
from tenants.tenancy.provisioning import provision
from tests.orchestration.searching import Words
from tests.tenants import factories as make
from tests.tenants.api.serving import Client
from tests.tenants.sso.saml_provider import certificate, rsa_key
from tests.validation_engine.factories import GATE

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    import requests

    from orchestration.demo.sandbox import Sandbox
    from tenants.api.deps import Deps
    from tenants.control import ControlPlane
    from tenants.people.records import User
    from tenants.tenancy import Tenant

_FEATURES = ("white_label", "sso", "custom_gates")
_PASSWORD = "correct horse"


@dataclass
class Planted:
    """One tenant with the words that it wrote."""

    tenant: Tenant
    words: Words
    log_rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Garden:
    """Where tenants are planted: the API as it is served, the sandbox, the folder of usage logs."""

    deps: Deps
    address: str
    sandbox: Sandbox
    logs: Path
    random: Random

    def plant(self, number: int) -> Planted:
        """Make a tenant and let its people use everything."""
        words = Words(self.random)
        new = NewTenant(
            name=f"{words('name')} Ltd",
            plan="starter",
            slug=f"firm-{number}",
            billing_email=f"{words('billing_email')}@acme.test",
            overrides=Overrides(rate_limit_per_minute=100_000, features=_FEATURES, user_limit=10),
        )
        tenant = provision(self.deps.control, self.deps.stores, new, make.BY)
        owner, person = self._person(tenant, words)
        _settings(person, tenant, words)
        _people(person, owner, words)
        _look(person, words)
        _identities(self.deps, person, tenant, owner, words)
        _documents(person, words)
        _usage(person, words)
        self._billing(tenant, words)
        return Planted(self.deps.control.tenants.get(tenant.tenant_id), words, _log_rows(tenant, words))

    def write_logs(self, planted: list[Planted], name: str = "usage.ndjson") -> None:
        """Write what a gateway logged of the tenants, a row that does not fit among them."""
        rows = [row for each in planted for row in each.log_rows]
        self.logs.mkdir(exist_ok=True)
        (self.logs / name).write_text("".join(f"{json.dumps(row)}\n" for row in rows))

    def _person(self, tenant: Tenant, words: Words) -> tuple[User, Client]:
        email = f"{words('owner_email')}@acme.test"
        name = words("owner_name")
        owner = self.deps.control.users.add(
            tenant.tenant_id, email, make.BY, name=name, role="owner", password=_PASSWORD
        )
        # Fifty people at one address would be slowed down on the sign-in page.
        queue_link(self.deps.control, owner, "password_reset")
        agent = words("user_agent")
        who = Actor("user", owner.user_id, f"{words('address')}.example.com", agent)
        token, _ = self.deps.sessions.begin(owner, "password", who)
        person = Client(self.address, f"{tenant.slug}.loki.test", {"User-Agent": agent})
        person.cookies["loki_session"] = token
        return owner, person

    def _billing(self, tenant: Tenant, words: Words) -> None:
        self.deps.billing.subscribe(tenant, "starter", "month", make.BY, "pm_card_visa")
        customer = self.deps.control.tenants.get(tenant.tenant_id).stripe_customer_id
        told = {
            "name": words("stripe_name"),
            "description": words("stripe_description"),
            "phone": words("stripe_phone"),
            "address": {"line1": words("stripe_address"), "country": "GB"},
        }
        self.sandbox.call("POST", f"/v1/customers/{customer}", told)


def _sent(answer: requests.Response) -> Any:
    told = (answer.request.url, answer.status_code, answer.text)
    assert answer.status_code in {200, 201, 202}, told
    is_json = "json" in answer.headers.get("content-type", "")
    return answer.json() if is_json and answer.content else None


def _settings(person: Client, tenant: Tenant, words: Words) -> None:
    wanted = {"keeps_documents": True, "is_audited": True, "name": f"{words('new_name')} Ltd"}
    _sent(person.patch(f"/v1/tenants/{tenant.tenant_id}", json=wanted))


def _people(person: Client, owner: User, words: Words) -> None:
    guest = {"email": f"{words('invited_email')}@acme.test", "name": words("invited_name")}
    _sent(person.post("/v1/users", json=guest, headers={"Idempotency-Key": words("user_key")}))
    _sent(person.patch(f"/v1/users/{owner.user_id}", json={"notifications": {"welcome": False}}))
    key = {"name": words("key_name"), "permissions": sorted(ALL_PERMISSIONS & {"documents:validate"})}
    _sent(person.post("/v1/api-keys", json=key, headers={"Idempotency-Key": words("key_key")}))


def _look(person: Client, words: Words) -> None:
    css = f".{words('css')} {{ color: #AA0000 }}"
    _sent(person.put("/v1/branding", json={"css": css, "primary_colour": "#AA0000"}))
    told, out = PngInfo(), io.BytesIO()
    told.add_text("Author", words("logo_metadata"))
    Image.new("RGB", (40, 20), "#336699").save(out, "PNG", pnginfo=told)
    _sent(person.put("/v1/branding/logo", files={"file": (words("logo_file"), out.getvalue(), "image/png")}))
    _sent(person.post("/v1/domains", json={"domain": f"{words('domain')}.example.com"}))


def _identities(deps: Deps, person: Client, tenant: Tenant, owner: User, words: Words) -> None:
    connection = {
        "issuer": f"https://{words('sso_issuer')}.example.com",
        "client_id": words("sso_client"),
        "client_secret": words("sso_secret"),
    }
    _sent(person.put("/v1/sso", json=connection))
    row = {
        "tenant_id": tenant.tenant_id,
        "issuer": connection["issuer"],
        "subject": words("sso_subject"),
        "user_id": owner.user_id,
        "created_at": make.NOW,
    }
    deps.control.database.write(lambda transaction: transaction.execute(sa.insert(identities).values(row)))
    _saml(deps.control, tenant, words)


def _saml(control: ControlPlane, tenant: Tenant, words: Words) -> None:
    entity_id = f"https://{words('saml_issuer')}.example.com/metadata"
    sso_url = f"https://{words('saml_address')}.example.com/sso"
    provider = control.saml.provider(entity_id, sso_url, [certificate(rsa_key())])
    mapping = Mapping(email_attribute=words("saml_email"), name_attribute=words("saml_name"))
    control.saml.put(tenant.tenant_id, provider, mapping, make.BY)
    used = {"request": words("saml_request"), "assertion": words("saml_assertion")}
    use_once(control, tenant.tenant_id, used, control.clock.now() + timedelta(minutes=5))


def _documents(person: Client, words: Words) -> None:
    jargon, gate_id = words("gate_pattern"), words("gate_id")
    gate = (
        GATE.replace("no_jargon", gate_id)
        .replace("No jargon", words("gate_title"))
        .replace("The text uses jargon.", f"It says {words('gate_message')}.")
        .replace("Readers want plain words.", words("gate_why"))
        .replace("Say it plainly.", words("gate_suggestion"))
        .replace("House style", words("gate_reference"))
        .replace("synergy", jargon)
    )
    _sent(person.post("/v1/custom-gates", json={"body": gate}))
    text = f"Our {jargon} is {words('document')}, says the board."
    wanted = {"document": text, "modules": ["fca_uk"], "reference": "one"}
    headers = {"Idempotency-Key": words("validation_key")}
    _sent(person.post("/v1/validations", json=wanted, headers=headers))
    file = (f"{words('file_name')}.txt", f"Our {jargon} is {words('file')}.".encode(), "text/plain")
    _sent(person.post("/v1/validations", files={"file": file}, data={"modules": "fca_uk"}))
    batch = [
        {"document": f"We {words('batch_document')}.", "modules": ["fca_uk"], "reference": words("reference")}
    ]
    _sent(person.post("/v1/validations/batches", json={"documents": batch}))
    waiver = {"gate_id": f"custom.{gate_id}", "fingerprint": "f" * 24, "reason": words("reason")}
    _sent(person.post("/v1/suppressions", json=waiver))


def _usage(person: Client, words: Words) -> None:
    event = {
        "specversion": "1.0",
        "id": words("event_id"),
        "source": words("event_source"),
        "type": "loki.usage.conversations",
        "time": make.NOW.isoformat(),
        "data": {"units": "1", "module": words("event_module"), "endpoint": words("event_endpoint")},
    }
    _sent(person.post("/v1/usage/events", json=[event]))


def _log_rows(tenant: Tenant, words: Words) -> list[dict[str, Any]]:
    row = {
        "tenant_id": tenant.tenant_id,
        "source": words("log_source"),
        "record_id": words("log_record"),
        "meter": "conversations",
        "occurred_at": make.NOW.isoformat(),
    }
    wrong = {
        "tenant_id": tenant.tenant_id,
        "record_id": words("bad_log_record"),
        "meter": words("bad_log_meter"),
    }
    return [row, wrong]
