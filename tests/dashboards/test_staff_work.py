"""What staff has done in the background from its pages: billing, backups, stores, due erasures."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.runtime import runtime
from orchestration.tasks import ALL_RUNS
from tenants.audit.records import SYSTEM
from tenants.control.billing_tables import overage_charges
from tenants.control.tables import billing_facts
from tenants.protection.backups import Backups
from tenants.protection.erasure import Erasures
from tenants.stores import TenantStores
from tenants.stores.migrations import newest_step
from tenants.tasks import Kind, Tasks
from tenants.tasks.carrying import carry_out_waiting
from tests.dashboards.factories import NOW
from tests.dashboards.firms import press, put, shown, switch, told
from tests.dashboards.test_app import opened

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tenants.billing.service import Billing
    from tests.dashboards.conftest import Signer
    from tests.dashboards.firms import Firm


def carry_out(firm: Firm) -> None:
    """Do what a process beside the API does."""
    with closing(TenantStores(firm.control.settings, firm.control.clock)) as stores:
        while carry_out_waiting(firm.control, stores, ALL_RUNS):
            pass


def change(firm: Firm, statement: str) -> None:
    with runtime().stores.leased(firm.tenant_id) as database, database.write() as connection:
        connection.execute(statement, {"newest": newest_step()})


def figure(app: AppTest, label: str) -> str:
    return next(str(each.value) for each in app.metric if each.label == label)


def keys(app: AppTest) -> set[str]:
    return {str(each.key) for each in app.button}


def test_a_comparison_shows_what_differs_and_repairs_one_tenant(billing: Billing, operator: Firm) -> None:
    tenant = operator.control.tenants.get(operator.tenant_id)
    billing.subscribe(tenant, "professional", "month", SYSTEM, "pm_card_visa")
    operator.control.database.write(lambda connection: connection.execute(sa.delete(billing_facts)))
    app = opened("stripe-billing")
    switch(app, "checkbox", "compare-repairs", "off")
    app = press(app, "compare-now")
    assert "Comparison with Stripe: asked for" in told(app)
    assert "The API's process does this" in shown(app)
    carry_out(operator)
    app = opened("stripe-billing")
    differing = app.dataframe[0].value
    own = differing[differing["tenant_id"] == operator.tenant_id]
    assert set(own["field"]) == {"id"}
    assert ", not repaired" in str(app.selectbox(key="compare-chosen").options[0])
    put(app, "selectbox", "compare-tenant", operator.tenant_id)
    press(app, "compare-repair")
    carry_out(operator)
    app = opened("stripe-billing")
    assert "of one tenant, repaired" in str(app.selectbox(key="compare-chosen").options[0])
    assert billing.state(operator.control.tenants.get(operator.tenant_id)).plan == "professional"
    assert operator.done_by_staff() == ["task_asked"]


@pytest.mark.usefixtures("billing")
def test_overage_events_and_prices_are_shown_and_asked_for(operator: Firm) -> None:
    charge = {
        "charge_key": f"overage:{operator.tenant_id}:api_calls:2026-10-01:2500",
        "tenant_id": operator.tenant_id,
        "meter": "api_calls",
        "period_start": NOW - timedelta(days=56),
        "period_end": NOW - timedelta(days=26),
        "millionths": 2_500_000_000,
        "amount_minor": 250,
        "currency": "GBP",
        "created_at": NOW,
        "attempts": 1,
        "failure": "Stripe does not answer.",
    }
    insertion = sa.insert(overage_charges).values(charge)
    operator.control.database.write(lambda connection: connection.execute(insertion))
    app = opened("stripe-billing")
    (row,) = [
        row
        for frame in app.dataframe
        if "invoice_item_id" in frame.value
        for row in frame.value.to_dict("records")
        if row["failure"]
    ]
    assert (row["state"], row["amount"], row["failure"]) == ("failing", 2.5, "Stripe does not answer.")
    assert "Stripe has every price" in told(press(app, "prices-look"))
    for key, kind in (("overage-charge", Kind.charge_overage), ("prices-make", Kind.create_prices)):
        assert "asked for" in told(press(opened("stripe-billing"), key))
        assert [each.kind for each in Tasks(operator.control).unfinished([kind])] == [kind]
    operator.control.database.write(lambda connection: connection.execute(sa.delete(overage_charges)))
    carry_out(operator)


def test_without_stripe_the_billing_page_says_so_and_asks_for_nothing(operator: Firm) -> None:
    app = opened("stripe-billing")
    assert "No Stripe key is set" in told(app)
    before = len(Tasks(operator.control).newest())
    assert "put LOKI_STRIPE_API_KEY into the environment" in told(press(app, "compare-now"))
    assert len(Tasks(operator.control).newest()) == before


def test_revenue_reads_the_billing_page_and_asks_for_nothing(signed_in: Signer) -> None:
    signed_in("revenue")
    app = opened("stripe-billing")
    assert [each.value for each in app.title] == ["Billing"]
    assert not {"compare-now", "adopt", "overage-charge", "prices-look", "events-apply"} & keys(app)


def test_every_tenant_is_backed_up_and_a_backup_verified(operator: Firm) -> None:
    app = opened("backups")
    assert int(figure(app, "Without a backup")) >= 1
    assert "Backup of every tenant: asked for" in told(press(app, "backups-all"))
    carry_out(operator)
    app = opened("backups")
    assert figure(app, "Without a backup") == "0"
    put(app, "selectbox", "backups-tenant", operator.tenant_id)
    assert "Verification of a backup: asked for" in told(press(app.run(), "backups-verify"))
    carry_out(operator)
    rows = {row["tenant_id"]: row for row in opened("backups").dataframe[0].value.to_dict("records")}
    assert (rows[operator.tenant_id]["state"], rows[operator.tenant_id]["verification"]) == ("fresh", "sound")
    tenant = operator.control.tenants.get(operator.tenant_id)
    (made,) = Backups(operator.control, runtime().stores).all(tenant)
    made.path.write_bytes(made.path.read_bytes()[:-9])
    Tasks(operator.control).ask(Kind.verify_backup, SYSTEM, tenant.tenant_id, at=made.at.isoformat())
    carry_out(operator)
    assert figure(opened("backups"), "Damaged") == "1"


def test_a_store_that_fails_is_named_and_the_migration_resumed(operator: Firm) -> None:
    change(operator, "DELETE FROM store_steps WHERE step = :newest")
    app = opened("stores")
    assert (figure(app, "Behind"), app.button(key="stores-migrate").label) == ("1", "Resume the migration")
    press(app, "stores-migrate")
    carry_out(operator)
    app = opened("stores")
    slug = operator.control.tenants.get(operator.tenant_id).slug
    (failures,) = [each.value for each in app.dataframe if list(each.value.columns) == ["tenant", "failure"]]
    assert list(failures["tenant"]) == [slug]
    change(operator, "INSERT INTO store_steps (step) VALUES (:newest)")
    assert "Migration of stores: asked for" in told(press(app, "stores-migrate"))
    carry_out(operator)
    app = opened("stores")
    assert (figure(app, "Behind"), app.button(key="stores-migrate").label) == ("0", "Migrate every store now")


def test_due_erasures_are_carried_out_by_name(operator: Firm) -> None:
    erasures = Erasures(operator.control, runtime().stores)
    tenant = operator.control.tenants.get(operator.tenant_id)
    erasures.request(tenant, SYSTEM)
    assert not [each for each in opened("erasures").button if each.key == "erasure-due-do"]
    due = erasures.hasten(tenant, SYSTEM)
    app = opened("erasures")
    listed = app.dataframe[0].value
    assert list(listed["slug"]) == [tenant.slug]
    assert list(listed["rows_and_files"]) == [1]
    for wrong in ("", "another"):
        put(app, "text_input", "erasure-due-slugs", wrong)
        app = press(app, "erasure-due-do")
        assert f"name those to erase by their slugs: {tenant.slug}" in told(app)
    put(app, "text_input", "erasure-due-slugs", f" {tenant.slug} ,")
    assert "Erasure: asked for" in told(press(app, "erasure-due-do"))
    (task,) = Tasks(operator.control).unfinished([Kind.erase_due])
    assert task.parameters == {"anonymous_ids": [due.anonymous_id]}
    Tasks(operator.control).fail(task.task_id, "Left to another test.")
    erasures.withdraw(tenant, SYSTEM)


def test_a_page_watches_what_runs_until_it_is_done(operator: Firm) -> None:
    task = Tasks(operator.control).ask(Kind.migrate_stores, SYSTEM)
    Tasks(operator.control).tell(task.task_id, 1, 4)
    app = opened("stores")
    assert "Migration of stores: 1 of 4" in [each.proto.text for each in app.get("progress")]
    carry_out(operator)
    assert not app.run().get("progress")
