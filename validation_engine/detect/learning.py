"""Learns `rulesets/document_words.json` from labelled documents, by ridge regression on words.

Run `python -m validation_engine.detect.learning FOLDER…` after documents were added. A file `<type>.txt`
holds documents of that type, parted by lines of equals signs; any other begins with front matter naming it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import yaml

from validation_engine.detect.words import words_of
from validation_engine.gates.document_types import TYPES
from validation_engine.gates.ruleset import RULESETS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

PARTING = "\n=====\n"
# Found on documents left out of the learning: weaker holds too fast to single documents, stronger to none.
_PENALTY = 0.3
# A word seen once teaches its document; one seen in half of all documents teaches nothing.
_SEEN_AT_LEAST, _SEEN_AT_MOST = 2, 0.5
# Weights this small against the greatest are left out; detection is no worse, the table a tenth.
_NEGLIGIBLE = 0.05


class Labelled(NamedTuple):
    """A document and its type."""

    type: str
    text: str


def labelled(folder: Path) -> Iterator[Labelled]:
    """Read the documents of a folder, in the order of their names."""
    for path in sorted(folder.rglob("*.txt")):
        text = path.read_text(encoding="utf-8")
        if path.stem in TYPES:
            yield from (Labelled(path.stem, one) for one in text.split(PARTING))
        else:
            _, header, body = text.split("---\n", 2)
            yield Labelled(yaml.safe_load(header)["type"], body)


def learned(documents: Sequence[Labelled]) -> dict[str, tuple[int, dict[str, int]]]:
    """Return the table of words: each one's rarity and its weights for types."""
    words = [words_of(document.text) for document in documents]
    seen = Counter(chain.from_iterable(words))
    most = _SEEN_AT_MOST * len(documents)
    kept = sorted(word for word, times in seen.items() if _SEEN_AT_LEAST <= times <= most)
    rarity = np.array([np.log((1 + len(documents)) / (1 + seen[word])) + 1 for word in kept])
    types = sorted({document.type for document in documents})
    weights = _ridge(_rows(words, kept, rarity), _targets(documents, types)) * rarity[:, None]
    table = np.rint(weights * 1000 * (np.abs(weights) > _NEGLIGIBLE * np.abs(weights).max())).astype(int)
    return {
        word: (
            round(100 * rarity[at] ** 2),
            {types[of]: int(table[at, of]) for of in np.flatnonzero(table[at])},
        )
        for at, word in enumerate(kept)
        if table[at].any()
    }


def _rows(words: Iterable[set[str]], kept: Sequence[str], rarity: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = np.array([[word in own for word in kept] for own in words]) * rarity
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1.0)


def _targets(documents: Iterable[Labelled], types: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[float(document.type == one) for one in types] for document in documents])


def _ridge(rows: NDArray[np.float64], targets: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve in the space of documents, which are fewer than words."""
    gram = rows @ rows.T + _PENALTY * np.eye(len(rows))
    return rows.T @ np.linalg.solve(gram, targets - targets.mean(0))


def main(folders: Iterable[str]) -> None:
    """Write the table that the documents of the folders teach, one line a word."""
    documents = list(chain.from_iterable(labelled(Path(folder)) for folder in folders))
    table = learned(documents)
    lines = (f"{json.dumps(word)}: {json.dumps(own)}" for word, own in table.items())
    (RULESETS / WORDS).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    sys.stdout.write(f"{len(table)} words learned from {len(documents)} documents\n")


if __name__ == "__main__":
    main(sys.argv[1:])
