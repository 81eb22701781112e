{#-
Exact arithmetic. A value is a numerator over a denominator, both 128-bit integers; it is rounded once, half up, where
it becomes a column. Where a product would not fit, the result is null, never wrong, and data_quality lists the item.
-#}
{% macro whole() -%} {{ return(adapter.dispatch('whole', 'loki')()) }} {%- endmacro %}
{% macro default__whole() -%} decimal(38, 0) {%- endmacro %}
{% macro duckdb__whole() -%} hugeint {%- endmacro %}

{#- MRR and everything summed from it. -#}
{% macro mrr_type() -%} decimal(38, 8) {%- endmacro %}

{#- Null instead of an error where a number does not fit. -#}
{% macro fits(expression) -%} {{ return(adapter.dispatch('fits', 'loki')(expression)) }} {%- endmacro %}
{% macro default__fits(expression) -%} try({{ expression }}) {%- endmacro %}

{#- numerator / denominator rounded half up to `places`; neither may be negative. -#}
{% macro rounded_quotient(numerator, denominator, places=8) -%}
    {{ return(adapter.dispatch('rounded_quotient', 'loki')(numerator, denominator, places)) }}
{%- endmacro %}

{% macro duckdb__rounded_quotient(numerator, denominator, places) -%}
    try(cast(
        (2 * {{ numerator }} * {{ 10 ** places }}::hugeint + {{ denominator }}) // (2 * {{ denominator }})
        as decimal(38, 0)
    ) * cast({{ '0.' ~ '0' * (places - 1) ~ '1' }} as decimal({{ places + 1 }}, {{ places }})))
{%- endmacro %}

{#- A ratio of two amounts, twelve places, half away from zero; null where the denominator is zero. -#}
{% macro ratio(numerator, denominator) -%}
    {{ return(adapter.dispatch('ratio', 'loki')(numerator, denominator)) }}
{%- endmacro %}

{% macro duckdb__ratio(numerator, denominator) -%}
    case when ({{ denominator }}) <> 0 then
        sign({{ numerator }}) * sign({{ denominator }})
        * cast(cast(
            (2 * cast(abs({{ numerator }}) * 1000000000000 as hugeint) * 1000000000000::hugeint
            + cast(abs({{ denominator }}) * 1000000000000 as hugeint))
            // (2 * cast(abs({{ denominator }}) * 1000000000000 as hugeint)) as decimal(38, 0)
        ) * cast(0.000000000001 as decimal(13, 12)) as decimal(26, 12))
    end
{%- endmacro %}

{#- Amounts over one denominator, kept as a list: the sum of those covered … -#}
{% macro covered_sum(overs, covers) -%}
    list_reduce(
        list_transform({{ overs }}, lambda amount, place: case when {{ covers }}[place] then amount else 0::hugeint end),
        lambda a, b: a + b
    )
{%- endmacro %}

{#- … each covered one times a fraction, the others brought to the same denominator … -#}
{% macro scaled_list(overs, covers, over, under) -%}
    list_transform(
        {{ overs }}, lambda amount, place: case when {{ covers }}[place] then amount * {{ over }} else amount * {{ under }} end
    )
{%- endmacro %}

{#-
… or, where that would not fit, rounded to 10⁻¹¹ of a minor unit, the fraction itself to 18 digits …
-#}
{% macro places_of_discounts() -%} 100000000000 {%- endmacro %}
{% macro rounded_list(overs, under, covers, over, below) -%}
    list_transform({{ overs }}, lambda amount, place:
        amount * {{ places_of_discounts() }} // {{ under }} * case
            when {{ covers }}[place] then {{ over }} // ({{ below }} // 1000000000000000000 + 1)
            else {{ below }} // ({{ below }} // 1000000000000000000 + 1)
        end // ({{ below }} // ({{ below }} // 1000000000000000000 + 1))
    )
{%- endmacro %}

{#- Whether amounts over one denominator are small enough for what is yet to be done with them. -#}
{% macro leaves_room(overs, under) -%}
    coalesce({{ under }} <= 1e27::{{ whole() }} and list_max({{ overs }}) <= 1e27::{{ whole() }}, false)
{%- endmacro %}

{#- … and the list or its denominator without their greatest common divisor, so that numbers stay small. -#}
{% macro reduced(overs, under, part) -%}
    {%- set divisor = 'list_reduce(list_prepend(' ~ under ~ ', ' ~ overs ~ '), lambda a, b: gcd(a, b))' -%}
    {%- if part == 'under' -%} {{ under }} // {{ divisor }}
    {%- else -%} list_transform({{ overs }}, lambda amount: amount // {{ divisor }})
    {%- endif -%}
{%- endmacro %}

{% macro ratio_type() -%} decimal(26, 12) {%- endmacro %}

{#- The instant at which a day begins in the reporting time zone. -#}
{% macro day_start(day_expression) -%} {{ return(adapter.dispatch('day_start', 'loki')(day_expression)) }} {%- endmacro %}
{% macro default__day_start(day_expression) -%}
    to_utc_timestamp(cast({{ day_expression }} as timestamp), '{{ var("reporting_timezone") }}')
{%- endmacro %}
{% macro duckdb__day_start(day_expression) -%}
    (cast({{ day_expression }} as timestamp) at time zone '{{ var("reporting_timezone") }}')
{%- endmacro %}
