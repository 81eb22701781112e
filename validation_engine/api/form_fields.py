"""The fields of a form: one by one as strict as those of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile

from tenants.errors import InvalidInput
from validation_engine.api.bodies import LONGEST_REFERENCE
from validation_engine.days import day_of
from validation_engine.names import listed

if TYPE_CHECKING:
    from datetime import date

    from starlette.datastructures import FormData

FILE, _MODULES = "file", "modules"
FIELDS = (FILE, _MODULES, "document_type", "as_of", "reference")
_SEVERAL = (FILE, _MODULES)


def refuse_misfits(form: FormData, fields: tuple[str, ...]) -> None:
    """Refuse what nobody would look at: other fields, files in them, and the second of two values.

    Raises:
        InvalidInput: Which one, and what is taken.
    """
    if not files_of(form):
        message = "The form has no file in the field `file`; send the document there, with a file name."
        raise InvalidInput(message, "file_missing")
    for name in dict.fromkeys(form):
        problem = _misfit(name, form.getlist(name), fields)
        if problem is not None:
            raise InvalidInput(problem, "invalid_body")


def _misfit(name: str, values: list[UploadFile | str], fields: tuple[str, ...]) -> str | None:
    if name not in fields:
        return f"The form has the unknown field `{name[:80]}`; the fields are {listed(fields)}."
    if any(isinstance(one, UploadFile) != (name == FILE) for one in values):
        found, wanted = ("text", "a file") if name == FILE else ("a file", "text")
        return f"The form's field `{name}` holds {found}; send {wanted}."
    if len(values) > 1 and name not in _SEVERAL:
        return f"The form's field `{name}` is given {len(values)} times; give it once."
    return None


def files_of(form: FormData) -> list[UploadFile]:
    """Return the documents."""
    return [one for one in form.getlist(FILE) if isinstance(one, UploadFile)]


def text_of(form: FormData, name: str) -> str | None:
    """Return a field's text, None where it is left out or empty, as browsers send what nobody filled in."""
    value = form.get(name)
    return value.strip() or None if isinstance(value, str) else None


def reference_of(form: FormData) -> str | None:
    """Return the caller's name for the document.

    Raises:
        InvalidInput: It is too long.
    """
    told = text_of(form, "reference")
    if told is not None and len(told) > LONGEST_REFERENCE:
        message = f"`reference` has {len(told):,} characters; give at most {LONGEST_REFERENCE}."
        raise InvalidInput(message, "invalid_body")
    return told


def modules_of(form: FormData) -> list[str]:
    """Return the names of modules, which commas or fields of the same name part.

    Raises:
        InvalidInput: There is none.
    """
    told = [value for value in form.getlist(_MODULES) if isinstance(value, str)]
    found = [name.strip() for value in told for name in value.split(",") if name.strip()]
    if not found:
        message = "The form names no module; send the field `modules`, such as `fca_uk,gdpr_uk`."
        raise InvalidInput(message, "modules_missing")
    return found


def day_in(form: FormData) -> date | None:
    """Return the day whose rules apply.

    Raises:
        InvalidInput: It is no day.
    """
    told = text_of(form, "as_of")
    return None if told is None else day_named("as_of", told)


def day_named(name: str, told: str) -> date:
    """Return the day in a field of this name.

    Raises:
        InvalidInput: It is no day, or written otherwise than YYYY-MM-DD.
    """
    try:
        return day_of(told)
    except ValueError:
        message = f"`{name}` is {told[:80]!r}, no date; write it as YYYY-MM-DD."
        raise InvalidInput(message, "invalid_body") from None
