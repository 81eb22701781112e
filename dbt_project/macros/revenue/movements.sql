{#-
What kind of movement a customer's day is, decided on the whole customer; null where it only grew or shrank.
A spell ends with its departure; a return is judged by the time since then.
-#}
{% macro movement_type(day, departure) -%}
    {%- set gap = switch('reactivation_gap') -%}
    case
        when {{ day }}.paying_before = 0 and {{ day }}.paying_after > 0 then
            case
                when {{ day }}.spell = 1 then 'new'
                when {{ departure }}.gone_on is null then 'expansion'
                {% if gap == 'one_month' %}
                when {{ day }}.movement_date < {{ departure }}.gone_on + interval 1 month then 'new'
                {% elif gap == 'ninety_days' %}
                when {{ day }}.movement_date > {{ departure }}.gone_on + interval 90 day then 'new'
                {% endif %}
                else 'reactivation'
            end
        when {{ day }}.paying_before > 0 and {{ day }}.paying_after = 0 then
            case when {{ day }}.is_gone then 'churn' else 'contraction' end
    end
{%- endmacro %}

{#- An amount at a rate, to the scale of MRR, half away from zero. -#}
{% macro in_reporting_currency(amount, rate) -%}
    cast(cast({{ amount }} as decimal(24, 8)) * {{ rate }} as {{ mrr_type() }})
{%- endmacro %}

{#-
What a change of a balance is at a rate: the difference of the two balances, each rounded, so that changes at one rate
add up to the balance to the last digit and nothing is left of a balance that is gone.
-#}
{% macro reporting_change(row, rate) -%}
    {{ in_reporting_currency(row ~ '.mrr_after', rate) }} - {{ in_reporting_currency(row ~ '.mrr_before', rate) }}
{%- endmacro %}
