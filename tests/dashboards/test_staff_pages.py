"""What operators see and do on the pages of staff, audit and erasures."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

from dashboards.queries import trail
from dashboards.runtime import runtime
from tenants.audit.records import SYSTEM
from tenants.control.tables import audit_entries
from tenants.errors import Unavailable
from tenants.protection.erasure import Erasures
from tenants.sessions import Sessions
from tenants.warehouse import Warehouse
from tests.dashboards.factories import NOW
from tests.dashboards.firms import press, put, shown, switch, told
from tests.dashboards.test_app import opened

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from tests.dashboards.firms import Firm

_numbers = count(1)


def due_dates(firm: Firm) -> dict[str, datetime]:
    found = Erasures(firm.control, runtime().stores).all()
    return {each.anonymous_id: each.due_at for each in found if each.tenant_id == firm.tenant_id}


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
    assert operator.done_by_staff() == ["tenant_viewed"]
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


def test_what_reads_the_control_plane_alone_opens_before_the_first_build(
    operator: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(_: Warehouse) -> None:
        message = "No warehouse has been published yet: run `loki refresh` first."
        raise Unavailable(message, code="nothing_published")

    monkeypatch.setattr(Warehouse, "published", nothing)
    for path in ("tenants", "stripe-billing", "staff", "audit", "backups", "stores", "erasures"):
        app = opened(path)
        assert [title.value for title in app.title] == [path.rpartition("-")[2].capitalize()]
        assert not app.error
        assert not app.exception
    assert operator.tenant_id in list(opened("tenants").dataframe[0].value["tenant_id"])
    assert "Nothing to show yet" in shown(opened("revenue"))
