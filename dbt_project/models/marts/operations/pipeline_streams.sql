with ledger as (select * from {{ ref('stg_usage__ledger') }}),

quarantine as (select stream, count(*) as quarantined from {{ ref('stg_usage__quarantine') }} group by stream),

gaps as (
    select object_id as stream, count(*) as gaps
    from {{ ref('dq_landing__sync_gaps') }}
    group by object_id
),

pulls as (
    select
        stream,
        sum(landed_rows) as landed_rows,
        max(asked_at) as last_asked_at,
        max(observed_at) filter (where landed_rows > 0) as last_observed_at,
        max(complete_until) filter (where status = 'ok') as complete_until,
        max_by(status, asked_at) as last_status
    from ledger
    group by stream
),

streams as (
    select stream from pulls
    union
    select stream from quarantine
)

select
    streams.stream,
    cast(coalesce(pulls.landed_rows, 0) as bigint) as rows,
    pulls.last_asked_at,
    pulls.last_observed_at,
    pulls.complete_until,
    pulls.last_status,
    cast(coalesce(gaps.gaps, 0) as bigint) as gaps,
    cast(coalesce(quarantine.quarantined, 0) as bigint) as quarantined
from streams
left join pulls on streams.stream = pulls.stream
left join gaps on streams.stream = gaps.stream
left join quarantine on streams.stream = quarantine.stream
