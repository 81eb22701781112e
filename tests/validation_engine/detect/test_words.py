"""What a document's words tell of its type, added up exactly as if done type by type."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation_engine.detect.schema import WordWeights
from validation_engine.detect.words import Words

_WORDS = [first + second for first in "abcdefg" for second in "hijk"]
_TYPES = ["cookie_notice", "mutual_nda", "unknown", "vat_invoice"]
_weights = st.dictionaries(st.sampled_from(_TYPES), st.integers(-32_000, 32_000))
_tables = st.fixed_dictionaries(
    {word: st.builds(WordWeights, st.integers(100, 6_000), _weights) for word in _WORDS}
)


@given(table=_tables, chosen=st.sets(st.sampled_from(_WORDS), min_size=8))
def test_packed_weights_add_up_to_the_same_as_single_ones(
    table: dict[str, WordWeights], chosen: set[str]
) -> None:
    scale = 1000 * sqrt(sum(table[word].rarity for word in chosen) / 100)
    expected = {
        name: sum(table[word].weights.get(name, 0) for word in chosen) / scale
        for name in {name for word in table.values() for name in word.weights}
    }
    assert Words(table).margins(" ".join(sorted(chosen))) == pytest.approx(expected)


def test_a_few_known_words_tell_nothing() -> None:
    table = {word: WordWeights(100, {"vat_invoice": 900}) for word in _WORDS}
    assert Words(table).margins(" ".join(_WORDS[:7])) == {}
    assert Words(table).margins(" ".join(_WORDS[:8]))["vat_invoice"] > 0


def test_the_words_that_spoke_most_are_told_first() -> None:
    table = {"owl": WordWeights(100, {"vat_invoice": 5}), "hen": WordWeights(100, {"vat_invoice": 9})}
    assert Words(table).strongest("An owl, a hen", "vat_invoice", 3) == ["hen", "owl"]
