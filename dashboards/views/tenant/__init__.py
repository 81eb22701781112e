"""Pages for a tenant's people, on that tenant's own file."""
