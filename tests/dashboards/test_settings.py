"""First steps, domains, the audit trail, one's data and one's sessions, on their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.runtime import runtime
from tenants.audit.records import SYSTEM
from tenants.domains.dns_proof import DnsProof
from tests.dashboards.firms import press, put, switch, told
from tests.dashboards.test_app import opened

if TYPE_CHECKING:
    import pytest
    from streamlit.testing.v1 import AppTest

    from tests.dashboards.firms import Firm


def _text(app: AppTest) -> str:
    assert not app.exception
    return " ".join(each.value for each in (*app.markdown, *app.caption))


def test_first_steps_are_shown_with_the_next_one(firm: Firm) -> None:
    firm.sign_in("owner")
    text = _text(opened("settings"))
    assert "**Add team members** · next" in text
    assert "Invite a colleague." in text
    assert "Choose a plan on the billing page." not in text


def test_a_domain_is_claimed_proved_and_released(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.sign_in("admin")
    app = opened("settings")
    put(app, "text_input", "domain-name", "not a domain")
    assert "no domain" in told(press(app, "domain-claim"))
    put(app, "text_input", "domain-name", "checks.firm.example")
    assert "set the TXT record" in told(press(app, "domain-claim"))
    (claimed,) = firm.control.domains.of(firm.tenant_id)
    monkeypatch.setattr(DnsProof, "holds", lambda *_: False)
    assert "does not hold the token yet" in told(press(app, "domain-verify"))
    monkeypatch.setattr(DnsProof, "holds", lambda *given: given[-1] == claimed.token)
    assert "checks.firm.example is proved" in told(press(app, "domain-verify"))
    switch(app, "checkbox", "domain-sure", "on")
    app.run()
    assert "is released" in told(press(app, "domain-release"))
    assert firm.control.domains.of(firm.tenant_id) == []


def test_a_plan_without_white_label_says_so_of_domains(firm: Firm) -> None:
    firm.control.tenants.update(firm.tenant_id, SYSTEM, plan="starter")
    firm.sign_in("owner")
    app = opened("settings")
    assert "A domain of your own comes with white label" in _text(app)
    assert "domain-claim" not in {each.key for each in app.button}


def test_the_audit_trail_is_shown_and_filtered(firm: Firm) -> None:
    firm.sign_in("admin")
    firm.control.keys.issue(firm.tenant_id, "build server", SYSTEM)
    app = opened("settings")
    assert "api_key_issued" in app.selectbox(key="trail-action").options
    put(app, "selectbox", "trail-action", "api_key_issued")
    app.run()
    frames = [each.value for each in app.dataframe if "action" in each.value.columns]
    assert [list(frame["action"]) for frame in frames] == [["api key issued"]]
    assert "/v1/audit/export" in _text(app)


def test_an_owner_has_everything_erased_after_typing_the_name(firm: Firm) -> None:
    firm.sign_in("owner")
    slug = firm.control.tenants.get(firm.tenant_id).slug
    app = opened("settings")
    assert "/v1/export" in _text(app)
    put(app, "text_input", "erasure-slug", "another")
    assert "not the account's slug" in told(press(app, "erasure-ask"))
    assert firm.control.tenants.get(firm.tenant_id).is_in_service
    put(app, "text_input", "erasure-slug", slug)
    press(app, "erasure-ask")
    assert not firm.control.tenants.get(firm.tenant_id).is_in_service
    assert "erasure_requested" in firm.audited()


def test_an_admin_can_have_nothing_erased(firm: Firm) -> None:
    firm.sign_in("admin")
    app = opened("settings")
    assert "An owner takes the data away" in _text(app)
    assert "erasure-ask" not in {each.key for each in app.button}


def test_a_person_signs_out_everywhere_else(firm: Firm) -> None:
    user_id = firm.sign_in("viewer")
    sessions = runtime().sessions
    token, _ = sessions.begin(firm.control.users.get(user_id, firm.tenant_id), "password", SYSTEM)
    app = opened("profile")
    assert "Signed out in 1 other places" in told(press(app, "sessions-end"))
    assert sessions.resolve(token) is None
    assert len(sessions.of(user_id)) == 1
