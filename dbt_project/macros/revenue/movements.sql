{#-
What kind of movement a customer's day is, decided on the whole customer; null where it only grew or shrank.
A spell begins with its start and ends with its departure; a return is judged by the time since then.
-#}
{% macro movement_type(day, start, return) -%}
    {%- set gap = switch('reactivation_gap') -%}
    case
        when {{ day }}.is_paying and not {{ day }}.was_paying then
            case
                when {{ start }}.last_start_on is null then 'new'
                when {{ return }}.gone_on is null then 'expansion'
                {% if gap == 'one_month' %}
                when {{ day }}.movement_date < {{ return }}.gone_on + interval 1 month then 'new'
                {% elif gap == 'ninety_days' %}
                when {{ day }}.movement_date > {{ return }}.gone_on + interval 90 day then 'new'
                {% endif %}
                else 'reactivation'
            end
        when {{ day }}.was_paying and not {{ day }}.is_paying then
            case when {{ day }}.is_gone then 'churn' else 'contraction' end
    end
{%- endmacro %}

{#- An amount at a rate, to the scale of MRR, half away from zero; at the rate of 1 nothing need be multiplied. -#}
{% macro in_reporting_currency(amount, rate) -%}
    case
        when {{ rate }} = 1 then cast({{ amount }} as {{ mrr_type() }})
        else cast(cast({{ amount }} as decimal(24, 8)) * {{ rate }} as {{ mrr_type() }})
    end
{%- endmacro %}

{#-
What a change of a balance is at a rate: the difference of the two balances, each rounded, so that changes at one rate
add up to the balance to the last digit and nothing is left of a balance that is gone.
-#}
{% macro reporting_change(row, rate) -%}
    ({{ in_reporting_currency(row ~ '.mrr_after', rate) }}) - ({{ in_reporting_currency(row ~ '.mrr_before', rate) }})
{%- endmacro %}
