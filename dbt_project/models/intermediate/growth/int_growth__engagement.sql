-- One row a live tenant: its engagement score, 0 to 100.
with activity as (select * from {{ ref('int_growth__activity') }})

select
    tenant_id,
    cast(
        least(
            100,
            least(40, active_users * 10) + least(30, engagements * 0.01) + least(30, features_in_use * 5)
        ) as decimal(18, 2)
    ) as engagement_score
from activity
