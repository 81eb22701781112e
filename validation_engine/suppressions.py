"""Findings that somebody accepted: named by gate and fingerprint, with author, reason and expiry."""

from __future__ import annotations

import hashlib
from datetime import date  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING

import msgspec

from validation_engine.results import Waiver

if TYPE_CHECKING:
    from collections.abc import Iterable


class Suppression(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One accepted finding; it is shown as waived, never hidden."""

    gate_id: str
    fingerprint: str
    author: str
    reason: str
    expires_on: date | None = None


def fingerprint(gate_id: str, document_type: str, quotes: Iterable[str]) -> str:
    """Return what identifies a finding whatever its place: the gate, the type and the folded quotes."""
    told = "\0".join(" ".join(quote.split()).casefold() for quote in quotes)
    return hashlib.sha256(f"{gate_id}\0{document_type}\0{told}".encode()).hexdigest()[:24]


def waiver_for(gate_id: str, mark: str, suppressions: Iterable[Suppression], as_of: date) -> Waiver | None:
    """Return the waiver of a finding, or None where none is in force on the day."""
    for one in suppressions:
        if (
            one.gate_id == gate_id
            and one.fingerprint == mark
            and (one.expires_on is None or as_of <= one.expires_on)
        ):
            return Waiver(one.author, one.reason, one.expires_on.isoformat() if one.expires_on else None)
    return None
