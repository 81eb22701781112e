with scores as (select * from {{ ref('int_growth__upgrade_scores') }}),

snapshots as (
    select * from {{ ref('int_growth__upgrade_snapshots') }}
    where is_settled
),

judged as (
    select
        scores.*,
        cast(snapshots.has_upgraded as integer) as upgraded,
        rank() over (partition by scores.scored_on order by scores.upgrade_probability) as low_rank,
        count(*) over (partition by scores.scored_on, scores.upgrade_probability) as ties,
        ntile(5) over (
            partition by scores.scored_on order by scores.upgrade_probability desc, scores.tenant_id
        ) as fifth
    from scores
    inner join snapshots on scores.tenant_id = snapshots.tenant_id and scores.scored_on = snapshots.snapshot_on
),

totals as (
    select
        scored_on,
        count(*) as tenants,
        sum(upgraded) as upgrades,
        sum(upgrade_probability) as expected_upgrades,
        sum(upgraded) filter (where fifth = 1) as upgrades_in_top_fifth,
        avg(power(upgrade_probability - upgraded, 2)) as brier,
        avg(power(base_rate - upgraded, 2)) as base_brier,
        -- The chance that an upgrading tenant was scored above another one (area under the ROC curve).
        (sum(upgraded * (low_rank + (ties - 1) / 2.0)) - sum(upgraded) * (sum(upgraded) + 1) / 2.0)
        / nullif(cast(sum(upgraded) as double) * (count(*) - sum(upgraded)), 0) as auc
    from judged
    group by scored_on
)

select
    scored_on,
    cast(tenants as bigint) as tenants,
    cast(upgrades as bigint) as upgrades,
    cast(expected_upgrades as decimal(18, 2)) as expected_upgrades,
    cast(coalesce(upgrades_in_top_fifth, 0) as bigint) as upgrades_in_top_fifth,
    cast(round(brier, 8) as decimal(18, 8)) as brier,
    cast(round(base_brier, 8) as decimal(18, 8)) as base_brier,
    cast(round(auc, 8) as decimal(18, 8)) as auc
from totals
