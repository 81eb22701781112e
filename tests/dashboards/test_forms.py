"""What people change on their pages, through the same services and decision as the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenants.audit.records import SYSTEM
from tests.dashboards.firms import press, put, switch, told
from tests.dashboards.test_app import opened

if TYPE_CHECKING:
    from tests.dashboards.firms import Firm


def test_an_admin_invites_someone_who_gets_an_e_mail(firm: Firm) -> None:
    firm.sign_in("admin")
    app = opened("team")
    put(app, "text_input", "invite-email", "ada.byron@firm.test")
    put(app, "text_input", "invite-name", "Ada")
    put(app, "selectbox", "invite-role", "manager")
    assert "ada.byron@firm.test is invited as manager" in told(press(app, "invite-send"))
    user = firm.control.users.by_email(firm.tenant_id, "ada.byron@firm.test")
    assert user is not None
    assert (user.name, user.role, user.status) == ("Ada", "manager", "invited")
    mails = [mail for mail in firm.control.mail.waiting() if mail.address == user.email]
    assert [mail.template for mail in mails] == ["invitation"]
    assert firm.audited()[0] == "user_added"


def test_an_invitation_that_cannot_be_is_refused_in_a_sentence(firm: Firm) -> None:
    firm.sign_in("admin")
    app = opened("team")
    put(app, "text_input", "invite-email", "<b>no address</b>")
    assert "address" in told(press(app, "invite-send"))
    assert len(firm.control.users.of(firm.tenant_id)) == 1
    assert "owner" not in app.selectbox(key="invite-role").options


def test_a_role_is_changed_and_a_member_goes_and_comes_back(firm: Firm) -> None:
    firm.sign_in("owner")
    other = firm.control.users.add(firm.tenant_id, "bo@firm.test", SYSTEM, role="viewer", name="Bo")
    app = opened("team")
    put(app, "selectbox", "change-person", other.user_id)
    app.run()
    put(app, "selectbox", f"change-role-{other.user_id}", "admin")
    app.run()
    assert "Bo is admin now" in told(press(app, "change-save"))
    assert "Bo is out of service" in told(press(app, "change-deactivate"))
    assert firm.control.users.get(other.user_id, firm.tenant_id).status == "deactivated"
    assert "Bo is in service again" in told(press(app, "change-reactivate"))
    kept = firm.control.users.get(other.user_id, firm.tenant_id)
    assert (kept.role, kept.status) == ("admin", "invited")


def test_the_last_owner_stays(firm: Firm) -> None:
    own = firm.sign_in("owner")
    app = opened("team")
    put(app, "selectbox", "change-person", own)
    app.run()
    assert "needs an active owner" in told(press(app, "change-deactivate"))
    assert firm.control.users.get(own, firm.tenant_id).status == "active"


def test_who_may_only_read_the_team_gets_no_form(firm: Firm) -> None:
    firm.sign_in("manager")
    app = opened("team")
    assert not app.exception
    assert not app.text_input
    assert not app.selectbox


def test_the_organisation_changes_what_it_sets_and_nothing_else(firm: Firm) -> None:
    firm.sign_in("admin")
    before = firm.control.tenants.get(firm.tenant_id)
    app = opened("settings")
    put(app, "number_input", "organisation-days", 30)
    put(app, "text_input", "organisation-language", "th")
    put(app, "selectbox", "organisation-zone", "Asia/Bangkok")
    put(app, "multiselect", "organisation-modules", ["fca_uk"])
    switch(app, "toggle", "organisation-documents", "on")
    assert "Saved: keeps documents, language, modules, retention days, time zone" in told(
        press(app, "organisation-save")
    )
    after = firm.control.tenants.get(firm.tenant_id)
    assert (after.retention_days, after.language, after.time_zone) == (30, "th", "Asia/Bangkok")
    assert (after.modules, after.keeps_documents, after.is_audited) == (("fca_uk",), True, False)
    assert (after.name, after.plan) == (before.name, before.plan)
    assert "Nothing was changed" in told(press(opened("settings"), "organisation-save"))


def test_a_wrong_setting_is_refused_and_changes_nothing(firm: Firm) -> None:
    firm.sign_in("admin")
    before = firm.control.tenants.get(firm.tenant_id)
    app = opened("settings")
    put(app, "text_input", "organisation-language", "1>2")
    assert "no language" in told(press(app, "organisation-save"))
    assert firm.control.tenants.get(firm.tenant_id) == before


def test_a_look_is_previewed_on_the_page_and_then_saved(firm: Firm) -> None:
    firm.sign_in("admin")
    app = opened("settings")
    put(app, "color_picker", "look-primary", "#AA0000")
    put(app, "text_area", "look-css", "h1 { color: #AA0000; position: fixed }")
    switch(app, "toggle", "look-preview", "on")
    app.run()
    assert "h1 { color: #AA0000 }" in [each.value for each in app.code]
    assert firm.control.brandings.of(firm.tenant_id).primary_colour == "#2196F3"
    assert "The look is saved" in told(press(app, "look-save"))
    assert firm.control.brandings.of(firm.tenant_id).primary_colour == "#AA0000"


def test_a_plan_without_white_label_has_no_form_for_a_look(firm: Firm) -> None:
    firm.control.tenants.update(firm.tenant_id, SYSTEM, plan="starter")
    firm.sign_in("owner")
    app = opened("settings")
    assert not app.exception
    assert not app.color_picker


def test_a_key_is_shown_once_works_and_is_revoked(firm: Firm) -> None:
    firm.sign_in("admin")
    app = opened("settings")
    put(app, "text_input", "key-name", "build server")
    put(app, "multiselect", "key-permissions", ["documents:validate"])
    app = press(app, "key-make")
    (shown,) = [each.value for each in app.code]
    assert "shown this once" in told(app)
    key = firm.control.keys.resolve(shown)
    assert key is not None
    assert (key.name, key.permissions) == ("build server", ("documents:validate",))
    assert not [each.value for each in app.run().code]
    put(app, "selectbox", "revoke-key", key.key_id)
    switch(app, "checkbox", "revoke-sure", "on")
    app.run()
    assert "build server is revoked" in told(press(app, "revoke"))
    assert firm.control.keys.resolve(shown) is None


def test_everyone_sets_their_own_profile(firm: Firm) -> None:
    own = firm.sign_in("viewer")
    app = opened("profile")
    put(app, "text_input", "profile-name", "Vi")
    put(app, "selectbox", "profile-zone", "Asia/Bangkok")
    put(app, "text_input", "profile-language", "en")
    switch(app, "checkbox", "profile-api_setup", "off")
    assert "Your profile is saved" in told(press(app, "profile-save"))
    user = firm.control.users.get(own, firm.tenant_id)
    assert (user.name, user.time_zone, user.language) == ("Vi", "Asia/Bangkok", "en")
    assert user.notifications == {"welcome": True, "api_setup": False, "first_validation": True}


@pytest.mark.parametrize(
    ("status", "word"), [("past_due", "pay"), ("canceled", "cancel"), ("paused", "paused")]
)
def test_who_must_pay_first_changes_nothing(firm: Firm, status: str, word: str) -> None:
    firm.sign_in("owner")
    app = opened("profile")
    firm.control.tenants.update(firm.tenant_id, SYSTEM, status=status)
    put(app, "text_input", "profile-name", "Changed")
    app = press(app, "profile-save")
    shown = told(app) + " ".join(each.value for each in app.markdown)
    assert word in shown.lower()
    assert "Changed" not in [user.name for user in firm.control.users.of(firm.tenant_id)]


def test_a_permission_that_was_taken_meanwhile_counts_and_the_refusal_is_audited(firm: Firm) -> None:
    own = firm.sign_in("admin")
    app = opened("team")
    firm.control.tenants.update(firm.tenant_id, SYSTEM, status="paused")
    put(app, "text_input", "invite-email", "late@firm.test")
    app = press(app, "invite-send")
    assert firm.control.users.by_email(firm.tenant_id, "late@firm.test") is None
    assert firm.audited()[0] == "access_refused"
    firm.control.tenants.update(firm.tenant_id, SYSTEM, status="active")
    firm.control.users.update(own, firm.tenant_id, SYSTEM, role="viewer")
    assert not press(app, "invite-send").text_input
