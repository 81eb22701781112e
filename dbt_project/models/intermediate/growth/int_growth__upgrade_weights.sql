-- One row a moment of scoring, feature and class: how much the class moves the log-odds of an upgrade within 90 days,
-- learned only from snapshots whose 90 days were over at that moment. A class is drawn to the average as if twenty more
-- average tenants had been seen in it. A moment with too little history (under 200 snapshots or 20 upgrades) has none.
{% set pseudo = 20 %}

with snapshots as (select * from {{ ref('int_growth__upgrade_snapshots') }}),

features as (select * from {{ ref('int_growth__upgrade_features') }}),

settled as (
    select
        tenant_id,
        snapshot_on,
        cast(has_upgraded as integer) as upgrades
    from snapshots
    where is_settled
),

moments as (
    select distinct snapshot_on as scored_on from snapshots
    where is_present or is_settled
),

bases as (
    select
        moments.scored_on,
        count(*) as seen,
        sum(settled.upgrades) as upgrades,
        cast(sum(settled.upgrades) as double) / count(*) as base_rate
    from moments
    inner join settled on settled.snapshot_on + 90 <= moments.scored_on
    group by moments.scored_on
    having count(*) >= 200 and sum(settled.upgrades) >= 20 and sum(settled.upgrades) < count(*)
),

classes as (
    select
        bases.scored_on,
        bases.base_rate,
        features.feature,
        features.class,
        (sum(settled.upgrades) + {{ pseudo }} * bases.base_rate) / (count(*) + {{ pseudo }}) as class_rate
    from bases
    inner join settled on settled.snapshot_on + 90 <= bases.scored_on
    inner join features on settled.tenant_id = features.tenant_id and settled.snapshot_on = features.snapshot_on
    group by bases.scored_on, bases.base_rate, features.feature, features.class
)

select
    scored_on,
    feature,
    class,
    ln(base_rate / (1 - base_rate)) as base_log_odds,
    ln(class_rate / (1 - class_rate)) - ln(base_rate / (1 - base_rate)) as weight
from classes
