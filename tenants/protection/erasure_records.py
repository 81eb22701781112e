"""What is known of a request to erase a tenant."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

DEADLINE = timedelta(days=30)
# What an erasure leaves, as certificates and pages say it.
KEPT = (
    "Amounts and dates of financial records, under an anonymous id, because the law asks for them.",
    (
        "The entries of the audit trail with the account's random id, because the proof that nothing was cut "
        "covers it; what they held of people is encrypted with a key that was destroyed."
    ),
    "The customer at Stripe with its invoices and payments; the certificate says what was taken out there.",
    "Keyed hashes of ids, by which later deliveries and restored backups are known and erased again.",
)


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """One request.

    Attributes:
        anonymous_id: Stands for the tenant in what is kept.
        tenant_id: Whose; None once it is erased.
        subjects: Keyed hashes of the ids by which Stripe's objects name the tenant's customers.
        certificate: What was erased where, by place; None until it begins, and not whole until `erased_at`.
    """

    anonymous_id: str
    tenant_hash: str
    tenant_id: str | None
    requested_at: datetime
    requested_by: str
    due_at: datetime
    subjects: list[str]
    erased_at: datetime | None
    certificate: dict[str, Any] | None
