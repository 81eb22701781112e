"""Results compressed by the piece."""

from __future__ import annotations

import zlib

import orjson
from hypothesis import given
from hypothesis import strategies as st

from tenants.stores.packing import packed


@given(st.lists(st.binary(max_size=60), max_size=60))
def test_what_was_packed_is_read_back_byte_for_byte(pieces: list[bytes]) -> None:
    assert zlib.decompress(packed(pieces)) == b"".join(pieces)


def test_packing_saves_most_of_the_room() -> None:
    message = "The document says nothing about it."
    pieces = [orjson.dumps({"id": f"gate_{number}", "message": message}) for number in range(200)]
    assert len(packed(pieces)) < sum(map(len, pieces)) / 4
