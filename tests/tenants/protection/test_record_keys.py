from __future__ import annotations

from contextlib import closing

import pytest
from pydantic import SecretStr

from tenants.control import ControlPlane
from tenants.errors import Unavailable
from tenants.protection.record_keys import record_keys
from tests.tenants import factories as make

RECORD = ("chat", "call-1")


def test_a_record_keeps_its_hash_over_restarts_and_each_tenant_has_its_own(control: ControlPlane) -> None:
    first = record_keys(control).hashed("ten_1", *RECORD)
    with closing(ControlPlane.open(control.settings, make.CLOCK)) as again:
        keys = record_keys(again)
        assert keys.hashed("ten_1", *RECORD) == first
        assert keys.hashed("ten_2", *RECORD) != first


def test_many_tenants_are_one_look_and_only_those_without_a_key_get_one(control: ControlPlane) -> None:
    many = [f"ten_{number}" for number in range(600)]
    record_keys(control).load(many[:200])
    before = record_keys(control)
    before.load(many)
    after = record_keys(control)
    after.load(reversed(many))
    assert [before.hashed(each, *RECORD) for each in many] == [after.hashed(each, *RECORD) for each in many]
    assert len({after.hashed(each, *RECORD) for each in many}) == len(many)


def test_once_its_key_is_destroyed_a_tenants_records_have_no_hash_and_never_get_one(
    control: ControlPlane,
) -> None:
    assert record_keys(control).hashed("ten_1", *RECORD)
    control.database.write(lambda c: control.encryption.destroy(c, "ten_1", make.NOW))
    keys = record_keys(control)
    assert keys.hashed("ten_1", *RECORD) is None
    assert keys.is_erased("ten_1")
    assert not keys.is_erased("ten_2")


def test_another_secret_of_the_platform_is_told_before_anything_is_hashed(control: ControlPlane) -> None:
    record_keys(control).load(["ten_1"])
    changed = control.settings.model_copy(update={"secret_key": SecretStr("another")})
    with (
        closing(ControlPlane.open(changed, make.CLOCK)) as other,
        pytest.raises(Unavailable, match=r"secret\.key"),
    ):
        record_keys(other).load(["ten_1"])
