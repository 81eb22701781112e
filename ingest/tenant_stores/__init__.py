"""Tenants' stores as a source: what they were used for and what was validated."""
