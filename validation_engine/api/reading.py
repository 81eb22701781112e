"""Bodies as msgspec reads them: fast, strict, and with errors that name the field and what it takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

import msgspec

from tenants.api.guarded import JSON, require_type
from tenants.errors import InvalidInput, TooLarge
from validation_engine.documents.limits import DEFAULT
from validation_engine.misfits import way_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request

# A JSON string may need more bytes than the text it holds.
MOST_BYTES = DEFAULT.bytes + 100_000
FORM = "multipart/form-data"
Body = TypeVar("Body", bound=msgspec.Struct)
_MARK = b"\xef\xbb\xbf"


async def raw_body(request: Request, most: int = MOST_BYTES, what: str = "document") -> bytes:
    """Return the request's body, refusing it as soon as it is too large.

    Args:
        request: Has the body.
        most: How many bytes are read.
        what: What the caller can make smaller.

    Raises:
        TooLarge: It is larger than allowed; nothing beyond the limit was kept.
    """
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > most:
        raise too_large(int(said), most, what)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise too_large(size, most, what)
        parts.append(part)
    return b"".join(parts)


def too_large(size: int, most: int, what: str = "document") -> TooLarge:
    """Return the refusal of a body that is too large."""
    message = f"The request has {size:,} bytes or more, above the {most:,} allowed; send a smaller {what}."
    return TooLarge(message, "document_too_large" if what == "document" else None)


def parsed(body: bytes, kind: type[Body], headers: Mapping[str, str], *, takes_form: bool = False) -> Body:
    """Return the body as an object of a kind.

    Args:
        body: As it was sent; JSON is read whatever type it was sent under.
        kind: Of the object.
        headers: The request's, which tell why the body is no JSON.
        takes_form: The route takes a form too.

    Raises:
        InvalidInput: It is no JSON, or a field is missing, unknown, named twice or of the wrong type.
        HTTPException: It is no JSON and was sent as something else, which is not taken.
    """
    body = body.removeprefix(_MARK)
    try:
        read = msgspec.json.decode(body, type=kind)
        json.loads(body, object_pairs_hook=_once)
    except msgspec.ValidationError as error:
        message = f"The request does not fit: {error}{way_out(str(error), kind)}."
        raise InvalidInput(message, "invalid_body") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        require_type(headers, (*JSON, FORM) if takes_form else JSON)
        message = f"The request is not valid JSON: {_told(body, error, headers)}."
        raise InvalidInput(message, "invalid_json") from None
    return read


def _once(pairs: list[tuple[str, object]]) -> None:
    """Refuse an object that names a field twice, of which msgspec would take the last."""
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        name = next(name for name in names if names.count(name) > 1)
        message = f"The request names the field `{name}` {names.count(name)} times; name it once."
        raise InvalidInput(message, "invalid_body")


def _told(body: bytes, error: Exception, headers: Mapping[str, str]) -> str:
    if not body.strip():
        return "it is empty"
    packed = headers.get("content-encoding", "identity")
    if packed != "identity":
        return f"it is packed ({packed[:50]}), and is read only as it is"
    return "it is not in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
