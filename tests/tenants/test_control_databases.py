"""What the control plane promises, on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from tenants.control import ControlPlane
from tenants.control.tables import audit_entries, tenants
from tenants.errors import Conflict, NotFound
from tenants.sessions import Sessions
from tenants.settings import PlatformSettings
from tenants.sso.saml.once import use_once
from tenants.tenancy import NewTenant
from tests.tenants.factories import BY, CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> PlatformSettings:
    if request.param == "sqlite":
        return PlatformSettings(home=tmp_path)
    server, name = request.getfixturevalue("postgres_url"), f"control_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return PlatformSettings(home=tmp_path, database_url=server.replace("/postgres?", f"/{name}?"))


@pytest.fixture
def elsewhere(settings: PlatformSettings, control: ControlPlane) -> Iterator[ControlPlane]:
    """The same control plane as another process has it open, once the first has made it."""
    opened = ControlPlane.open(settings, control.clock)
    yield opened
    opened.close()


def test_sessions_by_password_are_dead_elsewhere_as_soon_as_single_sign_on_is_enforced(
    control: ControlPlane, elsewhere: ControlPlane
) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="enterprise"), BY).tenant_id
    glass, other = (
        control.users.add(tenant_id, f"{name}@acme.test", BY, role="owner", password="correct horse")
        for name in "ab"
    )
    sessions, others = Sessions(control), Sessions(elsewhere)
    kept, ended = (sessions.begin(user, "password", BY)[0] for user in (glass, other))
    assert others.resolve(ended) is not None
    control.sso.note_working(control.sso.put(tenant_id, "https://login.test", "loki", "s", "viewer", BY))
    control.enforcement.enforce(tenant_id, BY, glass.user_id)
    assert (others.resolve(ended), others.resolve(kept) is not None) == (None, True)
    late, _ = sessions.begin(other, "password", BY)
    assert others.resolve(late) is None
    elsewhere.enforcement.lift(tenant_id, BY, "asked by phone")
    assert sessions.resolve(late) is not None
    assert sessions.resolve(ended) is None
    with pytest.raises(NotFound, match="not enforced"):
        control.enforcement.lift(tenant_id, BY)


def test_a_revoked_session_and_key_are_dead_at_once_elsewhere(
    control: ControlPlane, elsewhere: ControlPlane
) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="starter"), BY).tenant_id
    user = control.users.add(tenant_id, "a@acme.test", BY, password="correct horse")
    issued = control.keys.issue(tenant_id, "ci", BY)
    sessions, others = Sessions(control), Sessions(elsewhere)
    token, session = sessions.begin(user, "password", BY)
    assert others.resolve(token) is not None
    assert elsewhere.keys.resolve(issued.text) is not None
    sessions.revoke(session.session_id, BY)
    control.keys.revoke(tenant_id, issued.key.key_id, BY)
    assert others.resolve(token) is None
    assert elsewhere.keys.resolve(issued.text) is None


def test_what_was_used_once_is_used_everywhere_until_it_would_have_expired(
    control: ControlPlane, elsewhere: ControlPlane
) -> None:
    until, used = CLOCK.now() + timedelta(minutes=5), {"request": "_r1", "assertion": "_a1"}

    def use(plane: ControlPlane) -> bool:
        return use_once(plane, "ten_one", used, until)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(use, [control, elsewhere] * 4)) == 1
    assert not use_once(elsewhere, "ten_one", {"request": "_r2", "assertion": "_a1"}, until)
    assert use_once(elsewhere, "ten_two", used, CLOCK.now() - timedelta(seconds=1))
    assert use_once(control, "ten_two", used, until)


def test_our_saml_key_is_made_once_whoever_asks_first(control: ControlPlane, elsewhere: ControlPlane) -> None:
    tenant_id = control.tenants.create(NewTenant(name="Acme", plan="enterprise"), BY).tenant_id
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda plane: plane.saml.keys.of(tenant_id), [control, elsewhere] * 2))
    assert {(key.number, key.certificate) for keys in made for key in keys} == {(1, made[0][0].certificate)}


def test_two_processes_write_one_audit_chain(control: ControlPlane, elsewhere: ControlPlane) -> None:
    def create(number: int) -> None:
        plane = control if number % 2 else elsewhere
        plane.tenants.create(NewTenant(name=f"Tenant {number}", plan="starter"), BY)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(create, range(24)))
    assert len(control.tenants.all()) == 24
    assert control.audit.first_broken() is None


def test_a_slug_taken_elsewhere_at_the_same_time_is_refused(
    control: ControlPlane, elsewhere: ControlPlane
) -> None:
    def create(plane: ControlPlane) -> bool:
        try:
            plane.tenants.create(NewTenant(name="Acme", plan="starter"), BY)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(create, [control, elsewhere] * 4)) == 1


def test_a_write_within_a_write_joins_it(control: ControlPlane) -> None:
    def both(connection: sa.Connection) -> None:
        control.tenants.create(NewTenant(name="Acme", plan="starter"), BY)
        assert connection.scalar(sa.select(sa.func.count()).select_from(tenants)) == 1
        raise ValueError

    generation = control.database.generation()
    with pytest.raises(ValueError):  # noqa: PT011 - raised by the line above
        control.database.write(both)
    assert control.tenants.all() == []
    assert control.database.generation() == generation


def test_what_a_failed_write_saw_is_not_remembered(control: ControlPlane) -> None:
    tenant = control.tenants.create(NewTenant(name="Acme", plan="starter"), BY)

    def rename(_: sa.Connection) -> None:
        control.tenants.update(tenant.tenant_id, BY, name="Renamed")
        assert control.tenants.known(tenant.tenant_id).name == "Renamed"
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - raised by the line above
        control.database.write(rename)
    control.tenants.update(tenant.tenant_id, BY, language="de")
    assert control.tenants.known(tenant.tenant_id).name == "Acme"


def test_the_entries_of_a_cut_chain_do_not_follow(control: ControlPlane) -> None:
    for number in range(3):
        control.tenants.create(NewTenant(name=f"Tenant {number}", plan="starter"), BY)
    control.database.write(
        lambda connection: (
            connection.execute(sa.delete(audit_entries).where(audit_entries.c.seq == 2)).rowcount
        )
    )
    assert control.audit.first_broken() == 3
    assert CLOCK.now() == control.audit.entries()[0].at
