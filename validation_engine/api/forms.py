"""A document sent as a multipart form, with the JSON's fields beside the file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
from starlette.datastructures import UploadFile

from tenants.errors import InvalidInput
from validation_engine.api.bodies import MOST_BYTES, MOST_IN_BATCH, Wanted, too_large
from validation_engine.documents.limits import DEFAULT

if TYPE_CHECKING:
    from fastapi import Request
    from starlette.datastructures import FormData


def is_form(request: Request) -> bool:
    """Return whether the request is a multipart form."""
    return request.headers.get("content-type", "").startswith("multipart/form-data")


async def wanted_in_form(request: Request) -> tuple[Wanted, str | None]:
    """Return the file of a form with the fields beside it, and the field `apply`.

    Raises:
        InvalidInput: There is no field `file`, it is too large, or a field beside it is wrong.
    """
    _refuse_length(request)
    async with request.form(max_files=1, max_fields=20) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise _missing()
        return await _wanted(file, form), _text(form, "apply")


async def files_in_form(request: Request) -> list[Wanted]:
    """Return the files of a form, each with the fields beside them; a file is referred to by its name.

    Raises:
        InvalidInput: There is no field `file`, all are too large, or a field beside them is wrong.
    """
    _refuse_length(request)
    async with request.form(max_files=MOST_IN_BATCH + 1, max_fields=20) as form:
        files = [file for file in form.getlist("file") if isinstance(file, UploadFile)]
        if not files:
            raise _missing()
        found = [await _wanted(file, form) for file in files]
        return [msgspec.structs.replace(one, reference=one.name or None) for one in found]


def _refuse_length(request: Request) -> None:
    said = request.headers.get("content-length", "")
    if not said.isdigit():
        message = "The form does not say how long it is; send it with a Content-Length."
        raise InvalidInput(message, "length_required")
    if int(said) > MOST_BYTES:
        raise too_large(int(said), MOST_BYTES)


def _missing() -> InvalidInput:
    return InvalidInput("The form has no file in the field `file`; send the document there.", "file_missing")


async def _wanted(file: UploadFile, form: FormData) -> Wanted:
    return Wanted(
        content=await file.read(DEFAULT.bytes + 1),
        name=file.filename or "",
        media_type=file.content_type if file.content_type != "application/octet-stream" else None,
        modules=_modules(form),
        document_type=_text(form, "document_type"),
        as_of=_day(form),
        reference=_text(form, "reference"),
    )


def _text(form: FormData, name: str) -> str | None:
    value = form.get(name)
    return value.strip() or None if isinstance(value, str) else None


def _modules(form: FormData) -> list[str]:
    told = [value for value in form.getlist("modules") if isinstance(value, str)]
    return [name.strip() for value in told for name in value.split(",") if name.strip()]


def _day(form: FormData) -> date | None:
    told = _text(form, "as_of")
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        message = f"`as_of` is {told!r}, no date; write it as YYYY-MM-DD."
        raise InvalidInput(message, "invalid_body") from None
