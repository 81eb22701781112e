{#-
What had been seen, by the build's as-known-at time, of Stripe's objects of one kind: one row a sighting, the object's id
as `<kind>_id`. What history is folded from, subscriptions and customers, has views in `staging` instead.
-#}
{% macro sightings(kind) -%}
    (
        select *, object_id as {{ kind | replace('invoice_line', 'line') }}_id
        from {{ source('landing', 'stripe_' ~ kind) }}
        where {{ was_known() }}
    )
{%- endmacro %}
