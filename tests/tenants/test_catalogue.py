from decimal import Decimal
from pathlib import Path

import pytest

from tenants.catalogue import load_catalogue
from tenants.errors import InvalidInput


@pytest.mark.parametrize(
    ("plan", "month", "users", "calls"),
    [
        ("starter", "99", 5, "1000"),
        ("professional", "299", 25, "10000"),
        ("enterprise", "999", 100, "100000"),
        ("enterprise_plus", "2999", None, None),
    ],
)
def test_iris_sells_its_plans_at_their_prices_and_limits(
    plan: str, month: str, users: int, calls: str
) -> None:
    found = load_catalogue("iris").plan(plan)
    assert found.price("USD") == Decimal(month)
    assert found.user_limit == users
    assert found.quota("api_calls") == (calls and Decimal(calls))


def test_the_mix_of_the_demo_world_is_worth_exactly_219230_dollars_a_month() -> None:
    iris = load_catalogue("iris")
    mix = {"starter": 500, "professional": 200, "enterprise": 50, "enterprise_plus": 20}
    assert sum((iris.plan(p).price("USD") or 0) * n for p, n in mix.items()) == Decimal(219230)


def test_a_quarter_costs_three_months_unless_the_file_says_otherwise() -> None:
    starter = load_catalogue("iris").plan("starter")
    assert (starter.price("USD", "quarter"), starter.price("USD", "year")) == (Decimal(297), Decimal(1188))
    assert load_catalogue("loki").plan("starter").price("GBP", "year") == Decimal(990)
    assert load_catalogue("loki").plan("starter").price("GBP", "quarter") is None


def test_all_modules_means_each_of_the_catalogue() -> None:
    loki = load_catalogue("loki")
    assert loki.plan("starter").modules == ("fca_uk", "gdpr_uk")
    assert loki.plan("professional").modules == loki.modules
    assert loki.first_plan_with(module="tax_uk") == loki.plan("professional")


def test_the_plans_follow_each_other_in_the_order_of_the_file() -> None:
    loki = load_catalogue("loki")
    assert loki.next_plan("starter") == loki.plan("professional")
    assert loki.next_plan("enterprise") is None


@pytest.mark.parametrize("name", ["nowhere", "/nonexistent/catalogue.yaml"])
def test_an_unknown_catalogue_is_refused_with_the_known_names(name: str) -> None:
    with pytest.raises(InvalidInput, match="iris, loki"):
        load_catalogue(name)


def test_an_unknown_plan_is_refused_with_the_known_plans() -> None:
    with pytest.raises(InvalidInput, match="starter, professional, enterprise"):
        load_catalogue("loki").plan("gold")


@pytest.mark.parametrize("text", ["plans: 3", ": :", "name: x", "\x00"])
def test_a_file_that_describes_no_catalogue_is_refused_by_name(text: str, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(InvalidInput, match=r"own\.yaml"):
        load_catalogue(tmp_path / "own.yaml")
