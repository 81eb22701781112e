"""One tenant's store: everything the service keeps for a tenant, and no way to another's."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tenants.stores import batches, features, gates, history, requests, usage
from tenants.stores.commits import PreparedCommit, prepare_call, prepare_validation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from decimal import Decimal

    from tenants.databases.connection import Connection, Database
    from tenants.databases.group_commit import GroupCommit
    from tenants.stores.history import RowDict
    from tenants.stores.records import (
        Batch,
        CommitOutcome,
        CustomGate,
        GateVersion,
        IdempotencyKey,
        MeteredCall,
        Period,
        StreamTable,
        Suppression,
        UsageEvent,
        UsageSummary,
        ValidationCommit,
    )
    from tenants.stores.requests import LoggedRequest

T = TypeVar("T")


class OpenStore:
    """An open database with its group commit, and how many steps its schema went up on opening."""

    def __init__(self, database: Database, commits: GroupCommit[Connection], steps_done: int) -> None:
        self.database = database
        self.commits = commits
        self.steps_done = steps_done


class TenantStore:
    """The store of one tenant; handlers get it bound and never name a tenant themselves.

    Args:
        tenant_id: Whose it is.
        lease: Enters a block in which the store's database stays open.
        secret: Keys the hashes by which usage events are known for ever.
    """

    def __init__(
        self, tenant_id: str, lease: Callable[[str], AbstractContextManager[OpenStore]], secret: bytes
    ) -> None:
        self.tenant_id = tenant_id
        self._lease = lease
        self._secret = secret

    def commit_validation(self, commit: ValidationCommit) -> CommitOutcome:
        """Commit a validation, durably and as one, before this returns.

        The run, its outcomes and result, the usage record, the quota's units and the
        idempotency key are all kept, or none of them is.
        """
        return self._commit(prepare_validation(commit))

    def commit_call(self, call: MeteredCall) -> CommitOutcome:
        """Commit a charged call that leaves no run, under the same promise."""
        return self._commit(prepare_call(call))

    def runs(self, limit: int = 50, before: str | None = None) -> list[RowDict]:
        """Return up to `limit` validation runs, newest first, of those before the run `before`."""
        return self._read(lambda connection: history.newest_runs(connection, limit, before))

    def run(self, run_id: str) -> bytes | None:
        """Return the result of a run as it was answered, None where there is no such run."""
        return self._read(lambda connection: history.result(connection, run_id))

    def document(self, run_id: str) -> tuple[str, bytes] | None:
        """Return the media type and content of a document that the tenant asked to keep."""
        return self._read(lambda connection: history.document(connection, run_id))

    def record_usage_events(
        self, events: Sequence[UsageEvent], period_of: Callable[[datetime], Period]
    ) -> int:
        """Record a batch as one, each event once for ever, and return how many were new."""
        return self._write(
            lambda connection: usage.record_events(connection, events, period_of, self._secret)
        )

    def usage(self, period: Period) -> UsageSummary:
        """Return what the period adds up to."""
        return self._read(lambda connection: usage.summarise(connection, period))

    def units_within(self, period: Period) -> dict[str, Decimal]:
        """Return the units by meter that were used within a time, as far as their details are still there."""
        return self._read(lambda connection: usage.units_within(connection, period))

    def rows_after(self, table: StreamTable, after: int, limit: int) -> list[RowDict]:
        """Return up to `limit` rows with a `seq` above `after`, in the order in which they were committed."""
        rows = self._read(lambda connection: history.rows_after(connection, table, after, limit))
        return [{"tenant_id": self.tenant_id, **row} for row in rows]

    def custom_gates(self) -> list[CustomGate]:
        """Return every gate of the tenant's own, by id."""
        return self._read(gates.custom_gates)

    def custom_gates_revision(self) -> int:
        """Return how often the tenant's gates were changed; 0 before the first."""
        return self._read(gates.revision)

    def own_rules(self, now: datetime) -> tuple[int, list[Suppression]]:
        """Return what a validation depends on, in one look: the gates' revision, and what is waived."""
        return self._read(lambda connection: gates.own_rules(connection, now))

    def put_custom_gate(self, gate_id: str, body: str, *, is_enabled: bool, at: datetime, by: str) -> int:
        """Write or replace a gate and return the new revision."""
        return self._write(
            lambda connection: gates.put_gate(connection, gate_id, body, is_enabled=is_enabled, at=at, by=by)
        )

    def delete_custom_gate(self, gate_id: str, *, at: datetime, by: str) -> int | None:
        """Delete a gate and return the new revision, None where there was none."""
        return self._write(lambda connection: gates.delete_gate(connection, gate_id, at=at, by=by))

    def custom_gate_versions(self, gate_id: str) -> list[GateVersion]:
        """Return every version of a gate that was ever saved, newest first."""
        return self._read(lambda connection: gates.versions(connection, gate_id))

    def add_batch(self, batch: Batch, key: IdempotencyKey | None = None) -> str | None:
        """Accept documents for later, durably and once under a key.

        Returns:
            The batch's id, or that of an earlier one under the key; None where that was for another request.
        """
        return self._write(lambda connection: batches.accept(connection, batch, key))

    def batch(self, batch_id: str) -> Batch | None:
        """Return a batch, None where there is none."""
        return self._read(lambda connection: batches.find(connection, batch_id))

    def unfinished_batches(self) -> list[Batch]:
        """Return the batches that still have documents to answer, oldest first."""
        return self._read(batches.unfinished)

    def tell_batch(self, batch_id: str, done: int, outcomes: str) -> None:
        """Note how far a batch is."""
        self._write(lambda connection: batches.tell(connection, batch_id, done, outcomes))

    def finish_batch(self, batch_id: str, outcomes: str, at: datetime) -> None:
        """Note that every document of a batch was answered, and wipe them."""
        self._write(lambda connection: batches.finish(connection, batch_id, outcomes, at))

    def suppressions(self, now: datetime) -> list[Suppression]:
        """Return what is waived at this time, oldest first."""
        return self._read(lambda connection: gates.suppressions(connection, now))

    def add_suppression(self, suppression: Suppression) -> None:
        """Waive a finding."""
        self._write(lambda connection: gates.add_suppression(connection, suppression))

    def delete_suppression(self, suppression_id: str) -> bool:
        """Withdraw a suppression and return whether there was one."""
        return self._write(lambda connection: gates.delete_suppression(connection, suppression_id))

    def log_request(self, request: LoggedRequest) -> None:
        """Keep that a request was answered."""
        self._write(lambda connection: requests.add(connection, request))

    def requests(self, limit: int = 100, before: int | None = None) -> list[LoggedRequest]:
        """Return up to `limit` logged requests, newest first, of those before the number `before`."""
        return self._read(lambda connection: requests.newest(connection, limit, before))

    def features_in_use(self) -> list[str]:
        """Return the names of what the tenant has used, as its rows tell."""
        return self._read(features.in_use)

    def _commit(self, prepared: PreparedCommit) -> CommitOutcome:
        return self._write(prepared.apply)

    def _write(self, work: Callable[[Connection], T]) -> T:
        with self._lease(self.tenant_id) as store:
            return store.commits.run(work)

    def _read(self, work: Callable[[Connection], T]) -> T:
        with self._lease(self.tenant_id) as store, store.database.read() as connection:
            return work(connection)
