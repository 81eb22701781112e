"""Weights are added up for all names at once, exactly as if done name by name."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation_engine.learned.table import SHORTEST, Pairs, Table, Weights
from validation_engine.learned.words import features_at, followed

_FEATURES = [first + second for first in "abcdefg" for second in "hijk"]
_NAMES = ["cookie_notice", "mutual_nda", "unknown", "vat_invoice"]
_weights = st.dictionaries(st.sampled_from(_NAMES), st.integers(-32_000, 32_000))
_tables = st.fixed_dictionaries(
    {feature: st.builds(Weights, st.integers(100, 6_000), _weights) for feature in _FEATURES}
)


@given(weights=_tables, chosen=st.sets(st.sampled_from(_FEATURES), min_size=1))
def test_packed_weights_add_up_to_the_same_as_single_ones(
    weights: dict[str, Weights], chosen: set[str]
) -> None:
    table = Table(weights)
    length = sqrt(sum(weights[feature].rarity for feature in chosen) / 100)
    scale = 1000 * max(length, SHORTEST)
    expected = [
        sum(weights[feature].by_name.get(name, 0) for feature in chosen) / scale for name in table.names
    ]
    assert table.margins(sorted(chosen)) == pytest.approx(expected)


@given(weights=_tables, chosen=st.lists(st.sampled_from([*_FEATURES, "never learned"]), max_size=8))
def test_the_difference_of_running_sums_is_the_sum_of_what_lies_between(
    weights: dict[str, Weights], chosen: list[str]
) -> None:
    table = Table(weights)
    words = followed([(stem, stem) for stem in chosen])
    sums = table.running_sums(words)
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            features = [feature for word in words[start:end] for feature in features_at(word)]
            margins, packed = table.margins(table.known(features)), table.packed(sums[end] - sums[start])
            assert table.margins_of(sums[end] - sums[start]) == margins
            assert [table.margin_at(packed, at) for at in range(len(margins))] == margins


@given(
    weights=st.dictionaries(st.tuples(*[st.sampled_from("abc")] * 2), st.integers(-32_000, 32_000)),
    families=st.lists(st.sampled_from("abc"), max_size=30),
)
def test_words_apart_add_what_each_pair_within_reach_weighs(
    weights: dict[tuple[str, str], int], families: list[str]
) -> None:
    after: dict[str, dict[str, list[int]]] = {}
    for (first, second), weight in weights.items():
        after.setdefault(first, {})[second] = [100, 1, weight]
    table = Table({"owl": Weights(100, {"y": 0})}, pairs=Pairs(["x", "y"], after))
    apart = [
        weights.get((first, second), 0)
        for at, first in enumerate(families)
        for second in families[at + 2 : at + 21]
    ]
    known = sum(
        (first, second) in weights
        for at, first in enumerate(families)
        for second in families[at + 2 : at + 21]
    )
    expected = sum(apart) / (1000 * max(sqrt(known), SHORTEST))
    alone = table.packed(0)
    assert table.margin_with_apart(alone, 0, families) == pytest.approx(expected)
    weight = table.weight(alone, 0, families)
    assert table.reaches(alone, weight, families, expected - 1e-9)
    assert not table.reaches(alone, weight, families, expected + 1e-9)
    assert table.margin_with_apart(alone, 0, families, expected + 1e-9) < expected + 1e-9


def test_the_features_that_spoke_most_are_told_first() -> None:
    weights = {"owl": Weights(100, {"a": 5}), "hen": Weights(100, {"a": 9}), "cat": Weights(100, {"b": 9})}
    assert Table(weights).strongest(["owl", "cat", "hen"], "a", 3) == ["hen", "owl"]
