"""The type is told from what a document says, with a score, and unknown where it says too little."""

from __future__ import annotations

import random

import pytest

from orchestration.demo.documents import KINDS, make_document
from tests.validation_engine.factories import validated
from validation_engine.engine import default_engine
from validation_engine.gates.document_types import TYPES, UNKNOWN


def test_every_type_but_unknown_has_signals() -> None:
    assert set(default_engine().ruleset.profiles) == set(TYPES) - {UNKNOWN}


@pytest.mark.parametrize("kind", list(KINDS))
def test_whole_documents_of_every_kind_are_recognised(kind: str) -> None:
    rng = random.Random(11)
    detected = [validated(make_document(kind, rng).text).document.detected_type for _ in range(3)]
    assert detected == [kind] * 3


@pytest.mark.parametrize(
    "text", ["", "Hello.", "The cat sat on the mat. It rained all day in Leith.", "1 2 3 4 5"]
)
def test_what_says_too_little_is_unknown(text: str) -> None:
    facts = validated(text).document
    assert (facts.detected_type, facts.type_score, facts.type_reasons) == (UNKNOWN, 0.0, [])
