"""Waivers: a tenant accepts one finding, by name, with a reason and until a day; it is shown as waived."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import orjson
from fastapi import APIRouter, Depends
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation
from starlette.responses import Response

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute
from tenants.errors import InvalidInput, NotFound
from tenants.ids import new_id
from tenants.stores import Suppression
from validation_engine.api.examples import WAIVER, answers
from validation_engine.api.form_fields import day_named
from validation_engine.api.openapi import body
from validation_engine.api.queries import strict_query
from validation_engine.api.reading import parsed, raw_body

if TYPE_CHECKING:
    from validation_engine.api.service import Service

_JSON = "application/json"
_MOST_BYTES = 10_000
_LONGEST = 500
Reader = Annotated[Granted, Depends(allow("gates:read"))]
Manager = Annotated[Granted, Depends(allow("gates:manage"))]


class SuppressionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding to waive: its gate and fingerprint as the result gave them, why, and until which day."""

    gate_id: str
    fingerprint: str
    reason: str
    expires_on: str | None = None


_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["gate_id", "fingerprint", "reason"],
    "additionalProperties": False,
    "properties": {
        "gate_id": {"type": "string"},
        "fingerprint": {"type": "string"},
        "reason": {"type": "string", "minLength": 3, "maxLength": _LONGEST},
        "expires_on": {"type": "string", "format": "date", "description": "The last day of the waiver."},
    },
}


def routes(_: Service) -> APIRouter:
    """Return the routes of suppressions."""
    router = APIRouter(
        prefix="/v1/suppressions",
        tags=["suppressions"],
        route_class=GuardedRoute,
        dependencies=[Depends(strict_query)],
    )

    @router.get("", summary="Waivers in force", responses=answers({"suppressions": [WAIVER]}))
    def listed(granted: Reader) -> Response:
        """Return the findings that are waived now, with who accepted each, why, and until when."""
        kept = granted.store.suppressions(granted.deps.clock.now())
        return _json({"suppressions": [_described(one) for one in kept]})

    @router.post(
        "",
        status_code=201,
        openapi_extra=body(_SCHEMA),
        summary="Waive a finding",
        responses=answers(WAIVER, 201),
    )
    async def add(request: Request, granted: Manager) -> Response:
        """Accept one finding, named by its gate and fingerprint; results show it as waived from then on.

        The same waiver asked for again is the one that there is.
        """
        wanted = parsed(await raw_body(request, _MOST_BYTES, "waiver"), SuppressionIn, request.headers)
        kept = _suppression(granted, wanted)
        known = next(
            (one for one in granted.store.suppressions(kept.created_at) if _is_same(one, kept)), None
        )
        if known is None:
            granted.store.add_suppression(kept)
        return _json(_described(known or kept), 201)

    @router.delete(
        "/{suppression_id}",
        summary="Withdraw a waiver",
        responses=answers({"id": WAIVER["id"], "withdrawn": True}),
    )
    def withdraw(granted: Manager, suppression_id: str) -> Response:
        """Withdraw a waiver; the finding counts again from the next validation on."""
        if not granted.store.delete_suppression(suppression_id):
            message = f"There is no waiver {suppression_id}; list them at /v1/suppressions."
            raise NotFound(message, "suppression_not_found")
        return _json({"id": suppression_id, "withdrawn": True})

    return router


def _suppression(granted: Granted, wanted: SuppressionIn) -> Suppression:
    if not 3 <= len(wanted.reason.strip()) <= _LONGEST:  # noqa: PLR2004 - shorter says nothing
        message = f"The reason has {len(wanted.reason.strip())} characters; say why in 3 to {_LONGEST}."
        raise InvalidInput(message, "invalid_reason")
    now = granted.deps.clock.now()
    expires = _end_of(wanted.expires_on, granted.tenant.time_zone)
    if expires is not None and expires <= now:
        message = f"The waiver would have expired on {wanted.expires_on}; give a day to come."
        raise InvalidInput(message, "already_expired")
    return Suppression(
        suppression_id=new_id("sup"),
        gate_id=wanted.gate_id,
        fingerprint=wanted.fingerprint,
        author=granted.principal.name,
        reason=wanted.reason.strip(),
        created_at=now,
        expires_at=expires,
    )


def _is_same(one: Suppression, other: Suppression) -> bool:
    """Return whether two waivers say the same, whenever each was asked for."""
    return other == replace(one, suppression_id=other.suppression_id, created_at=other.created_at)


def _end_of(day: str | None, zone: str) -> datetime | None:
    """Return the end of a day where the tenant is."""
    if day is None:
        return None
    told = day_named("expires_on", day)
    try:
        return datetime.combine(told + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        message = f"`expires_on` is {day}, beyond any calendar; leave it out for a waiver without an end."
        raise InvalidInput(message, "invalid_body") from None


def _described(one: Suppression) -> dict[str, Any]:
    return {
        "id": one.suppression_id,
        "gate_id": one.gate_id,
        "fingerprint": one.fingerprint,
        "author": one.author,
        "reason": one.reason,
        "created_at": one.created_at,
        "expires_at": one.expires_at,
    }


def _json(told: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(told), status, media_type=_JSON)
