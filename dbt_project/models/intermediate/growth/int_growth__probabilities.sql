-- One row a tenant with enough history behind it: the present probability of an upgrade within 90 days, and the two
-- strongest reasons for it in words.
with scores as (
    select * from {{ ref('int_growth__upgrade_scores') }}
    where scored_on = {{ build_day() }}
),

features as (select * from {{ ref('int_growth__upgrade_features') }}),

weights as (select * from {{ ref('int_growth__upgrade_weights') }}),

contributions as (
    select
        features.tenant_id,
        features.words,
        features.feature,
        scores.share * weights.weight as contribution
    from scores
    inner join features on scores.tenant_id = features.tenant_id and scores.scored_on = features.snapshot_on
    inner join weights
        on
            scores.scored_on = weights.scored_on
            and features.feature = weights.feature
            and features.class = weights.class
    where features.words is not null and scores.share * weights.weight > 0.1
    qualify row_number() over (
        partition by features.tenant_id order by scores.share * weights.weight desc, features.feature
    ) <= 2
),

reasons as (
    select
        tenant_id,
        list(
            words || ': ' || cast(cast(exp(contribution) as decimal(9, 1)) as varchar) || ' times the usual odds'
            order by contribution desc, feature
        ) as reasons
    from contributions
    group by tenant_id
)

select
    scores.tenant_id,
    cast(round(scores.upgrade_probability, 8) as decimal(18, 8)) as upgrade_probability,
    coalesce(reasons.reasons, []) as reasons
from scores
left join reasons on scores.tenant_id = reasons.tenant_id
