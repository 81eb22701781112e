"""Dispatch of pages, and the sandbox's own controls, which Stripe has no like of."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import orjson

from orchestration.demo.sandbox.errors import ApiError, Json
from orchestration.demo.sandbox.pages.checkout import checkout
from orchestration.demo.sandbox.pages.html import Reply, page
from orchestration.demo.sandbox.pages.invoice import invoice, receipt
from orchestration.demo.sandbox.pages.portal import portal
from orchestration.demo.sandbox.params import Spec, anything, choice, count, parse_form, text

if TYPE_CHECKING:
    from orchestration.demo.sandbox.sandbox import Sandbox

_DECLINE = Spec("payment_method", payment_method=text, code=text, times=count)
_SETTINGS = Spec(retry_days=anything, after_retries=choice("cancel", "unpaid", "past_due"))


def reply(  # noqa: PLR0911 - one return a page
    sandbox: Sandbox, method: str, path: str, body: bytes
) -> Reply:
    """Serve a page or a control; what does not exist is a small page or Stripe's error object."""
    shown, form = path.strip("/").split("/"), parse_form(body)
    with sandbox.account.lock:
        sandbox.account.begin()
        try:
            match shown:
                case ["_sandbox", "checkout", session_id]:
                    return checkout(sandbox, method, session_id, form)
                case ["_sandbox", "portal", session_id]:
                    return portal(sandbox, method, session_id, form)
                case ["_sandbox", "invoices", invoice_id]:
                    return invoice(sandbox, method, invoice_id, form)
                case ["_sandbox", "receipts", charge_id]:
                    return receipt(sandbox, charge_id)
        except ApiError as error:
            return page("Not found", "", error=str(error), status=error.status)
        try:
            result = _control(sandbox, method, path, form)
        except ApiError as error:
            return error.status, "application/json", orjson.dumps(error.body()), None
    return 200, "application/json", orjson.dumps(result), None


def _control(sandbox: Sandbox, method: str, path: str, form: Json) -> Json:
    match method, path:
        case "GET", "/_sandbox/health":
            return {"status": "ok", "now": sandbox.now.isoformat()}
        case "POST", "/_sandbox/advance":
            sandbox.advance_to(_moment(Spec("to", to=text).read(form)["to"]))
            return {"now": sandbox.now.isoformat()}
        case "POST", "/_sandbox/decline":
            values = _DECLINE.read(form)
            sandbox.decline(
                values["payment_method"], values.get("code") or "generic_decline", values.get("times")
            )
            return {"payment_method": values["payment_method"]}
        case "POST", "/_sandbox/disputes":
            return sandbox.dispute(Spec("charge", charge=text).read(form)["charge"])
        case "POST", "/_sandbox/settings":
            values = _SETTINGS.read(form)
            return sandbox.configure(_days(values.get("retry_days")), values.get("after_retries"))
        case _:
            message = f"Unrecognized request URL ({method}: {path})."
            raise ApiError(message, status=404)


def _days(given: object) -> list[int] | None:
    if given is None:
        return None
    members = given.values() if isinstance(given, dict) else given
    try:
        return [int(each) for each in members]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        message = "Give retry_days as a list of whole days."
        raise ApiError(message, param="retry_days") from None


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
