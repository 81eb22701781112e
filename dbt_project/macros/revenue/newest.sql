{#-
The sightings of objects, each in its newest one. What was landed once need not be sorted: only keys whose number was
seen twice go through the window, and there the key itself decides, so that numbers that coincide do no harm.
-#}
{% macro newest_of(sightings, key, order_by) -%}
    select *, false as is_seen_twice from {{ sightings }} as seen
    where {{ fingerprint(key) }} not in (select number from {{ key }}s_seen_twice)
    union all
    select *, true as is_seen_twice from {{ sightings }} as seen
    where {{ fingerprint(key) }} in (select number from {{ key }}s_seen_twice)
    qualify row_number() over (partition by {{ key }} order by {{ order_by }}) = 1
{%- endmacro %}

{#- The numbers of the keys that were seen more than once: the body of the CTE `<key>s_seen_twice`. -#}
{% macro seen_twice(sightings, key) -%}
    select {{ fingerprint(key) }} as number
    from {{ sightings }} as seen
    group by {{ fingerprint(key) }}
    having count(*) > 1
{%- endmacro %}

{#- The newest sighting of each object of a kind, where few are expected; `further_on` decides within a second. -#}
{% macro newest_sighting(kind, further_on=[]) -%}
    select *
    from {{ sightings(kind) }} as seen
    qualify row_number() over (
        partition by {{ kind }}_id order by occurred_at desc, {% for it in further_on %} {{ it }} desc, {% endfor %} observed_at
    ) = 1
{%- endmacro %}
