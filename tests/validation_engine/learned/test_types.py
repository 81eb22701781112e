"""Types are told by words for documents that were not learned from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from validation_engine.gates.document_types import TYPES
from validation_engine.learned.ridge import Taught, fitted
from validation_engine.learned.table import Table, WeightTable
from validation_engine.learned.types import labelled
from validation_engine.learned.words import words_of
from validation_engine.learned.writing import written

KINDS = Path(__file__).parents[1] / "kinds"
_FOLDS = 4
# Words alone, taught by four or five short documents of each of 45 kinds: chance would tell one in 45.
# Signals, and the whole documents of the corpus, add to this.
_FLOOR = 0.45


def test_there_are_documents_of_every_kind_and_of_none() -> None:
    assert {kind for kind, _ in labelled(KINDS)} == set(TYPES)


def test_words_tell_the_type_of_most_documents_left_out() -> None:
    documents = list(labelled(KINDS))
    right = 0
    for fold in range(_FOLDS):
        known = [one for at, one in enumerate(documents) if at % _FOLDS != fold]
        fit = fitted([Taught(Counter(words_of(text)), frozenset({kind})) for kind, text in known])
        table = Table(msgspec.json.decode(written(fit, 0.05)[0], type=WeightTable))
        for kind, text in documents[fold::_FOLDS]:
            margins = table.margins(table.known(words_of(text)))
            right += table.names[margins.index(max(margins))] == kind
    assert right / len(documents) >= _FLOOR, right / len(documents)
