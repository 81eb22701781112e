"""Findings that somebody accepted: named by gate and fingerprint, with author, reason and expiry."""

from __future__ import annotations

import hashlib
from datetime import date  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING

import msgspec

from validation_engine.results import Waiver

if TYPE_CHECKING:
    from collections.abc import Iterable

FINGERPRINT_LENGTH = 24


class Suppression(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One accepted finding; it is shown as waived, never hidden."""

    gate_id: str
    fingerprint: str
    author: str
    reason: str
    expires_on: date | None = None


def fingerprint(gate_id: str, document_type: str, texts: Iterable[str]) -> str:
    """Return what identifies a finding whatever its place: the gate, the type and the wording it is about.

    Args:
        gate_id: The gate.
        document_type: The type of document.
        texts: The findings' quotes and sentences; spaces and case do not matter.
    """
    told = "\0".join(" ".join(text.split()).casefold() for text in texts)
    return hashlib.sha256(f"{gate_id}\0{document_type}\0{told}".encode()).hexdigest()[:FINGERPRINT_LENGTH]


def in_force(suppressions: Iterable[Suppression], today: date) -> list[Suppression]:
    """Return those that have not expired on the present day, whatever day chooses the rules."""
    return [one for one in suppressions if one.expires_on is None or today <= one.expires_on]


def waiver_for(gate_id: str, mark: str, suppressions: Iterable[Suppression]) -> Waiver | None:
    """Return the waiver of a finding, or None where there is none."""
    for one in suppressions:
        if one.gate_id == gate_id and one.fingerprint == mark:
            return Waiver(one.author, one.reason, one.expires_on.isoformat() if one.expires_on else None)
    return None
