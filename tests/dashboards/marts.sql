-- Three tenants and one customer that is no tenant, fourteen months, made up but consistent.
create schema marts;

create table marts.build_info as select
    '20261126T050000Z-one' as build_id, timestamptz '2026-11-26 05:00:00Z' as built_at,
    timestamptz '2026-11-26 05:00:00Z' as now, null::timestamptz as as_known_at, 'default' as policy,
    'loki' as catalogue, 'gbp' as reporting_currency, 'UTC' as reporting_timezone;

create table _lives as select * from (values
    ('cus_amber', 'tenant_amber', date '2025-10-01', 99.00, 'starter'),
    ('cus_birch', 'tenant_birch', date '2025-10-01', 299.00, 'professional'),
    ('cus_cedar', 'tenant_cedar', date '2026-01-01', 990.00, 'enterprise'),
    ('cus_delta', null, date '2026-03-01', 45.50, 'starter'),
    ('cus_elder', null, date '2026-05-01', 299.00, 'professional')
) as lives (customer_id, tenant_id, started, mrr, plan);

create table _months as
select cast(unnest(generate_series(date '2025-10-01', date '2026-11-01', interval 1 month)) as date) as month;

create table marts.mrr_movements as
with moved as (
    select customer_id, tenant_id, started + 4 as movement_date, 'new' as movement_type, 'signup' as reason,
        0.00 as before, mrr as after
    from _lives
    union all
    select customer_id, tenant_id, started + interval 4 month, 'expansion', 'upgrade', mrr, mrr * 1.5
    from _lives where customer_id <> 'cus_elder'
    union all
    select customer_id, tenant_id, started + interval 6 month, 'contraction', 'coupon_start', mrr * 1.5, mrr * 1.2
    from _lives where customer_id in ('cus_amber', 'cus_cedar')
    union all
    select customer_id, tenant_id, started + interval 3 month, 'churn', 'voluntary_churn', mrr, 0
    from _lives where customer_id = 'cus_elder'
    union all
    select customer_id, tenant_id, started + interval 5 month, 'reactivation', 'signup', 0, mrr
    from _lives where customer_id = 'cus_elder'
)
select
    'mov_' || substr(md5(customer_id || movement_date::varchar), 1, 12) as movement_id, customer_id, tenant_id,
    cast(movement_date as date) as movement_date,
    cast(movement_date as timestamp) at time zone 'UTC' + interval 9 hour as effective_at,
    cast(movement_date as timestamp) at time zone 'UTC' + interval 10 hour as known_at,
    movement_type, reason, 'gbp' as currency,
    cast(after - before as decimal(38, 8)) as amount,
    cast(before as decimal(38, 8)) as mrr_before, cast(after as decimal(38, 8)) as mrr_after,
    'gbp' as reporting_currency, cast(after - before as decimal(38, 8)) as reporting_amount,
    ['sub_' || substr(customer_id, 5)] as subscription_ids,
    ['evt_' || substr(md5(customer_id || movement_date::varchar), 1, 10)] as source_event_ids,
    'event' as source
from moved;

create table _kinds as
select m.month, v.movement_type as kind, sum(v.reporting_amount) as amount
from _months m join marts.mrr_movements v on date_trunc('month', v.movement_date) = m.month group by all;

