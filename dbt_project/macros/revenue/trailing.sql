{#- A month's number, of which the next one's is one more. -#}
{% macro month_number(month) -%} cast(12 * extract(year from {{ month }}) + extract(month from {{ month }}) as integer) {%- endmacro %}

{#-
CTEs to `departures`: how many of those who were there when each window began left within it; where the policy counts new
customers as well, also of those.
-#}
{% macro window_departures() -%}
{%- set with_new = switch('churn_base') == 'start_plus_new' -%}
-- The first change since the window began tells who was there before it.
departures as (
    select windows.month, windows.window_months, count(distinct gone.customer_number) as customers_lost
    from windows
    inner join changes as gone on windows.n = gone.n and gone.is_churn
    asof join changes as held on gone.customer_number = held.customer_number and windows.since <= held.n
    {%- if with_new %}
    left join changes as came
        on
            gone.customer_number = came.customer_number and came.is_new
            and came.n >= windows.since and came.n <= windows.until
    {%- endif %}
    where held.opening > 0 {% if with_new %} or came.n is not null {% endif %}
    group by 1, 2
),
{%- endmacro %}

{#-
CTEs to `retention`: how much the balances at the start of each window changed, and how much of them was lost, from the CTE
`changes` of customers by month and the CTE `windows`, each month of each window. Customers who never came back are summed
up by the month in which they began; who lost something or came back is looked at window by window.
-#}
{% macro window_retention() -%}
customers as (
    select customer_number, min(n) as began, count(*) filter (where opening = 0) > 1 as has_returned
    from changes
    group by 1
),

steady as (
    select customers.began, changes.n, sum(changes.kept_change) as kept_change
    from changes inner join customers on changes.customer_number = customers.customer_number
    where not customers.has_returned and changes.n > customers.began
    group by 1, 2
),

told as (
    select
        changes.*, customers.has_returned,
        lead(changes.n, 1, 999999) over (partition by changes.customer_number order by changes.n) as next_n
    from changes inner join customers on changes.customer_number = customers.customer_number
    where customers.has_returned or changes.customer_number in (select customer_number from changes where is_loss)
),

-- A balance and a later one of the same customer: the windows that begin with the one and end with the other have their
-- ends from `first_end` to before `ends`; a change of who came back is in all windows that begin with the balance.
pairs as (
    select
        lengths.window_months, later.has_returned, later.kept_change,
        greatest(held.closing - later.closing, 0) as lost,
        greatest(later.n, held.n + lengths.window_months) as first_end,
        least(later.next_n, held.next_n + lengths.window_months) as ends,
        held.next_n + lengths.window_months as last_begin_ends
    from told as held
    inner join told as later on held.customer_number = later.customer_number and held.n < later.n
    cross join unnest([3, 12]) as lengths (window_months)
    where held.closing > 0 and later.n < held.next_n + lengths.window_months
        and (later.closing < held.closing or later.has_returned)
),

kept as (
    select windows.month, windows.window_months, steady.kept_change, 0 as shrinkage
    from windows inner join steady on windows.n = steady.n and steady.began < windows.since
    union all
    select windows.month, windows.window_months, found.kept_change, found.shrinkage
    from (select distinct month, window_months, until from windows) as windows
    inner join (
        select window_months, first_end, ends, 0 as kept_change, sum(lost) as shrinkage from pairs group by 1, 2, 3
        union all
        select window_months, first_end, last_begin_ends as ends, sum(kept_change) as kept_change, 0 as shrinkage
        from pairs where has_returned group by 1, 2, 3
    ) as found
        on
            windows.window_months = found.window_months
            and windows.until >= found.first_end and windows.until < found.ends
),

retention as (
    select month, window_months, sum(kept_change) as kept_change, sum(shrinkage) as shrinkage from kept group by 1, 2
)
{%- endmacro %}
