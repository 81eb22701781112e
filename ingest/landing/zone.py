"""Atomic commits of rows and cursors over several streams, by one writer at a time."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from ingest.errors import LandingBusy
from ingest.landing import files, recovery
from ingest.landing.durable import make_folder, replace_durably, space_needed_in, sync_folder
from ingest.landing.manifest import Manifest, ManifestLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.compute as pc

    from ingest.landing.manifest import FileEntry
    from tenants.clock import Clock


class LandingZone:
    """The only truth of the warehouse: append-only Parquet, one folder per stream and day of observation.

    Args:
        root: The folder, usually `LOKI_HOME/landing`.
        schemas: Every stream with its columns; each gets a file without rows, so that it can always be read.
        clock: Tells when a commit was made.
        upgrade: Brings files of earlier versions up to date; called before anything else is written.

    Attributes:
        findings: What was found damaged since the zone was opened, each in one sentence for a person.
    """

    def __init__(
        self,
        root: Path,
        schemas: Mapping[str, pa.Schema],
        clock: Clock,
        upgrade: Callable[[LandingZone], None] = lambda _: None,
    ) -> None:
        self.root = root
        self.schemas = dict(schemas)
        self.clock = clock
        self.manifests = ManifestLog(root / "_manifests")
        self.findings: list[str] = []
        self._upgrade = upgrade
        self._lock = FileLock(root / ".lock", timeout=0)

    @contextmanager
    def writer(self) -> Iterator[LandingZone]:
        """Hold the pen: everything half done by a killed writer is finished or removed first. Reentrant.

        Raises:
            LandingBusy: Another process holds it.
        """
        with space_needed_in(self.root):
            make_folder(self.root)
        try:
            lock = self._lock.acquire()
        except Timeout as error:
            raise self._busy() from error
        with lock:
            if self._lock.lock_counter == 1:
                with space_needed_in(self.root):
                    replace_durably(self.root / ".writer.json", json.dumps({"pid": os.getpid()}).encode())
                    recovery.recover(self)
                    self._upgrade(self)
            yield self

    def complete_streams(self) -> None:
        """See that every stream has all of today's columns, also where an earlier version filled it."""
        with space_needed_in(self.root):
            recovery.write_schema_files(self)

    def commit(
        self,
        tables: Mapping[str, pa.Table],
        cursors: Mapping[str, Any] | None = None,
        rewind: Mapping[str, Any] | None = None,
    ) -> int:
        """Make rows and cursors durable together: after a crash all of them are there, or none.

        Args:
            tables: Rows by stream; columns as declared, `observed_at` among them. Empty tables are left out.
            cursors: Sources' new positions by name, anything JSON can hold; null forgets one.
            rewind: Positions to go back to should one of these files be lost; by default those that `cursors`
                replaces. One that is named after a stream (`stream/…`) goes with that stream's files only.

        Returns:
            The number of rows committed.

        Raises:
            DiskFull: Nothing was committed.
            LandingBusy: Another process is writing.
        """
        filled = {stream: self._conform(stream, table) for stream, table in tables.items() if table.num_rows}
        if not filled and not cursors:
            return 0
        with self.writer(), space_needed_in(self.root):
            now_at = self.manifests.cursors
            moved = {name: deepcopy(to) for name, to in (cursors or {}).items() if now_at.get(name) != to}
            back = dict(rewind or {name: now_at.get(name) for name in moved})
            parts = [
                (stream, *part, self._concerning(stream, back))
                for stream in filled
                for part in files.by_day(filled[stream])
            ]
            if parts or moved:
                self.replace(parts, removed=(), cursors=moved)
        return sum(table.num_rows for table in filled.values())

    def replace(
        self,
        parts: Iterable[files.Part],
        removed: Sequence[str],
        cursors: Mapping[str, Any] | None = None,
        after: str = "",
    ) -> None:
        """Add files and take others out of the count in one step; for commits, compaction and erasure.

        Args:
            parts: What to add; read one at a time.
            removed: Paths of the files that no longer count; they are deleted.
            cursors: Positions to set.
            after: Begins the new files' names, where they take the place of others in the order of files.
        """
        sequence = self.manifests.sequence + 1
        pending = self.root / "_pending" / f"{sequence:012d}"
        make_folder(pending)
        try:
            added = [
                files.stage(pending, f"{after}{sequence:012d}-{n}", part) for n, part in enumerate(parts)
            ]
            sync_folder(pending)
            for entry in added:
                make_folder((self.root / entry.path).parent)
        except OSError:
            shutil.rmtree(pending, ignore_errors=True)
            raise
        self.manifests.append(
            Manifest(
                sequence=sequence,
                committed_at=self.clock.now(),
                added=added,
                removed=list(removed),
                cursors=dict(cursors or {}),
            )
        )
        recovery.roll_forward(self)
        self.manifests.checkpoint_when_due(self.clock.now())

    def cursor(self, name: str) -> Any:  # noqa: ANN401 - each source keeps what it needs
        """Return a source's position, null where it was never read."""
        return deepcopy(self.manifests.cursors.get(name))

    def take_findings(self) -> list[str]:
        """Return what was found damaged since the last time this was asked."""
        taken, self.findings = self.findings, []
        return taken

    def load(self) -> LandingZone:
        """See what other processes committed; needed only outside of `writer()`."""
        self.manifests.load()
        return self

    def entries(self, stream: str) -> list[FileEntry]:
        """Return the files of a stream that count, oldest first."""
        return sorted((e for e in self.manifests.files.values() if e.stream == stream), key=lambda e: e.path)

    def read(
        self,
        stream: str,
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
        entries: Sequence[FileEntry] | None = None,
    ) -> pa.Table:
        """Return rows of a stream.

        Args:
            stream: Its name.
            columns: By default all.
            where: By default all rows.
            entries: By default all files that count.
        """
        schema = self.schemas[stream]
        paths = [self.root / entry.path for entry in (self.entries(stream) if entries is None else entries)]
        return files.read(paths, schema, columns or schema.names, where)

    def _conform(self, stream: str, table: pa.Table) -> pa.Table:
        schema = self.schemas[stream]
        return table.select(schema.names).cast(schema)

    def _concerning(self, stream: str, cursors: Mapping[str, Any]) -> dict[str, Any]:
        owners = {name: name.partition("/")[0] for name in cursors}
        return {
            name: to
            for name, to in cursors.items()
            if owners[name] == stream or owners[name] not in self.schemas
        }

    def _busy(self) -> LandingBusy:
        try:
            pid = json.loads((self.root / ".writer.json").read_bytes())["pid"]
        except (OSError, ValueError, KeyError):
            pid = "unknown"
        message = (
            f"Another process (pid {pid}) is writing to the landing zone {self.root}; "
            "wait until it has finished, then run the command again."
        )
        return LandingBusy(message, pid=pid)
