"""What operators see and do on the pages of tenants, staff, audit and erasures."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from dashboards.queries import trail
from dashboards.runtime import runtime
from tenants.audit.records import SYSTEM
from tenants.control.tables import audit_entries
from tenants.errors import Unavailable
from tenants.protection.erasure import Erasures
from tenants.sessions import Sessions
from tenants.warehouse import Warehouse
from tests.dashboards.factories import NOW
from tests.dashboards.firms import press, put, switch, told
from tests.dashboards.test_app import opened
from tests.tenants.factories import validation

if TYPE_CHECKING:
    from datetime import datetime

    from streamlit.testing.v1 import AppTest

    from tests.dashboards.conftest import Signer
    from tests.dashboards.firms import Firm

_numbers = count(1)


@pytest.fixture
def operator(firm: Firm, signed_in: Signer) -> Firm:
    """A tenant of this test's own, and the operator at the browser."""
    signed_in("operator")
    return firm


def record(firm: Firm) -> AppTest:
    app = opened("tenants")
    put(app, "selectbox", "tenants-chosen", firm.tenant_id)
    return app.run()


def actions(firm: Firm, tenant_id: str | None) -> list[str]:
    entries = firm.control.audit.entries(limit=1000)
    return [each.action for each in entries if each.tenant_id == tenant_id and each.actor_kind == "staff"]


def shown(app: AppTest) -> str:
    parts = (*app.markdown, *app.metric, *app.header, *app.subheader, *app.caption)
    return " ".join(str(each.value) for each in parts).replace("\\", "")


def due_dates(firm: Firm) -> dict[str, datetime]:
    found = Erasures(firm.control, runtime().stores).all()
    return {each.anonymous_id: each.due_at for each in found if each.tenant_id == firm.tenant_id}


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
    assert actions(operator, operator.tenant_id) == ["tenant_viewed"]


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


def test_staff_is_invited_changed_reset_and_taken_out_of_service(operator: Firm) -> None:
    users, email = operator.control.users, f"rosa{next(_numbers)}@loki.test"
    app = opened("staff")
    put(app, "text_input", "staff-email", email)
    put(app, "text_input", "staff-name", "Rosa")
    put(app, "selectbox", "staff-role", "revenue")
    assert f"{email} is invited as revenue" in told(press(app, "staff-send"))
    rosa = users.by_email(None, email)
    assert rosa is not None
    users.set_password(rosa.user_id, None, "correct horse", SYSTEM)
    token, _ = Sessions(operator.control).begin(rosa, "password", SYSTEM)
    app = opened("staff")
    put(app, "selectbox", "staff-person", rosa.user_id)
    app.run()
    put(app, "selectbox", f"staff-role-{rosa.user_id}", "success")
    app.run()
    assert "Rosa is success now" in told(press(app, "staff-save"))
    assert Sessions(operator.control).resolve(token) is None
    assert f"on its way to {email}" in told(press(app, "staff-link"))
    again, _ = Sessions(operator.control).begin(rosa, "password", SYSTEM)
    assert "signed out everywhere" in told(press(app, "staff-sessions"))
    assert Sessions(operator.control).resolve(again) is None
    assert "Rosa is out of service" in told(press(app, "staff-deactivate"))
    assert "Rosa is in service again" in told(press(app, "staff-reactivate"))
    done = [each.action for each in operator.control.audit.entries(object_id=rosa.user_id)]
    assert done == [
        "user_reactivated",
        "user_deactivated",
        "password_reset_sent",
        "user_updated",
        "password_set",
        "user_added",
    ]


def test_the_last_operator_stays(operator: Firm) -> None:
    users = operator.control.users
    (own,) = [user for user in users.of(None) if user.role == "operator" and user.status == "active"]
    app = opened("staff")
    put(app, "selectbox", "staff-person", own.user_id)
    app.run()
    assert "needs an active operator" in told(press(app, "staff-deactivate"))
    assert users.get(own.user_id, None).status == "active"


def test_the_trail_is_filtered_and_shows_personal_fields_of_a_chosen_tenant_only(operator: Firm) -> None:
    operator.control.users.add(operator.tenant_id, "ada@firm.test", SYSTEM)
    days, who = (NOW.date(), NOW.date()), {"actor": None, "object_id": None}
    every = trail.entries(operator.control, tenant_id=None, action="user_added", days=days, **who)
    own = trail.entries(operator.control, tenant_id=operator.tenant_id, action="user_added", days=days, **who)
    assert operator.tenant_id in list(every["tenant_id"])
    assert (
        every.filter(every["tenant_id"].is_not_null())["personal"].null_count() == every["tenant_id"].count()
    )
    assert list(own["personal"]) == ["email: ada@firm.test"]
    late = (NOW.date() + timedelta(days=1), None)
    assert trail.entries(operator.control, tenant_id=None, action=None, days=late, **who).is_empty()
    app = opened("audit")
    put(app, "selectbox", "audit-tenant", operator.tenant_id)
    put(app, "text_input", "audit-who", "operator@example.com")
    app = app.run()
    assert not app.exception
    assert actions(operator, operator.tenant_id) == ["tenant_viewed"]
    assert f"platform/export?tenant_id={operator.tenant_id}" in shown(app)


