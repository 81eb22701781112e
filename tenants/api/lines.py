"""Records as an attachment, a line of JSON each."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import orjson
from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tenants.audit.heads import Head

_LINE = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z
# A piece is made in one hop to a thread; a hop for each line made long exports crawl.
_LINES_A_PIECE = 200


def attached(records: Iterable[object], name: str, head: Head | None = None) -> StreamingResponse:
    """Stream records as they come.

    Args:
        records: Dataclasses or dictionaries.
        name: What the file is to be called.
        head: The signed head of the audit trail behind the records, for the header `X-Audit-Head`.
    """
    headers = {"Content-Disposition": f'attachment; filename="{name}.ndjson"'}
    if head is not None:
        headers["X-Audit-Head"] = f"{head.seq} {head.entry_hash} {head.at} {head.signature}"
    return StreamingResponse(_pieces(iter(records)), media_type="application/x-ndjson", headers=headers)


def _pieces(records: Iterator[object]) -> Iterator[bytes]:
    while page := list(islice(records, _LINES_A_PIECE)):
        yield b"".join([orjson.dumps(record, default=str, option=_LINE) for record in page])