create table marts.mrr_months as
with sums as (
    select m.month,
        coalesce(sum(k.amount) filter (where k.kind = 'new'), 0) as new,
        coalesce(sum(k.amount) filter (where k.kind = 'expansion'), 0) as expansion,
        coalesce(sum(k.amount) filter (where k.kind = 'contraction'), 0) as contraction,
        coalesce(sum(k.amount) filter (where k.kind = 'churn'), 0) as churn,
        coalesce(sum(k.amount) filter (where k.kind = 'reactivation'), 0) as reactivation,
        cast(0 as decimal(38, 8)) as fx
    from _months m left join _kinds k on k.month = m.month group by m.month
), balances as (
    select *, sum(new + expansion + contraction + churn + reactivation) over (order by month) as closing_mrr from sums
), counted as (
    select b.*, coalesce(lag(closing_mrr) over (order by month), 0) as opening_mrr,
        (select count(*) from _lives l where l.started <= b.month and not (
            l.customer_id = 'cus_elder' and b.month in (date '2026-08-01', date '2026-09-01'))) as customers
    from balances b
)
select
    month, cast(opening_mrr as decimal(38, 8)) as opening_mrr, cast(new as decimal(38, 8)) as new,
    cast(expansion as decimal(38, 8)) as expansion, cast(contraction as decimal(38, 8)) as contraction,
    cast(churn as decimal(38, 8)) as churn, cast(reactivation as decimal(38, 8)) as reactivation, fx,
    cast(closing_mrr as decimal(38, 8)) as closing_mrr, cast(12 * closing_mrr as decimal(38, 8)) as arr,
    customers as paying_customers, customers as active_subscriptions,
    cast(closing_mrr / nullif(customers, 0) as decimal(38, 8)) as arpu,
    cast((closing_mrr - opening_mrr) / nullif(opening_mrr, 0) as decimal(26, 12)) as growth_rate,
    cast(case when churn < 0 then 0.2 else 0 end as decimal(26, 12)) as logo_churn_rate,
    cast(-(contraction + churn) / nullif(opening_mrr, 0) as decimal(26, 12)) as gross_revenue_churn,
    cast((opening_mrr + expansion + contraction + churn) / nullif(opening_mrr, 0) as decimal(26, 12))
        as net_revenue_retention,
    cast((opening_mrr + contraction + churn) / nullif(opening_mrr, 0) as decimal(26, 12)) as gross_revenue_retention,
    cast((new + expansion + reactivation) / nullif(-(contraction + churn), 0) as decimal(26, 12)) as quick_ratio,
    cast(null as decimal(38, 8)) as ltv, month < date '2026-11-01' as is_complete,
    cast(closing_mrr / nullif(customers, 0) as decimal(38, 8)) as arpu_per_subscription
from counted;

create table marts.mrr_months_constant as select * from marts.mrr_months;

create table marts.mrr_months_trailing as
select m.month, w.window_months, o.opening_mrr, m.new, m.expansion, m.contraction, m.churn, m.reactivation, m.closing_mrr,
    cast((m.closing_mrr - o.opening_mrr) / nullif(o.opening_mrr, 0) as decimal(26, 12)) as growth_rate, m.logo_churn_rate,
    m.gross_revenue_churn, m.net_revenue_retention, m.gross_revenue_retention, m.quick_ratio, m.is_complete
from marts.mrr_months m cross join (values (cast(3 as bigint)), (12)) as w (window_months)
left join marts.mrr_months o on o.month = m.month - to_months(cast(w.window_months as integer) - 1);

create table marts.plan_months as
select l.plan, 'month' as billing_interval, 'gbp' as currency, m.month, count(*) as subscriptions,
    count(*) as customers, cast(sum(l.mrr) as decimal(38, 8)) as mrr
from _months m join _lives l on l.started <= m.month group by l.plan, m.month;

create table marts.customer_days as
select customer_id, tenant_id, movement_date as valid_from,
    lead(movement_date) over (partition by customer_id order by movement_date) as valid_to,
    currency, mrr_after as mrr, mrr_after as reporting_mrr
from marts.mrr_movements;

create table marts.customer_months as
select v.customer_id, v.tenant_id, m.month, 'gbp' as currency,
    arg_max(v.mrr_after, v.movement_date) as opening_mrr, cast(0 as decimal(38, 8)) as new,
    cast(0 as decimal(38, 8)) as expansion, cast(0 as decimal(38, 8)) as contraction, cast(0 as decimal(38, 8)) as churn,
    cast(0 as decimal(38, 8)) as reactivation, cast(0 as decimal(38, 8)) as fx,
    arg_max(v.mrr_after, v.movement_date) as closing_mrr, arg_max(v.mrr_after, v.movement_date) > 0 as is_paying
from _months m join marts.mrr_movements v on v.movement_date <= m.month group by all;

create table marts.retention_cohorts as
select c.month as cohort_month, datediff('month', c.month, m.month) as months_since,
    cast(20 as bigint) as customers_at_start, cast(20 * pow(0.97, datediff('month', c.month, m.month)) as bigint) as customers_kept,
    cast(4000 as decimal(38, 8)) as mrr_at_start,
    cast(4000 * pow(0.985, datediff('month', c.month, m.month)) as decimal(38, 8)) as mrr_kept
