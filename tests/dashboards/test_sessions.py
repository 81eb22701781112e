"""A session is checked at every rerun, and a tenant's people reach their own file and no other."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from dashboards.marts import Marts
from dashboards.runtime import runtime
from tenants.audit.records import SYSTEM
from tenants.control import ControlPlane
from tenants.errors import NotAllowed, Unavailable
from tenants.sessions import Sessions
from tenants.settings import PlatformSettings
from tenants.warehouse import Warehouse
from tests.dashboards.factories import NOW, TENANTS
from tests.dashboards.firms import press
from tests.dashboards.test_app import opened

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from tests.dashboards.conftest import Signer
    from tests.dashboards.firms import Firm

BUILD = "20261126T050000Z-one"


def titles(app: AppTest) -> list[str]:
    return [title.value for title in app.title]


def test_a_session_revoked_by_another_process_shows_nothing_at_the_next_rerun(
    state: Path, signed_in: Signer
) -> None:
    with closing(ControlPlane.open(PlatformSettings(home=state, now=NOW), runtime().clock)) as elsewhere:
        sessions = Sessions(elsewhere)
        user = elsewhere.users.by_email(TENANTS[0], "owner@example.com")
        assert user is not None
        token, session = sessions.begin(user, "password", SYSTEM)
        signed_in.with_token(token)
        app = opened("usage")
        assert titles(app) == ["Usage"]
        sessions.revoke(session.session_id, SYSTEM)
        app.run()
    assert titles(app) == ["Please sign in"]
    assert not app.dataframe
    assert not app.caption


def test_signing_out_ends_the_session_at_once_and_shows_how_to_come_back(firm: Firm) -> None:
    firm.sign_in("viewer")
    app = opened("usage")
    press(app, "sign-out")
    assert titles(app) == ["Please sign in"]
    assert firm.audited()[0] == "signed_out"
    assert titles(opened("usage")) == ["Please sign in"]


def test_a_tenant_reads_its_own_rows_only(state: Path) -> None:
    for tenant_id in TENANTS:
        marts = Marts(state, BUILD, tenant_id)
        for table in ("validation_runs", "gate_outcomes", "usage_days", "quota_use", "top_violations"):
            owners = marts.frame(f"select distinct tenant_id from marts.{table}")["tenant_id"]  # noqa: S608 - own names
            assert list(owners) == [tenant_id]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('{state}/published')",
        "attach '{state}/builds/{build}/warehouse.duckdb' as all_tenants",
        "attach '{state}/builds/{build}/tenants/tenant_birch.duckdb' as other",
        "copy (select 1) to '{state}/stolen.csv'",
    ],
)
def test_what_a_tenant_s_page_opened_leads_to_no_other_file(state: Path, sql: str) -> None:
    import duckdb  # noqa: PLC0415 - only its errors

    with Marts(state, BUILD, TENANTS[0]).connect() as connection, pytest.raises(duckdb.Error):
        connection.execute(sql.format(state=state, build=BUILD))


@pytest.mark.parametrize("tenant_id", ["../warehouse", "tenant_unknown", "", "*"])
def test_a_tenant_id_that_names_no_file_of_its_own_opens_nothing(state: Path, tenant_id: str) -> None:
    with pytest.raises(Unavailable):
        Marts(state, BUILD, tenant_id).frame("select 1")


def test_answers_of_two_tenants_are_remembered_apart(state: Path) -> None:
    sql = "select any_value(tenant_id) as tenant_id from marts.validation_runs"
    read = [Marts(state, BUILD, tenant_id).row(sql)["tenant_id"] for tenant_id in TENANTS * 2]
    assert read == list(TENANTS * 2)


@pytest.mark.parametrize(
    "path", ["overview", "validations", "compliance", "usage", "billing", "team", "settings"]
)
def test_a_tenant_s_page_opens_that_tenant_s_file_and_no_other(
    path: str, signed_in: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_files: list[str] = []
    real = Warehouse.open_tenant

    def noted(self: Warehouse, tenant_id: str, build_id: str | None = None) -> object:
        opened_files.append(tenant_id)
        return real(self, tenant_id, build_id)

    def refused(*_: object) -> object:
        message = "The internal warehouse is not for tenants."
        raise NotAllowed(message)

    monkeypatch.setattr(Warehouse, "open_tenant", noted)
    monkeypatch.setattr(Warehouse, "open", refused)
    signed_in("other")
    app = opened(path)
    assert not app.error
    assert set(opened_files) <= {TENANTS[1]}
    assert "amber" not in str([frame.value for frame in app.dataframe])


def test_a_look_of_staff_into_one_tenant_is_audited_once(state: Path, signed_in: Signer) -> None:
    signed_in("success")
    app = opened("upsell")
    app.session_state["table-upsell"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert not app.error
    assert [heading.value for heading in app.subheader if heading.value.startswith("Why")]
    app.run()
    looks = runtime().control.audit.entries(tenant_id="tenant_cedar", action="tenant_viewed")
    assert [(look.object_id, look.detail) for look in looks] == [("tenant_cedar", {"page": "upsell"})]
    assert state.exists()


def test_who_owes_is_sent_to_the_billing_page_and_told_so_where_it_is_not_theirs(
    state: Path, signed_in: Signer
) -> None:
    signed_in("owner")
    with closing(ControlPlane.open(PlatformSettings(home=state, now=NOW), runtime().clock)) as elsewhere:
        elsewhere.tenants.update(TENANTS[0], SYSTEM, status="past_due")
        assert titles(opened("usage")) == ["Billing"]
        assert titles(opened("billing")) == ["Billing"]
        signed_in("viewer")
        app = opened("usage")
        assert "A payment is overdue" in " ".join(element.value for element in app.markdown)
        assert titles(app) == []
        signed_in("owner")
        elsewhere.tenants.update(TENANTS[0], SYSTEM, status="active")
    assert titles(opened("usage")) == ["Usage"]
