"""Validations of the demo world: generated documents, sent over HTTP with each tenant's own key."""

from __future__ import annotations

import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from orchestration.demo.documents import KINDS, make_document
from orchestration.demo.documents.kinds import load_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from random import Random

    from orchestration.demo.lives import Life
    from tenants.catalogue import Catalogue
    from tenants.clock import FixedClock

SENDERS = 2
OCCASIONS = 6
BUSIEST = 4
BUSY = 10
ANSWERED_WITHIN = 600.0  # seconds; the first document has every rule made ready, on however busy a machine
MOST_AT_ONCE = 4  # of one tenant, whose rate is limited
MONTHLY_DRIFT = {"improving": 0.015, "steady": 0.0, "worsening": -0.012}


@dataclass(frozen=True)
class Sending:
    """One document to be validated for one tenant."""

    tenant_id: str
    body: bytes


def sendings(
    lives: Sequence[Life], catalogue: Catalogue, moment: datetime, average: float, rng: Random
) -> Iterator[Sending]:
    """Yield the documents that active tenants have on one occasion: `average` each, a few many more."""
    busiest = {life.tenant_id for life in candidates(lives)[:BUSIEST]}
    for life in lives:
        if life.tenant_id is None or life.status not in ("active", "trialing") or life.signed_up_at > moment:
            continue
        kinds = _kinds(tuple(catalogue.plan(life.plan).modules))
        months = (moment - life.signed_up_at).days / 30
        quality = life.document_quality + MONTHLY_DRIFT[life.quality_trend] * months
        faults = min(0.95, max(0.03, 1 - quality))
        busy = BUSY if life.tenant_id in busiest else 1
        for _ in range(min(MOST_AT_ONCE, int(average * busy + rng.random()))):
            document = make_document(rng.choice(kinds), rng, faults, moment.date())
            body = {
                "document": document.text,
                "document_type": document.document_type,
                "modules": [document.module],
            }
            yield Sending(life.tenant_id, json.dumps(body).encode())


def send_all(
    port: int,
    keys: Mapping[str, str],
    clock: FixedClock,
    occasions: Sequence[tuple[datetime, Sequence[Sending]]],
) -> int:
    """Send the documents of each occasion at its time; returns how many were accepted."""
    connections = threading.local()

    def send(sending: Sending) -> bool:
        if not hasattr(connections, "api"):
            connections.api = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWERED_WITHIN)
        headers = {"Authorization": f"Bearer {keys[sending.tenant_id]}", "Content-Type": "application/json"}
        connections.api.request("POST", "/v1/validations", sending.body, headers)
        response = connections.api.getresponse()
        response.read()
        return bool(response.status < http.client.BAD_REQUEST)

    accepted = 0
    with ThreadPoolExecutor(SENDERS) as pool:
        for moment, documents in occasions:
            clock.set(moment)
            accepted += sum(pool.map(send, documents))
    return accepted


def candidates(lives: Sequence[Life]) -> list[Life]:
    """Return active tenants as one would show them: with room for people, and long there."""
    fit = [life for life in lives if life.tenant_id and life.status == "active"]
    return sorted(
        fit, key=lambda life: (life.plan == "starter", life.plan != "professional", life.signed_up_at)
    )


def moments(start: datetime, end: datetime) -> list[datetime]:
    """Return the times of a stretch at which documents are sent."""
    apart = (end - start) / OCCASIONS
    return [start + apart * number + timedelta(minutes=7) for number in range(OCCASIONS)]


@cache
def _kinds(modules: tuple[str, ...]) -> list[str]:
    return [kind for kind in KINDS if load_kind(kind).module in modules]
