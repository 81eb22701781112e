"""The decision over all combinations of facts, against a table written apart from the code."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.access.decision import Needs, Situation, TenantFacts, decide
from tenants.access.rates import RateState
from tenants.errors import NotAllowed, NotFound, PaymentRequired, RateLimited, Unauthenticated, Unavailable

if TYPE_CHECKING:
    from tenants.errors import PlatformError
    from tenants.tenancy import TenantStatus

FACTS: dict[str, tuple[Any, ...]] = {
    "host": ("platform", "tenant", "unknown"),
    "is_known": (True, False),
    "is_staff": (True, False),
    "is_in_service": (True, False),
    "status": ("trial", "active", "past_due", "paused", "canceled"),
    "is_within_rate": (True, False),
    "is_own_tenant": (True, False),
    "has_permission": (True, False),
    "has_module": (True, False),
    "has_feature": (True, False),
    "is_reading": (True, False),
    "is_billing": (True, False),
}


def expected(f: dict[str, Any]) -> tuple[type[PlatformError], str] | None:
    """Product.md, line by line: the first that applies."""
    owes = not (f["is_billing"] or f["is_staff"])
    table = [
        (f["host"] == "unknown", NotFound, "unknown_host"),
        (not f["is_known"], Unauthenticated, "unauthenticated"),
        (not f["is_in_service"], Unavailable, "tenant_deactivated"),
        (f["status"] == "canceled" and owes, PaymentRequired, "subscription_canceled"),
        (f["status"] == "past_due" and owes, PaymentRequired, "subscription_past_due"),
        (f["status"] == "paused" and owes and not f["is_reading"], PaymentRequired, "subscription_paused"),
        (not f["is_within_rate"], RateLimited, "rate_limited"),
        (not f["is_own_tenant"] and not f["is_staff"], NotAllowed, "wrong_tenant"),
        (not f["has_permission"], NotAllowed, "permission_missing"),
        (not f["has_module"], NotAllowed, "module_not_in_plan"),
        (not f["has_feature"], NotAllowed, "feature_not_in_plan"),
    ]
    return next(((kind, code) for applies, kind, code in table if applies), None)


def situation(f: dict[str, Any], calls: list[str]) -> Situation:
    status: TenantStatus = f["status"]

    def take_rate() -> RateState:
        calls.append("rate")
        return RateState(f["is_within_rate"], 100, 0, 7)

    return Situation(
        host=f["host"],
        tenant=TenantFacts(
            tenant_id="ten_a",
            is_in_service=f["is_in_service"],
            status=status,
            modules=frozenset({"fca_uk"} if f["has_module"] else ()),
            features=frozenset({"custom_gates"} if f["has_feature"] else ()),
        ),
        is_known=f["is_known"],
        caller_tenant_id="ten_a" if f["is_own_tenant"] else "ten_b",
        is_staff=f["is_staff"],
        permissions=frozenset({"gates:manage"} if f["has_permission"] else ()),
        take_rate=take_rate,
        plan_with=lambda name: f"plan with {name}",
    )


def needs(f: dict[str, Any]) -> Needs:
    return Needs("gates:manage", "custom_gates", ("fca_uk",), f["is_reading"], f["is_billing"])


def test_every_combination_of_facts_is_decided_as_the_product_says() -> None:
    decided = 0
    for values in product(*FACTS.values()):
        facts = dict(zip(FACTS, values, strict=True))
        refusal = decide(situation(facts, []), needs(facts))
        told = None if refusal is None else (type(refusal), refusal.code)
        assert told == expected(facts), facts
        decided += 1
    assert decided == 3 * 5 * 2**10


@given(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in FACTS.items()}))
def test_a_call_is_counted_only_once_it_is_known_and_paid(facts: dict[str, Any]) -> None:
    calls: list[str] = []
    refusal = decide(situation(facts, calls), needs(facts))
    is_earlier = refusal is not None and not isinstance(refusal, RateLimited | NotAllowed)
    assert calls == ([] if is_earlier else ["rate"])


@given(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in FACTS.items()}))
def test_what_is_refused_before_the_credentials_hold_tells_nothing_of_a_tenant(facts: dict[str, Any]) -> None:
    unknown = {**facts, "is_known": False}
    other = {**unknown, "status": "canceled", "is_in_service": False, "is_own_tenant": False}
    one, another = decide(situation(unknown, []), needs(facts)), decide(situation(other, []), needs(facts))
    assert one is not None
    assert another is not None
    assert (one.message, one.code, one.context) == (another.message, another.code, another.context)


@pytest.mark.parametrize("status", FACTS["status"])
def test_who_leaves_takes_along_what_is_theirs_and_may_do_nothing_else(status: TenantStatus) -> None:
    facts = {name: values[0] for name, values in FACTS.items()} | {"status": status, "is_billing": False}
    takes = replace(needs(facts), is_taking_along=True)
    assert decide(situation(facts, []), takes) is None
    left = situation({**facts, "is_in_service": False}, [])
    assert left.tenant is not None
    out = decide(left, takes)
    closed = replace(left, tenant=replace(left.tenant, is_closed=True), is_staff=False)
    other, refused = decide(closed, needs(facts)), decide(replace(closed, caller_tenant_id="ten_b"), takes)
    assert decide(closed, takes) is None
    assert out is not None
    assert (out.code, other and other.code) == ("tenant_deactivated", "tenant_deactivated")
    assert refused is not None
    assert refused.code == "wrong_tenant"


def test_a_refused_module_names_the_plan_that_has_it() -> None:
    facts = {name: values[0] for name, values in FACTS.items()} | {"has_module": False}
    refusal = decide(situation(facts, []), needs(facts))
    assert refusal is not None
    assert refusal.context == {"plan": "plan with fca_uk", "module": "fca_uk"}


def test_staff_without_a_tenant_are_held_to_their_permissions_only() -> None:
    facts = {name: values[0] for name, values in FACTS.items()}
    alone = Situation(
        host="platform",
        tenant=None,
        is_known=True,
        caller_tenant_id=None,
        is_staff=True,
        permissions=frozenset(),
        take_rate=lambda: RateState(is_within=True, limit=0, remaining=0, reset_seconds=0),
    )
    assert decide(alone, Needs(None)) is None
    refusal = decide(alone, needs(facts))
    assert refusal is not None
    assert refusal.code == "permission_missing"
