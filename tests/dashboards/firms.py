"""A tenant of a test's own whose people use the pages, and how they do."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from dashboards.runtime import runtime
from tenants.audit.records import SYSTEM
from tenants.sessions import Sessions
from tenants.tenancy.provisioning import provision
from tenants.tenancy.records import NewTenant

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tenants.control import ControlPlane
    from tests.dashboards.conftest import Signer

_numbers = count(1)


@dataclass
class Firm:
    """A tenant of this test's own, and who signs in to it."""

    control: ControlPlane
    tenant_id: str
    signer: Signer

    def sign_in(self, role: str) -> str:
        email = f"{role}{next(_numbers)}@firm.test"
        user = self.control.users.add(self.tenant_id, email, SYSTEM, role=role, name=f"An {role}")
        user = self.control.users.update(user.user_id, self.tenant_id, SYSTEM, status="active")
        token, _ = Sessions(self.control).begin(user, "password", SYSTEM)
        self.signer.with_token(token)
        return user.user_id

    def audited(self) -> list[str]:
        entries = self.control.audit.entries(tenant_id=self.tenant_id)
        return [entry.action for entry in entries if entry.actor_kind == "user"]

    def done_by_staff(self) -> list[str]:
        entries = self.control.audit.entries(tenant_id=self.tenant_id, limit=1000)
        return [entry.action for entry in entries if entry.actor_kind == "staff"]


def put(app: AppTest, kind: str, key: str, value: Any) -> None:
    getattr(app, kind)(key=key).set_value(value)


def switch(app: AppTest, kind: str, key: str, to: str) -> None:
    put(app, kind, key, to == "on")


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def told(app: AppTest) -> str:
    assert not app.exception
    shown = (*app.success, *app.error, *app.info, *app.warning)
    return " ".join(each.value for each in shown).replace("\\", "")


def shown(app: AppTest) -> str:
    parts = (*app.markdown, *app.metric, *app.header, *app.subheader, *app.caption)
    return " ".join(str(each.value) for each in parts).replace("\\", "")


def founded(signer: Signer) -> Firm:
    """Make a tenant with its store in the present runtime."""
    live, number = runtime(), next(_numbers)
    new = NewTenant(name=f"Formal {number}", plan="enterprise", tenant_id=f"tenant_formal_{number}")
    return Firm(live.control, provision(live.control, live.stores, new, SYSTEM).tenant_id, signer)
