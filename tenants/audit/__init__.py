"""Who did what, when, from where, to which object: append-only, chained by hashes."""

from tenants.audit.log import AuditLog
from tenants.audit.records import SYSTEM, Actor, AuditEntry, Change

__all__ = ["SYSTEM", "Actor", "AuditEntry", "AuditLog", "Change"]
