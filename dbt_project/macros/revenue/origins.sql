{#-
CTEs from `dated`, one row a subscription whose beginning no event tells, to `moments`: what its own dates and its
invoices tell of its status, each from a moment on.
-#}
{% macro told_moments() -%}
invoices as (
    select
        invoices.*,
        failures.first_failed_at
    from {{ ref('int_invoices') }} as invoices
    left join (
        select
            invoice_id,
            min(moved_at) as first_failed_at
        from {{ ref('int_payments') }}
        where kind = 'failure'
        group by invoice_id
    ) as failures on invoices.invoice_id = failures.invoice_id
    where invoices.subscription_id in (select subscription_id from dated)
),

episodes as (
    select
        subscription_id,
        paid_at as begins_at,
        'active' as status_then,
        true as is_first_payment
    from invoices
    where
        billing_reason = 'subscription_create' and total > 0 and paid_at > created_at + interval 1 minute
        and not is_sent
    union all
    select
        subscription_id,
        first_failed_at,
        'past_due',
        false
    from invoices
    where billing_reason = 'subscription_cycle' and first_failed_at is not null
    union all
    select
        subscription_id,
        paid_at,
        'active',
        false
    from invoices
    where billing_reason = 'subscription_cycle' and paid_at > first_failed_at
),

moments as (
    select
        *,
        begins_at as occurred_at,
        false as is_scheduled,
        false as is_over,
        case
            when had_trial then 'trialing'
            when status in ('incomplete', 'incomplete_expired') or subscription_id in (
                select subscription_id from episodes
                where is_first_payment
            ) then 'incomplete'
            else 'active'
        end as status_then
    from dated
    union all
    select
        *,
        trial_end_at as occurred_at,
        false as is_scheduled,
        false as is_over,
        'active' as status_then
    from dated
    where had_trial and trial_end_at < told_until and status != 'trialing'
    union all
    select
        *,
        canceled_at as occurred_at,
        true as is_scheduled,
        false as is_over,
        case when had_trial and canceled_at < trial_end_at then 'trialing' else 'active' end as status_then
    from dated
    where canceled_at > begins_at and canceled_at < told_until
    union all
    select
        *,
        ended_at as occurred_at,
        true as is_scheduled,
        true as is_over,
        status as status_then
    from dated
    where ended_at < seen_at
    union all
    -- Paid later than it began: incomplete until then. A renewal that failed: past due until it was paid.
    select
        dated.*,
        episodes.begins_at,
        false as is_scheduled,
        false as is_over,
        episodes.status_then
    from dated
    inner join episodes on dated.subscription_id = episodes.subscription_id
    where episodes.begins_at > dated.begins_at and episodes.begins_at < dated.told_until
),
{%- endmacro %}

{#-
CTEs from `histories`, the subscriptions whose beginning no event tells, to `told`: what lines of invoices, and prorations
still pending, tell of their items.
-#}
{% macro items_told_by_lines() -%}
-- Found by their ids before they are joined to their invoices: most accounts have few of them, or none.
lines as (
    select
        amounts.line_id,
        amounts.kind,
        amounts.kind = 'proration' and amounts.amount < 0 as is_credit,
        invoices.invoice_id,
        invoices.currency,
        invoices.subscription_id
    from {{ ref('int_line_amounts') }} as amounts
    inner join {{ ref('int_invoices') }} as invoices on amounts.invoice_key = {{ row_key('invoices') }}
    where amounts.line_id in (select details.line_id from {{ ref('int_line_details') }} as details)
),

told as (
    select
        histories.subscription_id,
        details.item_id,
        details.period_start_at as begins_at,
        details.price_id,
        lines.currency,
        details.unit_amount,
        details.quantity,
        lines.invoice_id as source_id,
        lines.is_credit,
        details.period_end_at,
        lines.kind = 'proration' as is_proration
    from {{ ref('int_line_details') }} as details
    inner join lines on details.line_id = lines.line_id
    inner join histories on coalesce(details.subscription_id, lines.subscription_id) = histories.subscription_id
    where
        details.item_id is not null and lines.kind in ('monthly', 'longer', 'proration')
        and details.period_start_at < histories.seen_at
    union all
    select
        pending.subscription_id,
        pending.item_id,
        pending.period_start_at,
        pending.price_id,
        pending.currency,
        pending.unit_amount,
        pending.quantity,
        pending.invoiceitem_id,
        pending.amount < 0,
        pending.period_end_at,
        true
    from {{ sightings('invoiceitem') }} as pending
    inner join histories on pending.subscription_id = histories.subscription_id
    where
        pending.is_proration and pending.invoice_id is null and pending.item_id is not null
        and pending.period_start_at < histories.seen_at and not pending.is_deleted
),
{%- endmacro %}
