-- One row a month in which trials ended.
select
    cast(null as date) as "month",
    cast(null as bigint) as "trials_started",
    cast(null as bigint) as "trials_ended",
    cast(null as bigint) as "trials_converted",
    cast(null as decimal(26,12)) as "conversion_rate"
where false
