-- One row a tenant with something amiss at Stripe: payments failed and not recovered, a cancellation that is scheduled.
-- The register says the same once its webhooks have been applied; Stripe's own facts do not wait for that.
with customers as (
    select * from {{ ref('int_customers') }}
    where tenant_id is not null
),

failures as (
    select
        tenant_id,
        sum(attempts) as failed_attempts
    from {{ ref('dunning_invoices') }}
    where tenant_id is not null and state = 'at_risk'
    group by tenant_id
),

subscriptions as (
    select * from {{ ref('int_subscription_states') }}
    where valid_to is null
),

cancellations as (
    select
        customers.tenant_id,
        min(coalesce(subscriptions.cancel_at, subscriptions.period_end_at)) as cancels_at
    from subscriptions
    inner join customers on subscriptions.customer_id = customers.customer_id
    where
        subscriptions.status in ('active', 'trialing', 'past_due')
        and (subscriptions.is_cancel_at_period_end or subscriptions.cancel_at is not null)
    group by customers.tenant_id
)

select
    coalesce(failures.tenant_id, cancellations.tenant_id) as tenant_id,
    coalesce(failures.failed_attempts, 0) as failed_attempts,
    cancellations.tenant_id is not null as is_cancellation_scheduled,
    cancellations.cancels_at
from failures
full outer join cancellations on failures.tenant_id = cancellations.tenant_id
