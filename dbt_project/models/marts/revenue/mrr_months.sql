-- The months' totals in the reporting currency, each movement at the rate of its day.
{{ mrr_months(is_constant=false) }}
