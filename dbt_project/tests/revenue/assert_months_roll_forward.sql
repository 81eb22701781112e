-- Opening plus all columns is closing, and closing is the next month's opening, in both views.
{{ config(tags=['revenue']) }}
select *
from (
    {%- for mart in ['mrr_months', 'mrr_months_constant'] %}
    select
        '{{ mart }}' as mart,
        month,
        opening_mrr + "new" + expansion + contraction + churn + reactivation + fx as rolled,
        closing_mrr,
        opening_mrr,
        lag(closing_mrr, 1, 0) over (order by month) as closed_before
    from {{ ref(mart) }}
    {% if not loop.last %} union all {% endif %}
    {%- endfor %}
) as months
where rolled != closing_mrr or opening_mrr != closed_before
