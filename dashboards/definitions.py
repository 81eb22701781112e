"""What each number means, in one sentence; shown on hover wherever the number is."""

from __future__ import annotations

MEANINGS = {
    "closing_mrr": "Monthly recurring revenue at the last instant of the month: the full monthly rate of "
    "every subscription that bears MRR by the policy; without tax, one-off items, prorations and usage.",
    "arr": "12 × MRR.",
    "arpu": "MRR ÷ paying customers.",
    "arpu_per_subscription": "MRR ÷ active subscriptions.",
    "paying_customers": "Customers whose MRR is above zero at the end of the month.",
    "growth_rate": "(closing MRR − opening MRR) ÷ opening MRR.",
    "logo_churn_rate": "Customers with a churn movement in the month ÷ customers active at its start.",
    "gross_revenue_churn": "(contraction + churn) ÷ opening MRR.",
    "net_revenue_retention": "(opening + expansion − contraction − churn) ÷ opening, over customers active "
    "at the start; reactivation is left out.",
    "gross_revenue_retention": "Σ min(closing, opening) ÷ Σ opening, over customers with an opening balance.",
    "trailing": "As for a month, but since the start of the window: who paid then, and what became of it. "
    "At today's exchange rates; a month appears once its window is filled.",
    "quick_ratio": "(new + expansion + reactivation) ÷ (contraction + churn).",
    "ltv": "ARPU ÷ customer churn rate averaged over up to six months before; empty where nobody churned.",
    "new": "First time above zero at a day's close, or a return that the policy calls no reactivation.",
    "expansion": "A paying customer's MRR rose.",
    "contraction": "A customer's MRR fell, but the customer stayed.",
    "churn": "No subscription of the customer bears MRR any more.",
    "reactivation": "A return after churn.",
    "fx": "The open balance revalued at the month's end rate; never an expansion.",
    "cohorts": "Customers by the month of their first positive MRR; a returning one stays in its cohort.",
    "trial_conversion": "Trials whose first invoice was paid ÷ trials that ended.",
    "cmrr": "MRR + signed future changes − scheduled cancellations and downgrades.",
    "bridge": "MRR → recurring amounts invoiced → collected, through named items; what is left over must be "
    "0.00 or a listed exception.",
    "pass_rate": "Runs with status PASS ÷ all runs.",
    "engagement_score": "Users × 10 up to 40, plus conversations (or validations) ÷ 100 up to 30, plus 5 per "
    "feature in use up to 30; at most 100.",
    "upgrade_probability": "Probability of an upgrade within 90 days, learned from the ledger of movements.",
    "expected_additional_mrr": "Upgrade probability × potential additional MRR.",
    "potential_additional_mrr": "Price of the next plan − price of the present one; empty for custom prices.",
    "signals": "Usage at or above 80 % of its limit, users at or above 80 % of theirs, engagement above 75.",
    "use_percent": "Used ÷ quota, in percent; unlimited counts as 0 %, 100 % and more is over the limit.",
    "exhausted_on": "The day on which the quota is forecast to be used up, with a low and a high bound.",
    "health": "100 is healthy; lowered by failed payments, a scheduled cancellation, falling usage or pass "
    "rate, unused seats and quiet users.",
    "mrr_at_risk": "The MRR of a tenant whose health shows a risk.",
}
