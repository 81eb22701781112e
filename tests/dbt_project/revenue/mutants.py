"""Small wrong turns in the SQL, each of which some check must notice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One change of one model's compiled query: the text that is there, and what is put in its place."""

    name: str
    model: str
    found: str
    put: str


MUTANTS = [
    Mutant("a year has ten months", "int_item_amounts", "when 'year' then 12", "when 'year' then 10"),
    Mutant("quarters are inverted", "int_item_amounts", "coalesce(interval_count, 1)", "1"),
    Mutant("a quantity is forgotten", "int_item_amounts", "unit_amount * items.quantity", "unit_amount * 1"),
    Mutant("metered counts", "int_item_amounts", "items.usage_type = 'metered' or", "false or"),
    Mutant("packages round down", "int_item_amounts", "items.divide_round = 'down'", "true"),
    Mutant("volume is graduated", "int_item_amounts", "tiers.tiers_mode = 'graduated'", "true"),
    Mutant("later flat amounts are lost", "int_item_amounts", "tiers.flat_amount\n", "0\n"),
    Mutant("tax stays in", "int_item_amounts", "taxed // gcd(taxed", "10000000000::hugeint // gcd(taxed"),
    Mutant("past due never counts", "int_subscription_segments", "'past_due'", "'past_never'"),
    Mutant("past due for 29 days", "int_subscription_segments", "30 * 24", "29 * 24"),
    Mutant(
        "unpaid counts",
        "int_subscription_segments",
        "segments.status = 'active' then",
        "segments.status in ('active', 'unpaid') then",
    ),
    Mutant(
        "trials count",
        "int_subscription_segments",
        "segments.status = 'active' then",
        "segments.status in ('active', 'trialing') then",
    ),
    Mutant("pauses are ignored", "int_subscription_segments", "segments.pause_behavior is not null", "false"),
    Mutant(
        "deleted customers stay",
        "int_subscription_segments",
        "segments.starts_at >= customers.deleted_at",
        "false",
    ),
    Mutant(
        "percentages are halved",
        "int_segment_factors",
        "then steps.percent_left",
        "then steps.percent_left // 2",
    ),
    Mutant(
        "discounts that ended go on",
        "int_segment_factors",
        "segments.starts_at < windows.active_until",
        "true",
    ),
    Mutant("every coupon counts", "int_segment_factors", "active.is_counted", "true"),
    Mutant("the customer's coupon comes on top", "int_segment_factors", "windows.level < 3", "true"),
    Mutant("an amount off goes below zero", "int_segment_factors", "greatest(sums.covered", "(sums.covered"),
    Mutant("sums are cut, not rounded", "int_item_mrr", "// (2 *", "// (3 *"),
    Mutant("a return is new", "int_ledger_days", "else 'reactivation'", "else 'new'"),
    Mutant("churn is contraction", "int_ledger_days", "'churn'", "'contraction'"),
    Mutant("a full discount is churn", "int_ledger_days", "and live_after = 0", ""),
    Mutant(
        "days are summed the wrong way", "int_ledger_days", "sum(delta) as amount", "max(delta) as amount"
    ),
    Mutant(
        "arrival decides", "int_subscription_states", "order by valid_from, occurred_at", "order by known_at"
    ),
    Mutant("ties fall as they come", "int_subscription_versions", "tied.surplus desc", "tied.surplus asc"),
    Mutant(
        "the next state never ends the last",
        "int_subscription_states",
        "lead(valid_from) over facts as valid_to",
        "null::timestamptz as valid_to",
    ),
    Mutant("the last month is lost", "int_customer_months", "interval 1 month", "interval 0 month"),
    Mutant("the rate of today for every day", "int_exchange_rates", "daily.rate,", "1.5 * daily.rate,"),
    Mutant("losses are not counted", "mrr_months", "'churn'", "'gone'"),
]
