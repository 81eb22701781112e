"""Tenants: their life from creation to closing, and what their plan entitles them to."""

from tenants.tenancy.entitlements import Entitlements, entitlements_of
from tenants.tenancy.records import NewTenant, Overrides, Tenant, TenantStatus
from tenants.tenancy.tenants import Tenants

__all__ = [
    "Entitlements",
    "NewTenant",
    "Overrides",
    "Tenant",
    "TenantStatus",
    "Tenants",
    "entitlements_of",
]
