-- One row a month: MRR, what is already scheduled to change it, and what remains.
select
    cast(null as date) as "month",
    cast(null as decimal(38,8)) as "opening_mrr",
    cast(null as decimal(38,8)) as "scheduled_changes",
    cast(null as decimal(38,8)) as "scheduled_cancellations",
    cast(null as decimal(38,8)) as "committed_mrr",
    cast(null as decimal(38,8)) as "committed_arr",
    cast(null as decimal(38,8)) as "trial_mrr",
    cast(null as decimal(38,8)) as "weighted_trial_mrr",
    cast(null as boolean) as "is_forecast"
where false
