select run_id, tenant_id, status, created_at
from {{ source('landing', 'validation_runs') }}
{% if var('as_known_at') %} where observed_at <= cast('{{ var("as_known_at") }}' as timestamptz) {% endif %}
