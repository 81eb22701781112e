"""The sandbox's own controls, which Stripe has no like of: moving the clock, refusing cards."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import orjson

from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.params import Spec, count, parse_form, text

if TYPE_CHECKING:
    from orchestration.demo.sandbox.sandbox import Sandbox

Reply = tuple[int, str, bytes, str | None]
_DECLINE = Spec("payment_method", payment_method=text, code=text, times=count)


def control(sandbox: Sandbox, method: str, path: str, body: bytes) -> Reply:
    """Serve a control; unknown ones get Stripe's error object."""
    try:
        form = parse_form(body)
        result = _act(sandbox, method, path, form)
    except ApiError as error:
        return error.status, "application/json", orjson.dumps(error.body()), None
    return 200, "application/json", orjson.dumps(result), None


def _act(sandbox: Sandbox, method: str, path: str, form: Json) -> Json:
    match method, path:
        case "GET", "/_sandbox/health":
            return {"status": "ok", "now": sandbox.now.isoformat()}
        case "POST", "/_sandbox/advance":
            values = Spec("to", to=text).read(form)
            sandbox.advance_to(_moment(values["to"]))
            return {"now": sandbox.now.isoformat()}
        case "POST", "/_sandbox/decline":
            values = _DECLINE.read(form)
            sandbox.decline(
                values["payment_method"], values.get("code") or "generic_decline", values.get("times")
            )
            return {"payment_method": values["payment_method"]}
        case _:
            message = f"Unrecognized request URL ({method}: {path})."
            raise ApiError(message, status=404)


def _moment(given: str) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        message = f"Invalid time: {given}. Give an ISO 8601 time such as 2026-03-01T00:00:00+00:00."
        raise ApiError(message, param="to") from None
    if moment.tzinfo is None:
        message = f"Invalid time: {given}. Name its time zone, such as +00:00."
        raise ApiError(message, param="to")
    return moment
