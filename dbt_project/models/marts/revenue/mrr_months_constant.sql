-- The months' totals in the reporting currency, all of them at today's rates.
{{ mrr_months(is_constant=true) }}
