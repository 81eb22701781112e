"""E-mail addresses in the one form in which they are compared."""

from __future__ import annotations

from tenants.errors import InvalidInput


def checked_email(address: str) -> str:
    """Return the address normalised and in lower case.

    Raises:
        InvalidInput: It is no address.
    """
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - start-up time

    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        message = f"{address[:100]!r} is no e-mail address: {error} Correct it."
        raise InvalidInput(message, "invalid_email") from error
    return found.normalized.lower()
