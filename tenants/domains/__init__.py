"""Domains of tenants' own: claimed, proved by DNS, checked again, released."""

from tenants.domains.domains import Domain, Domains

__all__ = ["Domain", "Domains"]
