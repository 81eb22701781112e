{#-
What had been seen, by the build's as-known-at time, of Stripe's objects of one kind: one row a sighting, the object's id
as `<kind>_id`. For streams that one model reads; what several read is a view in `staging`.
-#}
{% macro sightings(kind) -%}
    (select *, object_id as {{ kind }}_id from {{ source('landing', 'stripe_' ~ kind) }} where {{ was_known() }})
{%- endmacro %}