from _months c join _months m on m.month >= c.month;

create table _days as
select cast(unnest(generate_series(date '2026-09-01', date '2026-11-25', interval 1 day)) as date) as day;

create table marts.usage_days as
select l.tenant_id, 'api_calls' as meter, x.module, '/v1/validations' as endpoint, d.day,
    cast(40 + (day(d.day) * 7) % 23 as bigint) as requests, cast(39 + (day(d.day) * 7) % 23 as decimal(38, 6)) as units,
    cast(39 + (day(d.day) * 7) % 23 as bigint) as succeeded, cast(1 as bigint) as failed
from _days d cross join _lives l cross join (values ('fca_uk'), ('gdpr_uk')) as x (module)
where l.tenant_id is not null;

create table marts.quota_use as
select l.tenant_id, x.meter, timestamptz '2026-11-01 00:00:00Z' as period_start,
    timestamptz '2026-12-01 00:00:00Z' as period_end, cast(x.used as decimal(38, 6)) as used,
    cast(if(l.plan = 'enterprise', null, x.quota) as decimal(18, 6)) as quota,
    cast(if(l.plan = 'enterprise', 0, 100 * x.used / x.quota) as decimal(38, 8)) as use_percent,
    l.plan <> 'enterprise' and x.used >= x.quota as is_over_limit, cast(x.used * 1.2 as decimal(38, 2)) as forecast_used,
    if(l.plan = 'enterprise', null, date '2026-11-28') as exhausted_on,
    if(l.plan = 'enterprise', null, date '2026-11-27') as exhausted_on_low,
    if(l.plan = 'enterprise', null, date '2026-11-30') as exhausted_on_high, true as is_current
from _lives l cross join (values ('api_calls', 8700.0, 10000.0), ('users', 2.0, 3.0)) as x (meter, used, quota)
where l.tenant_id is not null;

create table marts.validation_runs as
select 'run_' || l.tenant_id || '_' || strftime(d.day, '%m%d') || '_' || n.n as run_id, l.tenant_id,
    ['invoice', 'privacy_notice', 'financial_promotion'][1 + n.n % 3] as document_type, ['fca_uk', 'gdpr_uk'] as modules,
    ['PASS', 'PASS', 'PASS', 'FAIL', 'NEEDS_REVIEW'][1 + (day(d.day) + n.n * 3) % 5] as status,
    cast(d.day as timestamp) at time zone 'UTC' + interval 10 hour + n.n * interval 7 minute as created_at,
    'invoice' as detected_type, 0.93::double as type_score, '2026.11' as ruleset_version, repeat('ab', 32) as ruleset_hash,
    '1.0' as engine_version, '0' as custom_gates_revision, d.day as as_of, repeat('cd', 32) as document_sha256,
    cast(1800 as bigint) as characters, 3.2::double as duration_ms
from _days d cross join _lives l cross join (select unnest(range(4)) as n) as n where l.tenant_id is not null;

create table _gates as select * from (values
    ('fca_uk', 'fair_clear_not_misleading', 'Fair, clear and not misleading', 'critical'),
    ('fca_uk', 'risk_warning', 'Risk warning is present and prominent', 'high'),
    ('gdpr_uk', 'lawful_basis', 'Lawful basis is stated', 'high'),
    ('gdpr_uk', 'retention_period', '<script>alert("x")</script> **[x](javascript:y)** $a$', 'medium')
) as gates (module, gate_id, title, severity);

create table marts.gate_outcomes as
select r.run_id, r.tenant_id, g.module, g.gate_id, g.severity,
    case when r.status = 'FAIL' and hash(r.run_id || g.gate_id) % 2 = 0 then 'FAIL' else 'PASS' end as verdict,
    g.title, false as is_waived, 0 as findings, r.created_at
from marts.validation_runs r cross join _gates g;

create table marts.top_violations as
with grouped as (
    select coalesce(tenant_id, 'all') as tenant_id, cast(date_trunc('month', created_at) as date) as month, module,
        gate_id, any_value(title) as title, count(*) filter (where verdict = 'FAIL') as failures, count(*) as runs,
        cast(0 as bigint) as waived
    from marts.gate_outcomes group by grouping sets ((tenant_id, month, module, gate_id), (month, module, gate_id))
)
select *, cast(row_number() over (partition by tenant_id, month order by failures desc, gate_id) as integer) as rank
from grouped where failures > 0;

