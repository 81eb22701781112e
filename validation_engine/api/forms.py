"""A document sent as a multipart form, with the JSON's fields beside the file."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec
from starlette.formparsers import MultiPartException, MultiPartParser

from tenants.errors import InvalidInput
from validation_engine.api.bodies import MOST_IN_BATCH, Wanted
from validation_engine.api.form_fields import (
    FIELDS,
    day_in,
    files_of,
    modules_of,
    reference_of,
    refuse_misfits,
    text_of,
)
from validation_engine.api.reading import FORM, MOST_BYTES, too_large
from validation_engine.documents.limits import DEFAULT

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from fastapi import Request
    from starlette.datastructures import FormData, UploadFile

_FIELDS_OF_CORRECTION = (*FIELDS, "apply")
_MOST_FIELDS = 50
# A boundary has at most 70 characters; blanks may follow it.
_END = 200


def is_form(request: Request) -> bool:
    """Return whether the request is a multipart form."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM


async def wanted_in_form(request: Request) -> Wanted:
    """Return the file of a form with the fields beside it.

    Raises:
        InvalidInput: There is not one file in the field `file`, it is too large, or a field is wrong.
    """
    async with _form(request, FIELDS) as form:
        return await _wanted(_only_file(form), form)


async def correction_in_form(request: Request) -> tuple[Wanted, str]:
    """Return the file of a form with the fields beside it, and which edits to make.

    Raises:
        InvalidInput: As for `wanted_in_form`.
    """
    async with _form(request, _FIELDS_OF_CORRECTION) as form:
        return await _wanted(_only_file(form), form), text_of(form, "apply") or "safe"


async def files_in_form(request: Request) -> list[Wanted]:
    """Return the files of a form, each with the fields beside them; a file is referred to by its name.

    Raises:
        InvalidInput: There is no file in the field `file`, all are too large, or a field is wrong.
    """
    async with _form(request, FIELDS) as form:
        found = [await _wanted(file, form) for file in files_of(form)]
        return [msgspec.structs.replace(one, reference=one.name or None) for one in found]


@asynccontextmanager
async def _form(request: Request, fields: tuple[str, ...]) -> AsyncIterator[FormData]:
    """Open a form that has files and no fields but these."""
    _refuse_length(request)
    end = bytearray()
    parser = MultiPartParser(
        request.headers, _keeping(request, end), max_files=MOST_IN_BATCH, max_fields=_MOST_FIELDS
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        message = f"The form cannot be read: {error.message.rstrip('.')}."
        raise InvalidInput(message, "invalid_form") from None
    try:
        if not end.rstrip().endswith(b"--"):
            message = "The form ends before its last boundary; send all of it."
            raise InvalidInput(message, "invalid_form")
        refuse_misfits(form, fields)
        yield form
    finally:
        await form.close()


async def _keeping(request: Request, end: bytearray) -> AsyncGenerator[bytes]:
    """Yield the body, and keep its end, by which to tell a form that was cut: its last field was lost."""
    async for part in request.stream():
        end[:] = (end + part)[-_END:]
        yield part


def _refuse_length(request: Request) -> None:
    said = request.headers.get("content-length", "")
    if not said.isdigit():
        message = "The form does not say how long it is; send it with a Content-Length."
        raise InvalidInput(message, "length_required")
    if int(said) > MOST_BYTES:
        raise too_large(int(said), MOST_BYTES)


def _only_file(form: FormData) -> UploadFile:
    files = files_of(form)
    if len(files) > 1:
        message = (
            f"The form has {len(files)} files in the field `file`; send one at a time,"
            " or all to POST /v1/validations/batches."
        )
        raise InvalidInput(message, "too_many_files")
    return files[0]


async def _wanted(file: UploadFile, form: FormData) -> Wanted:
    return Wanted(
        content=await file.read(DEFAULT.bytes + 1),
        name=file.filename or "",
        media_type=file.content_type if file.content_type != "application/octet-stream" else None,
        modules=modules_of(form),
        document_type=text_of(form, "document_type"),
        as_of=day_in(form),
        reference=reference_of(form),
    )
