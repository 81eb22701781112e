"""Builds the warehouse from the landing zone in three steps that hand over through the workspace on disk.

`build_marts` makes and tests the models, `write_files` the tenants' files, `seal` a durable build.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from orchestration import policy_gap, publishing
from orchestration.build_facts import completeness, erased_tenants, mart_rows, write_build_info
from orchestration.dbt_run import DbtRun
from orchestration.tenant_files import write_tenant_files
from orchestration.variants import variants

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from orchestration.dbt_run import Node
    from orchestration.progress import Progress
    from orchestration.variants import Reporting
    from tenants.warehouse import Build, Warehouse

FACTS = "facts.json"


@dataclass(frozen=True)
class BuildOrder:
    """What one build is a function of, beside the landing zone.

    Attributes:
        state: The folder of all run-time state.
        reporting: Policies, currency and time zone.
        ordered_at: When it is built.
        now: The clock of its numbers: what is current, what is overdue.
        as_known_at: Only what had been observed by then takes part; None for everything.
        inputs: A hash of all that the build depends on, kept to see whether it is current.
        build_id: Its name, where it has one that does not tell the time.
    """

    state: Path
    reporting: Reporting
    ordered_at: datetime
    now: datetime
    as_known_at: datetime | None = None
    inputs: str = ""
    build_id: str | None = None


def build_marts(warehouse: Warehouse, order: BuildOrder, progress: Progress) -> list[Node]:
    """Build and test all models in a fresh workspace.

    Returns:
        How each model and test went.

    Raises:
        BuildFailed: A model or test failed; the workspace stays until the next build, to look at.
    """
    workspace = publishing.fresh_workspace(warehouse)
    file, started = workspace / "warehouse.duckdb", time.monotonic()
    built = variants(order.reporting, order.state, order.now, order.as_known_at)
    run = DbtRun(order.state / "landing", file, order.state / "logs", built)
    nodes = run.build_and_test(lambda name: progress.detail(f"built {name}"))
    policy_gap.write(file, order, progress)
    facts = _facts(order, nodes, file) | {"dbt_seconds": round(time.monotonic() - started, 1)}
    write_build_info(file, facts)
    (workspace / FACTS).write_text(json.dumps(facts, default=str))
    return nodes


def write_files(warehouse: Warehouse, progress: Progress) -> int:
    """Write every tenant's file beside the models; returns how many."""
    return write_tenant_files(
        publishing.workspace(warehouse),
        lambda done, total: progress.detail(f"tenant files: {done} of {total}"),
    )


def seal(warehouse: Warehouse) -> Build:
    """Make what lies in the workspace a durable build; readers do not get it yet."""
    workspace = publishing.workspace(warehouse)
    facts = json.loads((workspace / FACTS).read_text())
    (workspace / FACTS).unlink()
    return publishing.seal(warehouse, workspace, facts["id"], facts)


def _facts(order: BuildOrder, nodes: Sequence[Node], file: Path) -> dict[str, Any]:
    tests = [node for node in nodes if node.type == "test"]
    as_known_at = order.as_known_at.isoformat() if order.as_known_at else None
    return {
        "id": order.build_id or f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}",
        "built_at": order.ordered_at.isoformat(),
        "now": order.now.isoformat(),
        "as_known_at": as_known_at,
        "policy": order.reporting.policy.name,
        "policies_beside": [asdict(policy) for policy in order.reporting.beside],
        "policy_gaps": [[asdict(policy) for policy in pair] for pair in order.reporting.gaps],
        "catalogue": order.reporting.catalogue,
        "reporting_currency": order.reporting.currency,
        "reporting_timezone": order.reporting.timezone,
        "inputs": order.inputs,
        "rows": mart_rows(file),
        "completeness": completeness(file),
        "erased_tenants": erased_tenants(order.state / "landing"),
        "tests": {
            "passed": sum(node.status == "pass" for node in tests),
            "warnings": {node.name: node.failures for node in tests if node.status == "warn"},
        },
    }