create table marts.compliance_trend as
select tenant_id, cast(created_at as date) as day, document_type, module, count(*) as runs,
    count(*) filter (where status = 'PASS') as passed,
    cast(count(*) filter (where status = 'PASS') / count(*) as decimal(18, 8)) as pass_rate,
    count(*) filter (where status = 'FAIL') as failed,
    count(*) filter (where status = 'NEEDS_REVIEW') as needs_review, cast(0 as bigint) as not_applicable,
    cast(0 as bigint) as passed_by_waiver
from (select *, unnest(modules) as module from marts.validation_runs) as opened group by all;

create table marts.upsell_scores as
select tenant_id, date '2026-11-26' as scored_on, plan, 'professional' as recommended_plan,
    ['api_calls_usage_high', 'high_engagement'] as signals, cast(82 as decimal(18, 2)) as engagement_score,
    cast(0.31 as decimal(18, 8)) as upgrade_probability, cast(200 as decimal(18, 2)) as potential_additional_mrr,
    cast(62 as decimal(18, 2)) as expected_additional_mrr,
    ['API calls at 87 % of the limit', 'Engagement score of 82'] as reasons,
    cast(row_number() over (order by mrr desc) as integer) as rank, 'gbp' as currency,
    if(tenant_id = 'tenant_amber', '<script>alert("x")</script> **[x](javascript:y)** $a$', 'Firm ' || tenant_id) as name
from _lives where tenant_id is not null;

create table marts.tenant_health as
select tenant_id, date '2026-11-26' as as_of, cast(if(plan = 'starter', 45, 90) as integer) as health,
    if(plan = 'starter', ['failed_payments', 'falling_usage'], []) as risks,
    if(plan = 'starter', ['2 payments failed in a row', 'Calls fell by 40 % in 30 days'], []) as reasons,
    cast(if(plan = 'starter', mrr, 0) as decimal(38, 8)) as mrr_at_risk, cast(mrr as decimal(38, 8)) as mrr,
    'gbp' as reporting_currency, plan, 'Firm ' || tenant_id as name
from _lives where tenant_id is not null;

create table marts.data_quality as select * from (values
    ('price_without_amount', 'price_1', 'Price has neither an amount nor tiers: counted as 0.', timestamptz '2026-11-20 04:00:00Z'),
    ('unknown_status', 'sub_9', '<script>alert("x")</script>', timestamptz '2026-11-21 04:00:00Z')
) as findings ("check", object_id, detail, first_seen_at);

create table marts.pipeline_streams as select * from (values
    ('stripe_events', cast(812 as bigint), timestamptz '2026-11-26 04:55:00Z', timestamptz '2026-11-26 04:55:00Z',
        timestamptz '2026-11-26 04:55:00Z', 'ok', cast(0 as bigint), cast(0 as bigint)),
    ('usage_records', 9000, timestamptz '2026-11-26 04:56:00Z', timestamptz '2026-11-26 04:56:00Z',
        timestamptz '2026-11-25 00:00:00Z', 'gap', 1, 3)
) as streams (stream, rows, last_asked_at, last_observed_at, complete_until, last_status, gaps, quarantined);

create table marts.trial_months as
select month, cast(6 + month(month) % 3 as bigint) as trials_started, cast(5 + month(month) % 4 as bigint) as trials_ended,
    cast(3 + month(month) % 3 as bigint) as trials_converted,
    cast((3 + month(month) % 3) / (5 + month(month) % 4) as decimal(26, 12)) as conversion_rate
from _months;

