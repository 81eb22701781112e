"""One transaction for all that a call leaves behind: run, outcomes, usage, quota, idempotency key."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from tenants.stores import idempotency, quotas
from tenants.stores.packing import pack, row_of
from tenants.stores.records import API_SOURCE, CommitOutcome
from tenants.stores.values import to_micros, to_millionths

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tenants.databases.connection import Connection
    from tenants.stores.records import IdempotencyKey, MeteredCall, QuotaCharge, ValidationCommit

Parameters = dict[str, object]

_ADD_RUN = """
    INSERT INTO validation_runs
        (run_id, document_type, detected_type, type_score, modules, status, created_at, ruleset_version,
         ruleset_hash, engine_version, custom_gates_revision, as_of, document_sha256, characters,
         duration_ms, gate_outcomes, result)
    VALUES
        (:run_id, :document_type, :detected_type, :type_score, :modules, :status, :created_at,
         :ruleset_version, :ruleset_hash, :engine_version, :custom_gates_revision, :as_of,
         :document_sha256, :characters,
         :duration_ms, :gate_outcomes, :result)
"""
_ADD_DOCUMENT = """
    INSERT INTO kept_documents (run_id, media_type, content) VALUES (:run_id, :media_type, :content)
"""
ADD_USAGE = """
    INSERT INTO usage_records
        (source, record_id, meter, module, endpoint, status_code, succeeded, units, occurred_at)
    VALUES (:source, :record_id, :meter, :module, :endpoint, :status_code, :succeeded, :units, :occurred_at)
"""
_SUCCESS_BELOW = 400


@dataclass(frozen=True, slots=True)
class PreparedCommit:
    """A commit turned into rows before the writer's lock is taken, so that the lock is held shortly."""

    charge: QuotaCharge
    usage: Parameters
    response: bytes
    status_code: int
    at: datetime
    key: IdempotencyKey | None
    run: Parameters | None = None
    document: Parameters | None = None

    def apply(self, connection: Connection) -> CommitOutcome:
        """Write everything, or nothing where the key is known or the quota used up."""
        if self.key is not None:
            known = idempotency.find(connection, self.key)
            if known is not None:
                return known.outcome(quotas.state(connection, self.charge))
        is_taken, quota = quotas.take(connection, self.charge)
        if not is_taken:
            return CommitOutcome("refused", b"", 429, quota)
        self._write(connection)
        return CommitOutcome("committed", self.response, self.status_code, quota)

    def _write(self, connection: Connection) -> None:
        if self.run is not None:
            connection.execute(_ADD_RUN, self.run)
        if self.document is not None:
            connection.execute(_ADD_DOCUMENT, self.document)
        connection.execute(ADD_USAGE, self.usage)
        if self.key is not None:
            run_id = None if self.run is None else str(self.run["run_id"])
            answer = idempotency.Answer(self.status_code, self.response, run_id)
            idempotency.remember(connection, self.key, answer, self.at)


def prepare_validation(commit: ValidationCommit) -> PreparedCommit:
    """Return the rows of a validation."""
    run = commit.run
    usage = _usage(
        commit.charge, run.run_id, run.modules, commit.endpoint, commit.status_code, run.created_at
    )
    return PreparedCommit(
        charge=commit.charge,
        usage=usage,
        response=commit.result,
        status_code=commit.status_code,
        at=run.created_at,
        key=commit.idempotency,
        run=_run(commit),
        document=_document(commit),
    )


def prepare_call(call: MeteredCall) -> PreparedCommit:
    """Return the rows of a charged call that leaves no run."""
    usage = _usage(call.charge, call.call_id, call.modules, call.endpoint, call.status_code, call.occurred_at)
    return PreparedCommit(
        charge=call.charge,
        usage=usage,
        response=call.response,
        status_code=call.status_code,
        at=call.occurred_at,
        key=call.idempotency,
    )


def _run(commit: ValidationCommit) -> Parameters:
    run = commit.run
    packed = commit.packed or pack(map(row_of, commit.outcomes), [commit.result])
    return {
        "run_id": run.run_id,
        "document_type": run.document_type,
        "detected_type": run.detected_type,
        "type_score": run.type_score,
        "modules": orjson.dumps(list(run.modules)).decode(),
        "status": run.status,
        "created_at": to_micros(run.created_at),
        "ruleset_version": run.ruleset_version,
        "ruleset_hash": run.ruleset_hash,
        "engine_version": run.engine_version,
        "custom_gates_revision": run.custom_gates_revision,
        "as_of": run.as_of.isoformat(),
        "document_sha256": run.document_sha256,
        "characters": run.characters,
        "duration_ms": run.duration_ms,
        "gate_outcomes": packed.outcomes,
        "result": packed.result,
    }


def _document(commit: ValidationCommit) -> Parameters | None:
    if commit.document is None:
        return None
    content = zlib.compress(commit.document)
    return {"run_id": commit.run.run_id, "media_type": commit.document_media_type, "content": content}


def _usage(
    charge: QuotaCharge,
    record_id: str,
    modules: Sequence[str],
    endpoint: str,
    status_code: int,
    at: datetime,
) -> Parameters:
    return {
        "source": API_SOURCE,
        "record_id": record_id,
        "meter": charge.meter,
        "module": "+".join(modules) or None,
        "endpoint": endpoint,
        "status_code": status_code,
        "succeeded": int(status_code < _SUCCESS_BELOW),
        "units": to_millionths(charge.units),
        "occurred_at": to_micros(at),
    }
