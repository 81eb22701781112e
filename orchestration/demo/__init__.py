"""The demo world: a Stripe sandbox, tenants' lives and the documents they send."""
