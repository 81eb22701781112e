-- One row a moment of scoring and tenant: the probability of an upgrade within 90 days. The sum of the weights counts
-- what features share more than once; it is therefore scaled by the share, of 0 to 1 in tenths, that fits the snapshots
-- the weights were learned from best (least log loss).
with snapshots as (select * from {{ ref('int_growth__upgrade_snapshots') }}),

features as (select * from {{ ref('int_growth__upgrade_features') }}),

weights as (select * from {{ ref('int_growth__upgrade_weights') }}),

sums as (
    select
        weights.scored_on,
        features.tenant_id,
        features.snapshot_on,
        max(weights.base_log_odds) as base_log_odds,
        round(sum(weights.weight), 9) as weight
    from features
    inner join weights on features.feature = weights.feature and features.class = weights.class
    where features.snapshot_on + 90 <= weights.scored_on or features.snapshot_on = weights.scored_on
    group by weights.scored_on, features.tenant_id, features.snapshot_on
),

shares as (select (generated_number - 1) / 10.0 as share from ({{ dbt.generate_series(11) }})),

losses as (
    select
        sums.scored_on,
        shares.share,
        -- ln(1 + e^x) is the log loss of x and of its opposite.
        sum(ln(1 + exp(
            case when snapshots.has_upgraded then -1 else 1 end * (sums.base_log_odds + shares.share * sums.weight)
        ))) as log_loss
    from sums
    inner join snapshots on sums.tenant_id = snapshots.tenant_id and sums.snapshot_on = snapshots.snapshot_on
    cross join shares
    where sums.snapshot_on < sums.scored_on and snapshots.is_settled
    group by sums.scored_on, shares.share
),

best as (
    select
        scored_on,
        share
    from losses
    qualify row_number() over (partition by scored_on order by round(log_loss, 6), share) = 1
)

select
    sums.scored_on,
    sums.tenant_id,
    best.share,
    1 / (1 + exp(-(sums.base_log_odds + best.share * sums.weight))) as upgrade_probability,
    1 / (1 + exp(-sums.base_log_odds)) as base_rate
from sums
inner join best on sums.scored_on = best.scored_on
where sums.snapshot_on = sums.scored_on
