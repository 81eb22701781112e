from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tenants.audit import Actor
from tenants.clock import FixedClock
from tenants.control import ControlPlane
from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.people.passwords import hash_password, is_password
from tenants.sessions import Sessions
from tenants.tenancy import NewTenant
from tests.tenants.factories import BY, NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.people.records import User
    from tenants.settings import PlatformSettings


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def control(settings: PlatformSettings, clock: FixedClock) -> Iterator[ControlPlane]:
    opened = ControlPlane.open(settings, clock)
    yield opened
    opened.close()


@pytest.fixture
def elsewhere(settings: PlatformSettings, clock: FixedClock) -> Iterator[ControlPlane]:
    """The same control plane as another process has it open."""
    opened = ControlPlane.open(settings, clock)
    yield opened
    opened.close()


@pytest.fixture
def user(control: ControlPlane) -> User:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="starter"), BY).tenant_id
    return control.users.add(tenant_id, "a@acme.test", BY, role="viewer", password="correct horse")


def test_a_session_names_its_person_and_what_they_may_do(control: ControlPlane, user: User) -> None:
    sessions = Sessions(control)
    token, _ = sessions.begin(user, "password", BY)
    principal = sessions.resolve(token)
    assert principal is not None
    assert (principal.kind, principal.user_id, principal.tenant_id) == ("user", user.user_id, user.tenant_id)
    assert "analytics:read" in principal.permissions
    assert "users:manage" not in principal.permissions
    assert sessions.resolve("other") is None


def test_a_revoked_session_is_dead_at_once_in_every_process(
    control: ControlPlane, elsewhere: ControlPlane, user: User
) -> None:
    sessions, others = Sessions(control), Sessions(elsewhere)
    token, session = sessions.begin(user, "password", BY)
    assert others.resolve(token) is not None
    assert sessions.revoke(session.session_id, BY)
    assert others.resolve(token) is None
    assert not sessions.revoke(session.session_id, BY)


@pytest.mark.parametrize("change", ["role", "deactivated", "password"])
def test_a_change_of_the_person_shows_in_the_next_look(
    control: ControlPlane, user: User, change: str
) -> None:
    sessions = Sessions(control)
    token, _ = sessions.begin(user, "password", BY)
    assert sessions.resolve(token) is not None
    if change == "role":
        control.users.update(user.user_id, user.tenant_id, BY, role="admin")
        principal = sessions.resolve(token)
        assert principal is not None
        assert "users:manage" in principal.permissions
        return
    if change == "deactivated":
        control.users.deactivate(user.user_id, user.tenant_id, BY)
    else:
        control.users.set_password(user.user_id, user.tenant_id, "another horse", BY)
    assert sessions.resolve(token) is None


def test_a_session_ends_when_idle_and_lives_on_when_used(
    control: ControlPlane, user: User, clock: FixedClock
) -> None:
    sessions = Sessions(control)
    token, _ = sessions.begin(user, "password", BY)
    for _ in range(3):
        clock.set(clock.now() + timedelta(minutes=90))
        assert sessions.resolve(token) is not None
    clock.set(clock.now() + timedelta(minutes=121))
    assert sessions.resolve(token) is None


def test_who_is_active_in_another_process_is_not_idle_here(
    control: ControlPlane, elsewhere: ControlPlane, user: User, clock: FixedClock
) -> None:
    sessions, others = Sessions(control), Sessions(elsewhere)
    token, _ = sessions.begin(user, "password", BY)
    assert sessions.resolve(token) is not None
    for _ in range(2):
        clock.set(clock.now() + timedelta(minutes=90))
        assert others.resolve(token) is not None
    assert sessions.resolve(token) is not None


def test_the_audit_log_names_who_signed_in(control: ControlPlane, user: User) -> None:
    Sessions(control).begin(user, "password", Actor("anonymous", "anonymous", "192.0.2.1"))
    entry, *_ = control.audit.entries(tenant_id=user.tenant_id, action="signed_in")
    assert (entry.actor_kind, entry.actor_id) == ("user", user.user_id)
    assert entry.personal == {"address": "192.0.2.1"}


def test_all_sessions_of_a_person_end_but_the_one_they_act_in(control: ControlPlane, user: User) -> None:
    sessions = Sessions(control)
    tokens = [sessions.begin(user, "password", BY) for _ in range(3)]
    assert sessions.revoke_all(user, BY, but=tokens[1][1].session_id) == 2
    assert [sessions.resolve(token) is not None for token, _ in tokens] == [False, True, False]


