"""What staff sees of tenants and does with them on the page Tenants."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from dashboards.runtime import runtime
from tenants.audit.records import SYSTEM
from tenants.protection.erasure import Erasures
from tests.dashboards.factories import NOW
from tests.dashboards.firms import press, put, shown, switch, told
from tests.dashboards.test_app import opened
from tests.tenants.factories import validation

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.dashboards.conftest import Signer
    from tests.dashboards.firms import Firm

_numbers = count(1)


def record(firm: Firm) -> AppTest:
    app = opened("tenants")
    put(app, "selectbox", "tenants-chosen", firm.tenant_id)
    return app.run()


def test_tenants_are_found_by_name_plan_status_region_and_health(operator: Firm) -> None:
    app = opened("tenants")
    tenant = operator.control.tenants.get(operator.tenant_id)
    put(app, "text_input", "tenants-words", tenant.slug.upper())
    app = app.run()
    assert app.selectbox(key="tenants-chosen").options == [f"{tenant.name} ({tenant.slug})"]
    put(app, "selectbox", "tenants-health", "below 50")
    assert app.run().selectbox(key="tenants-chosen").options == []
    put(app, "selectbox", "tenants-health", "not scored yet")
    put(app, "multiselect", "tenants-plan", [tenant.plan])
    put(app, "multiselect", "tenants-region", [tenant.region])
    put(app, "multiselect", "tenants-standing", [tenant.status])
    assert len(app.run().selectbox(key="tenants-chosen").options) == 1


def test_a_record_is_shown_and_the_look_is_in_the_tenants_trail_once(operator: Firm) -> None:
    operator.control.domains.claim(operator.tenant_id, "checks.firm.test", SYSTEM)
    app = record(operator)
    assert not app.exception
    parts = [tab.label for tab in app.tabs]
    assert parts == [
        "Account",
        "Use",
        "People",
        "Billing",
        "First steps",
        "Domains",
        "Limits",
        "Backups",
        "Act",
    ]
    assert operator.tenant_id in shown(app)
    app.run()
    assert operator.done_by_staff() == ["tenant_viewed"]


def test_other_staff_sees_records_without_people_and_changes_nothing(firm: Firm, signed_in: Signer) -> None:
    signed_in("success")
    app = record(firm)
    assert [tab.label for tab in app.tabs] == ["Account", "Use"]
    assert not [each for each in app.button if each.key and each.key.startswith(("tenant-", "limits-"))]
    assert not app.expander
    signed_in("revenue")
    assert [tab.label for tab in record(firm).tabs] == ["Account", "Billing"]


def test_a_tenant_goes_out_of_service_and_back_with_reasons(operator: Firm) -> None:
    app = record(operator)
    put(app, "text_input", "tenant-out-reason", "Chargeback, ticket 4711")
    assert "Confirm it" in told(press(app, "tenant-out-do"))
    switch(app, "checkbox", "tenant-out-sure", "on")
    app = press(app, "tenant-out-do")
    assert "is out of service" in told(app)
    assert not operator.control.tenants.get(operator.tenant_id).is_in_service
    entry = operator.control.audit.entries(tenant_id=operator.tenant_id, action="tenant_deactivated")[0]
    assert entry.personal is not None
    assert (entry.actor_kind, entry.personal["reason"]) == ("staff", "Chargeback, ticket 4711")
    assert "Give a reason" in told(press(app, "tenant-back-do"))
    put(app, "text_input", "tenant-back-reason", "Settled")
    assert "is in service again" in told(press(app, "tenant-back-do"))
    assert operator.control.tenants.get(operator.tenant_id).is_in_service


def test_a_tenant_is_closed_by_name_only(operator: Firm) -> None:
    app = record(operator)
    put(app, "text_input", "tenant-close-reason", "Merged")
    put(app, "text_input", "tenant-close-slug", "another")
    assert "Confirm it" in told(press(app, "tenant-close-do"))
    put(app, "text_input", "tenant-close-slug", operator.control.tenants.get(operator.tenant_id).slug)
    app = press(app, "tenant-close-do")
    assert "is closed" in told(app)
    assert operator.control.tenants.get(operator.tenant_id).closed_at == NOW
    assert "This tenant is closed" in shown(app)


def test_limits_are_set_beside_the_plan_and_go_back_to_it(operator: Firm) -> None:
    which, tenants = operator.tenant_id, operator.control.tenants
    app = record(operator)
    put(app, "text_input", f"limits-api_calls-{which}", "twenty")
    assert "is no quota" in told(press(app, "limits-save"))
    assert tenants.get(which).overrides.quotas == {}
    put(app, "text_input", f"limits-api_calls-{which}", "20000")
    put(app, "text_input", f"limits-storage_gb-{which}", "unlimited")
    put(app, "text_input", f"limits-users-{which}", "7")
    put(app, "selectbox", f"limits-overage-{which}", "charged")
    put(app, "multiselect", f"limits-features-{which}", ["sso"])
    app = press(app, "limits-save")
    assert "limits are saved" in told(app)
    own = tenants.get(which).overrides
    assert (own.quotas, own.user_limit) == ({"api_calls": 20000, "storage_gb": None}, 7)
    assert (own.overage_allowed, own.features) == (True, ("sso",))
    assert "Nothing was changed" in told(press(app, "limits-save"))
    put(app, "text_input", f"limits-api_calls-{which}", "")
    put(app, "selectbox", f"limits-plan-{which}", "starter")
    press(app, "limits-save")
    assert tenants.get(which).overrides.quotas == {"storage_gb": None}
    assert tenants.get(which).plan == "starter"


def test_a_tenant_is_backed_up_and_restored_in_place_and_as_new(operator: Firm) -> None:
    tenant, store = (
        operator.control.tenants.get(operator.tenant_id),
        runtime().stores.open(operator.tenant_id),
    )
    store.commit_validation(validation())
    app = record(operator)
    assert "is backed up" in told(press(app, "backup-make"))
    store.commit_validation(validation())
    assert "Type a slug" in told(press(app, "backup-restore-do"))
    put(app, "text_input", "backup-slug", f"{tenant.slug}-copy")
    assert "as a new tenant" in told(press(app, "backup-restore-do"))
    assert operator.control.tenants.find(f"{tenant.slug}-copy").plan == tenant.plan
    assert len(store.rows_after("validation_runs", 0, 9)) == 2
    put(app, "text_input", "backup-slug", tenant.slug)
    assert f"{tenant.name} is as of" in told(press(app, "backup-restore-do"))
    assert len(store.rows_after("validation_runs", 0, 9)) == 1


def test_a_tenant_is_created_with_an_owner_who_gets_an_e_mail(operator: Firm) -> None:
    app = opened("tenants")
    name = f"Made {next(_numbers)}"
    put(app, "text_input", "new-tenant-name", name)
    put(app, "text_input", "new-tenant-owner", "no address")
    before = len(operator.control.tenants.all())
    assert "no e-mail address" in told(press(app, "new-tenant-create"))
    assert len(operator.control.tenants.all()) == before
    put(app, "text_input", "new-tenant-owner", "own@made.test")
    assert f"{name} is there" in told(press(app, "new-tenant-create"))
    (owner,) = operator.control.users.anywhere("own@made.test")
    assert (owner.role, owner.status) == ("owner", "invited")
    assert "own@made.test" in [mail.address for mail in operator.control.mail.waiting(1000)]


def test_what_waits_for_its_erasure_is_not_put_back_into_service_beside_it(operator: Firm) -> None:
    tenant = operator.control.tenants.get(operator.tenant_id)
    Erasures(operator.control, runtime().stores).request(tenant, SYSTEM)
    app = record(operator)
    put(app, "text_input", "tenant-back-reason", "Mistake")
    assert "take that back first" in told(press(app, "tenant-back-do"))
    assert not operator.control.tenants.get(tenant.tenant_id).is_in_service
    Erasures(operator.control, runtime().stores).withdraw(tenant, SYSTEM)
