{{ config(materialized='ephemeral', tags=['revenue']) }}
-- Events rendered in a version that this project has not been checked against.
select
    'unknown_api_version' as check_name,
    event_id as object_id,
    'version ' || any_value(api_version) || ' of ' || any_value(object_id) as detail,
    min(observed_at) as first_seen_at,
    min({{ reporting_date('created_at') }}) as flawed_from,
    max({{ reporting_date('created_at') }}) as flawed_until
from {{ source('landing', 'stripe_events') }}
where
    {{ was_known() }}
    and api_version is not null
    and (
        api_version > '{{ var("newest_api_version") }}'
        or not regexp_matches(api_version, '^20[0-9]{2}-[01][0-9]-[0-3][0-9]')
    )
group by event_id
