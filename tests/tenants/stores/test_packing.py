"""Results compressed by the piece."""

from __future__ import annotations

import zlib

import orjson
from hypothesis import given
from hypothesis import strategies as st

from tenants.stores.packing import packed

_gate = st.fixed_dictionaries({"id": st.text(max_size=12), "message": st.text(max_size=60)})


@given(st.lists(_gate, max_size=40))
def test_what_was_packed_is_read_back_byte_for_byte(gates: list[dict[str, str]]) -> None:
    result = orjson.dumps({"id": "val_1", "modules": {"fca_uk": {"gates": gates}}})
    assert zlib.decompress(packed(result)) == result


@given(st.binary(max_size=400))
def test_any_bytes_are_read_back(result: bytes) -> None:
    assert zlib.decompress(packed(result)) == result


def test_packing_saves_most_of_the_room() -> None:
    message = "The document says nothing about it."
    gates = [{"id": f"gate_{number}", "message": message} for number in range(200)]
    result = orjson.dumps({"gates": gates})
    assert len(packed(result)) < len(result) / 4
