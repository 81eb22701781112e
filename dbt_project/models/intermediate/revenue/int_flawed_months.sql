-- One row for each month whose numbers may lack something: a stream with a known gap, an object we could not value.
select cast(null as date) as month
where false
