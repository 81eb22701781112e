select * from {{ source('landing', 'sync_ledger') }}
