-- One row a tenant and risk: what it takes off the health of 100, in words with figures.
with activity as (select * from {{ ref('int_growth__activity') }})

select
    tenant_id,
    'failed_payments' as risk,
    least(60, 30 + 10 * payment_failures) as weight,
    cast(payment_failures as varchar) || ' failed payment' || case when payment_failures = 1 then '' else 's' end
        as reason
from activity
where payment_failures > 0
union all
select
    tenant_id,
    'scheduled_cancellation' as risk,
    50 as weight,
    'a cancellation is scheduled' || coalesce(' for ' || cast({{ utc_date('cancels_at') }} as varchar), '') as reason
from activity
where is_cancellation_scheduled
union all
select
    tenant_id,
    'falling_usage' as risk,
    25 as weight,
    'usage fell by ' || cast(cast(round(100 - 100 * recent_units / earlier_units) as integer) as varchar)
    || ' % in four weeks, from ' || cast(cast(earlier_units as bigint) as varchar)
    || ' to ' || cast(cast(recent_units as bigint) as varchar) as reason
from activity
where earlier_units >= 20 and recent_units * 10 <= earlier_units * 7
union all
select
    tenant_id,
    'falling_pass_rate' as risk,
    15 as weight,
    'pass rate fell from ' || cast(cast(round(100 * earlier_passes / earlier_checks) as integer) as varchar)
    || ' % to ' || cast(cast(round(100 * recent_passes / recent_checks) as integer) as varchar)
    || ' % in four weeks' as reason
from activity
where
    earlier_checks >= 10 and recent_checks >= 10
    -- At least ten points lower, in whole numbers.
    and 10 * (earlier_passes * recent_checks - recent_passes * earlier_checks) >= earlier_checks * recent_checks
union all
select
    tenant_id,
    'unused_seats' as risk,
    10 as weight,
    cast(active_users as varchar) || ' of ' || cast(user_limit as varchar) || ' seats in use' as reason
from activity
where 2 * active_users < user_limit
union all
select
    tenant_id,
    'quiet_users' as risk,
    15 as weight,
    cast(quiet_users as varchar) || ' of ' || cast(active_users as varchar) || ' users have gone quiet' as reason
from activity
where quiet_users > 0 and 2 * quiet_users >= active_users
