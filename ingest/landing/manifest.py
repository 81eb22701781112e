"""The log of commits: which files count, and up to where each source was read.

A commit is one manifest, and its rename into place is the moment of commit. Every few hundred commits one
manifest restates everything that counts (a checkpoint), and those before it are removed.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING, Any

import msgspec

from ingest.errors import LandingDamaged
from ingest.landing.durable import make_folder, replace_durably

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMMITS_BETWEEN_CHECKPOINTS = 200


class FileEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One Parquet file that counts.

    Attributes:
        stream: The stream whose rows it holds.
        path: Its place relative to the landing zone.
        rows: How many rows it holds.
        size: Its length in bytes.
        sha256: Hash of its bytes, hex.
        modified_ns: When it was written; a file changed since is looked at more closely.
        rewind: The cursors that its commit moved, as they stood before; null where there was none. Should the
            file be lost, putting them back makes the next pull fetch its rows again.
        sources: The usage sources whose rows it holds; empty for other streams.
        hashed_ids: Whether its usage records' ids are keyed hashes; an earlier version landed them as sent.
    """

    stream: str
    path: str
    rows: int
    size: int
    sha256: str
    modified_ns: int
    rewind: dict[str, Any] = {}
    sources: list[str] = []
    hashed_ids: bool = False


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One commit: files that count from now on, files that no longer do, cursors moved (null: forgotten)."""

    sequence: int
    committed_at: datetime
    added: list[FileEntry] = []
    removed: list[str] = []
    cursors: dict[str, Any] = {}
    is_checkpoint: bool = False


class ManifestLog:
    """The manifests of one landing zone, folded into the present state.

    Attributes:
        files: What counts, by path.
        cursors: How far each source was read, by name.
        sequence: Number of the newest commit, 0 where there is none.
        newest: The newest manifest, null where there is none.
        removed: Files that no longer count and may still be there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files: dict[str, FileEntry] = {}
        self.cursors: dict[str, Any] = {}
        self.sequence = 0
        self.newest: Manifest | None = None
        self.removed: set[str] = set()
        self._since_checkpoint = 0

    def load(self) -> None:
        """Read whatever other processes committed since the last look.

        Raises:
            LandingDamaged: A manifest cannot be read or is missing.
        """
        while True:
            try:
                return self._load()
            except FileNotFoundError:
                continue  # a writer has just replaced it by a checkpoint

    def _load(self) -> None:
        paths = sorted(self._folder.glob("*.json"))
        numbers = [int(path.stem) for path in paths]
        if numbers and numbers[0] > self.sequence + 1:
            self._restart_at(paths)
        for path, number in zip(paths, numbers, strict=True):
            if number > self.sequence:
                self._fold(self._read(path))

    def append(self, manifest: Manifest) -> None:
        """Commit: after this returns the commit holds, whatever happens."""
        make_folder(self._folder)
        path = self._folder / f"{manifest.sequence:012d}.json"
        replace_durably(path, msgspec.json.encode(manifest))
        self._fold(manifest)

    def checkpoint_when_due(self, now: datetime) -> None:
        """Restate the whole once enough commits have piled up."""
        if self._since_checkpoint >= COMMITS_BETWEEN_CHECKPOINTS:
            self.checkpoint(now)

    def checkpoint(self, now: datetime, forget: Callable[[str], bool] = lambda _: False) -> None:
        """Restate the whole in one manifest and remove the older ones.

        Args:
            now: The present.
            forget: Tells of a cursor's name, or of a key in its value, whether it is left out, everywhere.
        """
        self.append(
            Manifest(
                sequence=self.sequence + 1,
                committed_at=now,
                added=[
                    msgspec.structs.replace(entry, rewind=_without(entry.rewind, forget))
                    for entry in self.files.values()
                ],
                cursors=_without(self.cursors, forget),
                is_checkpoint=True,
            )
        )
        self.forget_history()

    def forget_history(self) -> None:
        """Remove all manifests but the newest, which must be a checkpoint."""
        for path in self._folder.glob("*.json"):
            if int(path.stem) < self.sequence:
                path.unlink()

    def _restart_at(self, paths: list[Path]) -> None:
        first = self._read(paths[0])
        if not first.is_checkpoint:
            raise _damaged(paths[0], "the manifests before it are missing")
        self.sequence = first.sequence - 1

    def _fold(self, manifest: Manifest) -> None:
        if manifest.is_checkpoint:
            self.files, self.cursors, self._since_checkpoint = {}, {}, 0
        elif manifest.sequence != self.sequence + 1:
            raise _damaged(self._folder / f"{self.sequence + 1:012d}.json", "it is missing")
        else:
            self._since_checkpoint += 1
        for path in manifest.removed:
            self.files.pop(path, None)
        self.removed.update(manifest.removed)
        self.files.update((entry.path, entry) for entry in manifest.added)
        for name, value in manifest.cursors.items():
            if value is None:
                self.cursors.pop(name, None)
            else:
                self.cursors[name] = value
        self.sequence, self.newest = manifest.sequence, manifest

    def _read(self, path: Path) -> Manifest:
        try:
            return msgspec.json.decode(path.read_bytes(), type=Manifest)
        except FileNotFoundError:
            raise
        except (OSError, msgspec.MsgspecError) as error:
            raise _damaged(path, str(error)) from error


def _without(cursors: dict[str, Any], forget: Callable[[str], bool]) -> dict[str, Any]:
    return {
        name: _without(value, forget) if isinstance(value, dict) else value
        for name, value in cursors.items()
        if not forget(name)
    }


def _damaged(path: Path, reason: str) -> LandingDamaged:
    message = (
        f"The landing zone's manifest {path} cannot be used: {reason}. Put it back from a backup; "
        "without it nobody can say which files count."
    )
    return LandingDamaged(message, path=str(path))
