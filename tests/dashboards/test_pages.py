"""Who sees which page."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from dashboards.pages import INTERNAL, TENANT, seen_by
from tenants.people.roles import STAFF_ROLES, TENANT_ROLES, permissions_of
from tenants.sessions import Principal
from tests.dashboards.roles import SEEN


def person(role: str, tenant_id: str | None = "tenant_amber", kind: str = "user") -> Principal:
    is_staff = role in STAFF_ROLES
    return Principal(
        kind="staff" if is_staff else kind,
        principal_id="usr_1",
        tenant_id=None if is_staff else tenant_id,
        role=role,
        permissions=permissions_of(role, is_staff=is_staff),
        name="Somebody",
    )


@pytest.mark.parametrize("role", [*STAFF_ROLES, *TENANT_ROLES])
def test_each_role_sees_its_pages_and_no_other(role: str) -> None:
    assert [page.path for page in seen_by(person(role))] == SEEN[role]


def test_a_key_sees_no_page_whatever_it_may_do() -> None:
    assert seen_by(person("owner", kind="key")) == []


def test_a_user_without_a_tenant_sees_no_page() -> None:
    assert seen_by(person("owner", tenant_id=None)) == []


def test_no_page_of_staff_can_be_seen_with_what_a_tenant_may_do() -> None:
    of_tenants = frozenset().union(*TENANT_ROLES.values())
    assert not [page.path for page in INTERNAL if page.permission in of_tenants]


def test_every_page_has_a_module_and_an_address_of_its_own() -> None:
    pages = [*INTERNAL, *TENANT]
    assert len({page.path for page in pages}) == len(pages)
    assert all(find_spec(f"dashboards.views.{page.module}") for page in pages)