def test_a_session_ends_after_half_a_day_however_busy(
    control: ControlPlane, user: User, clock: FixedClock
) -> None:
    sessions = Sessions(control)
    token, _ = sessions.begin(user, "password", BY)
    for _ in range(11):
        clock.set(clock.now() + timedelta(hours=1))
        assert sessions.resolve(token) is not None
    clock.set(clock.now() + timedelta(hours=1))
    assert sessions.resolve(token) is None


def test_a_key_is_known_by_its_text_alone_and_dies_at_once_everywhere(
    control: ControlPlane, elsewhere: ControlPlane, user: User
) -> None:
    issued = control.keys.issue(str(user.tenant_id), "ci", BY)
    found = elsewhere.keys.resolve(issued.text)
    assert found == issued.key
    assert elsewhere.keys.resolve(issued.text + "x") is None
    control.keys.revoke(str(user.tenant_id), issued.key.key_id, BY)
    assert elsewhere.keys.resolve(issued.text) is None


def test_a_keys_text_is_kept_nowhere(control: ControlPlane, settings: PlatformSettings, user: User) -> None:
    issued = control.keys.issue(str(user.tenant_id), "ci", BY)
    control.close()
    kept = b"".join(path.read_bytes() for path in settings.state().rglob("*") if path.is_file())
    assert issued.key.key_id.encode() in kept
    assert issued.text.encode() not in kept


def test_a_rotated_key_overlaps_with_its_successor(
    control: ControlPlane, user: User, clock: FixedClock
) -> None:
    tenant_id = str(user.tenant_id)
    old = control.keys.issue(tenant_id, "ci", BY, permissions=["usage:read"])
    new = control.keys.rotate(tenant_id, old.key.key_id, BY, overlap=timedelta(hours=1))
    assert (new.key.permissions, new.key.replaces) == (("usage:read",), old.key.key_id)
    assert control.keys.resolve(old.text) is not None
    clock.set(clock.now() + timedelta(hours=1))
    assert control.keys.resolve(old.text) is None
    assert control.keys.resolve(new.text) is not None
    with pytest.raises(Conflict):
        control.keys.rotate(tenant_id, old.key.key_id, BY)


def test_rotation_neither_prolongs_a_key_nor_frees_its_successor_from_an_end(
    control: ControlPlane, user: User, clock: FixedClock
) -> None:
    tenant_id, begin = str(user.tenant_id), clock.now()
    old = control.keys.issue(tenant_id, "ci", BY, expires_at=begin + timedelta(days=2)).key
    clock.set(begin + timedelta(days=1))
    new = control.keys.rotate(tenant_id, old.key_id, BY, overlap=timedelta(days=7)).key
    assert control.keys.get(tenant_id, old.key_id).expires_at == old.expires_at
    assert new.expires_at == begin + timedelta(days=3)


def test_a_key_of_another_tenant_looks_as_if_not_there(control: ControlPlane, user: User) -> None:
    key = control.keys.issue(str(user.tenant_id), "ci", BY).key
    with pytest.raises(NotFound):
        control.keys.revoke("ten_other", key.key_id, BY)


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"permissions": ["everything"]}, {"expires_at": NOW - timedelta(seconds=1)}]
)
def test_a_key_with_a_wrong_field_is_refused(
    control: ControlPlane, user: User, fields: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        control.keys.issue(str(user.tenant_id), **{"name": "ci", "by": BY, **fields})  # type: ignore[arg-type]


def test_the_last_use_of_a_key_is_kept_to_the_minute(
    control: ControlPlane, user: User, clock: FixedClock
) -> None:
    key = control.keys.issue(str(user.tenant_id), "ci", BY).key
    control.keys.note_use(key)
    clock.set(NOW + timedelta(seconds=30))
    control.keys.note_use(key)
    assert control.keys.get(key.tenant_id, key.key_id).last_used_at == NOW


def test_passwords_are_argon2_and_long_enough() -> None:
    kept = hash_password("correct horse")
    assert kept.startswith("$argon2id$")
    assert is_password("correct horse", kept)
    assert not is_password("wrong horse", kept)
    assert not is_password("a password that nobody has", None)
    with pytest.raises(InvalidInput):
        hash_password("short")
