select * from {{ source('landing', 'tenant_register') }}
