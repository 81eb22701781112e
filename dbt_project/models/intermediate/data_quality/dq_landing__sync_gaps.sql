{{ config(materialized="ephemeral") }}
-- Stretches that a pull could not read: open until a later pull of the stream covers them.
with ledger as (select * from {{ ref('stg_usage__ledger') }}),

troubles as (
    select * from ledger
    where status <> 'ok'
),

healed as (
    select
        troubles.stream,
        troubles.asked_at
    from troubles
    inner join ledger
        on
            troubles.stream = ledger.stream
            and ledger.status = 'ok'
            and ledger.asked_at > troubles.asked_at
            and (ledger.since is null or troubles.since is null or ledger.since <= troubles.since)
)

select
    'sync_' || troubles.status as check_name,
    troubles.stream as object_id,
    coalesce(troubles.detail, 'not read to its end') as detail,
    min(troubles.observed_at) as first_seen_at
from troubles
left join healed on troubles.stream = healed.stream and troubles.asked_at = healed.asked_at
where healed.stream is null
group by troubles.status, troubles.stream, troubles.detail
