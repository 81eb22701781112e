"""Stripe's error object, raised anywhere and rendered once at the server's edge."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal in Stripe's form.

    Args:
        message: One sentence for a developer.
        code: Stripe's stable error code, such as `resource_missing`.
        param: The parameter at fault, in form notation (`items[0][price]`).
        status: HTTP status.
        kind: Stripe's error `type`.
        facts: Further members of the error object, such as `decline_code`.

    Attributes:
        keeps: Whether what was done until then stays, as a refused charge does; else nothing has happened.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        kind: str = "invalid_request_error",
        **facts: Any,  # noqa: ANN401 - members of Stripe's error object are of any type
    ) -> None:
        super().__init__(message)
        self.status = status
        self.keeps = False
        self.error: Json = {"message": message, "type": kind, **facts}
        if code:
            self.error["code"] = code
        if param:
            self.error["param"] = param

    def body(self) -> Json:
        """Return the response body."""
        return {"error": self.error}


def missing(object_id: str, kind: str, param: str = "id", status: int = 404) -> ApiError:
    """Return the error for an id that names nothing."""
    label = kind.rsplit(".", 1)[-1].replace("_", " ")
    return ApiError(f"No such {label}: '{object_id}'", code="resource_missing", param=param, status=status)


def required(param: str) -> ApiError:
    """Return the error for a parameter that was not given."""
    return ApiError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def card_declined(decline: str, charge: str | None, intent: Json | None) -> ApiError:
    """Return the 402 of a refused card."""
    code = decline if decline in {"expired_card", "incorrect_cvc", "processing_error"} else "card_declined"
    facts: Json = {"decline_code": decline}
    if charge:
        facts["charge"] = charge
    if intent:
        facts["payment_intent"] = intent
    message = DECLINES.get(decline, DECLINES["generic_decline"])
    error = ApiError(message, code=code, status=402, kind="card_error", **facts)
    error.keeps = bool(charge or intent)
    return error


DECLINES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "lost_card": "Your card was declined.",
}
