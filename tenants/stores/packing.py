"""Outcomes and result of a run as its row holds them, made ready before, or far from, the commit.

A result is mostly the same sentences about the same gates: what many results have in common is
deflated once. Deflate blocks that end in a full flush refer to nothing before them, so parts
deflated apart make one valid zlib stream when put together.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tenants.stores.records import GateOutcome

_PIECES_IN_PART = 16
_MOST_KEPT = 4_096
_LONGEST_KEPT = 16_000
_RAW = -15
_HEADER, _LAST_BLOCK = b"\x78\x9c", b"\x03\x00"


class PackedRun(msgspec.Struct, frozen=True):
    """A run's outcomes, and its result compressed."""

    outcomes: str
    result: bytes


def pack(rows: Iterable[bytes], pieces: Sequence[bytes]) -> PackedRun:
    """Return a run's outcomes and result as they are kept.

    Args:
        rows: Each outcome as `row_of` gives it.
        pieces: The result's JSON, cut where results tend to differ.
    """
    return PackedRun(f"[{b','.join(rows).decode()}]", packed(pieces))


def row_of(outcome: GateOutcome) -> bytes:
    """Return an outcome as it is kept."""
    return orjson.dumps(
        (
            outcome.module,
            outcome.gate_id,
            outcome.title,
            outcome.severity,
            outcome.verdict,
            outcome.waived,
            outcome.findings,
        )
    )


def packed(pieces: Sequence[bytes]) -> bytes:
    """Return pieces as one zlib stream that `zlib.decompress` reads."""
    parts, check = [_HEADER], 1
    for at in range(0, len(pieces), _PIECES_IN_PART):
        part = b"".join(pieces[at : at + _PIECES_IN_PART])
        check = zlib.adler32(part, check)
        parts.append(_kept(part) if at and len(part) <= _LONGEST_KEPT else _deflated(part))
    return b"".join((*parts, _LAST_BLOCK, check.to_bytes(4, "big")))


def _deflated(part: bytes) -> bytes:
    deflate = zlib.compressobj(6, zlib.DEFLATED, _RAW)
    return deflate.compress(part) + deflate.flush(zlib.Z_FULL_FLUSH)


_kept = lru_cache(_MOST_KEPT)(_deflated)
