"""Records leave as lines of JSON, whole and in order, however many there are."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tenants.api.lines import attached


@dataclass
class Record:
    number: int
    at: datetime


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 1_000])
def test_every_record_is_a_line_in_its_order(count: int) -> None:
    at = datetime(2026, 5, 4, tzinfo=UTC)
    answer = attached((Record(number, at) for number in range(count)), "records")

    async def pieces() -> list[bytes]:
        return [bytes(piece) async for piece in answer.body_iterator]  # type: ignore[arg-type]

    told = asyncio.run(pieces())
    lines = [json.loads(line) for line in b"".join(told).splitlines()]
    assert lines == [{"number": number, "at": "2026-05-04T00:00:00Z"} for number in range(count)]
    assert len(told) == -(-count // 200)
