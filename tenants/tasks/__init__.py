"""Tasks of the platform's staff that outlive the request for them."""

from tenants.tasks.ledger import Tasks
from tenants.tasks.records import Finding, Kind, Task, Work

__all__ = ["Finding", "Kind", "Task", "Tasks", "Work"]
