{{ config(materialized="ephemeral") }}
-- Usage that came more than a day after its day had first been pulled: numbers already reported have changed.
with slices as (select * from {{ ref('int_usage__slices') }}),

ledger as (select * from {{ ref('stg_usage__ledger') }}),

reported as (
    select
        slices.usage_day,
        min(ledger.asked_at) as first_reported_at
    from (select distinct usage_day from slices) as slices
    inner join ledger
        on ledger.stream = 'usage_records' and ledger.asked_at >= {{ utc_midnight('slices.usage_day + 1') }}
    group by slices.usage_day
),

late as (
    select
        slices.tenant_id,
        slices.usage_day,
        {{ utc_date('slices.last_observed_at') }} as arrival_day,
        slices.last_observed_at
    from slices
    inner join reported on slices.usage_day = reported.usage_day
    where slices.last_observed_at > reported.first_reported_at + interval '1 day'
)

select
    'late_usage' as check_name,
    tenant_id as object_id,
    'usage of ' || cast(count(distinct usage_day) as varchar) || ' days (' || cast(min(usage_day) as varchar) || ' to '
    || cast(max(usage_day) as varchar) || ') arrived on ' || cast(arrival_day as varchar)
    || ', after those days had been reported' as detail,
    min(last_observed_at) as first_seen_at
from late
group by tenant_id, arrival_day