create table marts.dunning_invoices as select
    'in_' || n as invoice_id, l.customer_id, l.tenant_id, 'sub_' || substr(l.customer_id, 5) as subscription_id,
    'gbp' as currency, cast(l.mrr as decimal(38, 8)) as amount_due,
    timestamptz '2026-10-01 09:00:00Z' + n * interval 5 day as first_failed_at,
    timestamptz '2026-10-03 09:00:00Z' + n * interval 5 day as last_failed_at, cast(1 + n % 4 as bigint) as attempts,
    if(n % 3 = 0, timestamptz '2026-10-05 09:00:00Z' + n * interval 5 day, null) as recovered_at,
    if(n % 3 = 1, timestamptz '2026-11-05 09:00:00Z', null) as lost_at, cast(50 - 5 * n as bigint) as age_days,
    ['recovered', 'lost', 'at_risk'][1 + n % 3] as state,
    cast(if(n % 3 = 0, l.mrr, 0) as decimal(38, 8)) as recovered_amount,
    cast(if(n % 3 = 1, l.mrr, 0) as decimal(38, 8)) as lost_amount,
    cast(if(n % 3 = 2, l.mrr, 0) as decimal(38, 8)) as at_risk_amount,
    cast(if(n % 3 = 2, l.mrr, 0) as decimal(38, 8)) as mrr_at_risk
from _lives l cross join (select cast(unnest(range(9)) as integer) as n) as n where l.customer_id in ('cus_amber', 'cus_birch');

create table marts.committed_mrr_months as select
    cast(date '2026-11-01' + n * interval 1 month as date) as month, cast(2122.55 - 60 * n as decimal(38, 8)) as opening_mrr,
    cast(40 * (4 - n) as decimal(38, 8)) as scheduled_changes, cast(-100 * (4 - n) as decimal(38, 8)) as scheduled_cancellations,
    cast(1882.55 as decimal(38, 8)) as committed_mrr, cast(12 * 1882.55 as decimal(38, 8)) as committed_arr,
    cast(if(n = 0, 0, 40) as decimal(38, 8)) as due_changes, cast(if(n = 0, 0, -100) as decimal(38, 8)) as due_cancellations,
    cast(198 as decimal(38, 8)) as trial_mrr, cast(112.5 as decimal(38, 8)) as weighted_trial_mrr, true as is_forecast
from (select cast(unnest(range(4)) as integer) as n) as n;

create table marts.usage_revenue_months as
select month, 'cus_amber' as customer_id, 'tenant_amber' as tenant_id, 'gbp' as currency, 'overage' as kind,
    cast(12.345 as decimal(38, 8)) as amount, ['il_1'] as invoice_line_ids from _months;

create table marts.mrr_invoice_bridge as
select m.month, l.customer_id, l.tenant_id, 'gbp' as currency, cast(b.position as bigint) as position, b.stage, b.item,
    cast(b.share * l.mrr as decimal(38, 8)) as amount, ['in_1'] as invoice_ids, ['il_1', 'il_2'] as invoice_line_ids
from _months m cross join _lives l cross join (values
    (1, 'mrr', 'mrr', 1.0), (2, 'invoiced', 'term_spread', 0.4), (3, 'invoiced', 'proration', 0.1),
    (4, 'invoiced', 'tax', 0.3), (5, 'invoiced', 'invoiced', 1.8), (6, 'collected', 'uncollected', -0.3),
    (7, 'collected', 'refunds', -0.1), (8, 'collected', 'collected', 1.4)
) as b (position, stage, item, share);
create table marts.mrr_invoice_bridge_lines as
select month, customer_id, tenant_id, currency, position, stage, item, amount,
    'in_1' as invoice_id, 'il_1' as invoice_line_id
from marts.mrr_invoice_bridge;

create table marts.stripe_events as
select e.event_id, 'customer.subscription.updated' as event_type, v.effective_at as created_at, v.known_at as observed_at,
    'subscription' as object_type, v.subscription_ids[1] as object_id, '{"quantity": 1}' as previous_attributes,
    '{"id": "' || e.event_id || '", "object": "event", "data": {"object": {"id": "' || v.subscription_ids[1] || '"}}}' as body
from marts.mrr_movements v, unnest(v.source_event_ids) as e (event_id);

drop table _lives; drop table _kinds; drop table _months; drop table _days; drop table _gates;

create table marts.policy_gap (
    from_policy varchar, to_policy varchar, month date, customer_id varchar, tenant_id varchar,
    currency varchar, switch varchar, from_value varchar, to_value varchar, amount decimal(38, 8)
);

create schema intermediate;
create table intermediate.int_customers (customer_id varchar, ledger_customer_id varchar);
create table intermediate.int_subscription_versions (
    subscription_id varchar, occurred_at timestamptz, known_at timestamptz, ended_at timestamptz,
    start_at timestamptz, is_creation boolean, is_first boolean, is_event boolean
);
