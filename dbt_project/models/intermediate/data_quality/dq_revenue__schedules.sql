-- noqa: disable=RF01
{{ config(materialized='ephemeral', tags=['revenue']) }}
-- Later phases of schedules with prices or coupons that cannot be valued; the forecast takes them for nothing.
select
    flaw.check_name,
    phases.subscription_key as object_id,
    'phase from ' || strftime(min({{ reporting_date('phases.start_at') }}), '%Y-%m-%d')
    || ': ' || min(flaw.told) as detail,
    min(phases.known_at) as first_seen_at,
    cast(null as date) as flawed_from,
    cast(null as date) as flawed_until
from {{ ref('int_scheduled_phases') }} as phases
cross join unnest(phases.flaws) as listed (flaw)
group by flaw.check_name, phases.subscription_key