def test_a_changed_entry_shows_as_a_broken_chain(operator: Firm) -> None:
    control = operator.control
    assert [each.value for each in opened("audit").metric if each.label == "Chain"] == ["Whole"]
    newest = control.audit.entries(limit=1)[0]
    of_newest = audit_entries.c.seq == newest.seq
    tampered = audit_entries.update().where(of_newest)
    control.database.write(lambda to: to.execute(tampered.values(action="never_happened")))
    app = press(opened("audit"), "audit-verify")
    control.database.write(lambda to: to.execute(tampered.values(action=newest.action)))
    assert f"Entry {newest.seq} does not follow" in told(app)
    assert [each.value for each in app.metric if each.label == "Chain"] == ["Broken"]
    assert "does not follow" not in told(press(app, "audit-verify"))


def test_an_erasure_is_asked_for_listed_hastened_and_taken_back(operator: Firm) -> None:
    tenant = operator.control.tenants.get(operator.tenant_id)
    app = opened("erasures")
    put(app, "selectbox", "erasure-tenant", tenant.tenant_id)
    app.run()
    put(app, "text_input", "erasure-ask-slug", "another")
    assert "not the tenant's slug" in told(press(app, "erasure-ask"))
    assert due_dates(operator) == {}
    put(app, "text_input", "erasure-ask-slug", tenant.slug)
    assert "is out of service, and erased by" in told(press(app, "erasure-ask"))
    (asked,) = due_dates(operator)
    put(app, "selectbox", "erasures-chosen", asked)
    app.run()
    put(app, "text_input", "erasure-hasten-slug", tenant.slug)
    assert "erased by the next nightly run" in told(press(app, "erasure-hasten-do"))
    assert due_dates(operator) == {asked: NOW}
    assert "Confirm it" in told(press(app, "erasure-withdraw-do"))
    switch(app, "checkbox", "erasure-withdraw-sure", "on")
    assert "stays, and is in service again" in told(press(app, "erasure-withdraw-do"))
    assert due_dates(operator) == {}
    assert operator.control.tenants.get(tenant.tenant_id).is_in_service


def test_a_certificate_is_shown_and_can_be_taken_away(operator: Firm) -> None:
    erasures = Erasures(operator.control, runtime().stores)
    tenant = operator.control.tenants.get(operator.tenant_id)
    asked = erasures.request(tenant, SYSTEM)
    erasures.erase(tenant)
    erasures.complete(asked, SYSTEM, {"places": {"store: validation_runs": 3}, "kept": ["Amounts."]})
    app = opened("erasures")
    put(app, "selectbox", "erasures-chosen", asked.anonymous_id)
    app = app.run()
    assert not app.exception
    assert "What was removed" in shown(app)
    assert "Kept are, and nothing else: Amounts." in shown(app)
    assert [each.label for each in app.get("download_button") if each.key == "erasure-certificate"]


def test_what_waits_for_its_erasure_is_not_put_back_into_service_beside_it(operator: Firm) -> None:
    tenant = operator.control.tenants.get(operator.tenant_id)
    Erasures(operator.control, runtime().stores).request(tenant, SYSTEM)
    app = record(operator)
    put(app, "text_input", "tenant-back-reason", "Mistake")
    assert "take that back first" in told(press(app, "tenant-back-do"))
    assert not operator.control.tenants.get(tenant.tenant_id).is_in_service
    Erasures(operator.control, runtime().stores).withdraw(tenant, SYSTEM)


def test_what_reads_the_control_plane_alone_opens_before_the_first_build(
    operator: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(_: Warehouse) -> None:
        message = "No warehouse has been published yet: run `loki refresh` first."
        raise Unavailable(message, code="nothing_published")

    monkeypatch.setattr(Warehouse, "published", nothing)
    for path in ("tenants", "staff", "audit", "erasures"):
        app = opened(path)
        assert [title.value for title in app.title] == [path.capitalize()]
        assert not app.error
        assert not app.exception
    assert operator.tenant_id in list(opened("tenants").dataframe[0].value["tenant_id"])
    assert "Nothing to show yet" in shown(opened("revenue"))
