"""Which features a tenant uses, told by what its store holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenants.databases.connection import Connection

# Each asks for one row at most, by an index or the first of the table.
_FACTS = {
    "validations": "SELECT 1 FROM validation_runs LIMIT 1",
    "corrections": "SELECT 1 FROM usage_records WHERE endpoint = '/v1/corrections' LIMIT 1",
    "usage_events": "SELECT 1 FROM usage_keys LIMIT 1",
    "custom_gates": "SELECT 1 FROM custom_gates WHERE is_enabled = 1 LIMIT 1",
    "suppressions": "SELECT 1 FROM suppressions LIMIT 1",
    "kept_documents": "SELECT 1 FROM kept_documents LIMIT 1",
}


def in_use(connection: Connection) -> list[str]:
    """Return the names of the features in use, in a fixed order."""
    return [name for name, question in _FACTS.items() if connection.execute(question, {}).fetchone()]
