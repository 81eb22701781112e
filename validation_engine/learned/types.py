"""Learns `rulesets/document_words.json` from documents of known type.

Run `python -m validation_engine.learned.types FOLDER…` after documents were added. A file `<type>.txt` holds
documents of that type, parted by lines of equals signs; any other begins with front matter naming it.
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from validation_engine.gates.document_types import TYPES
from validation_engine.gates.ruleset import RULESETS, WORDS
from validation_engine.learned.ridge import Taught, fitted
from validation_engine.learned.words import words_of
from validation_engine.learned.writing import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PARTING = "\n=====\n"
# Detection is no worse without weights this small, and the table a tenth.
_NEGLIGIBLE = 0.05


def labelled(folder: Path) -> Iterator[tuple[str, str]]:
    """Read type and text of the documents of a folder, in the order of their names."""
    for path in sorted(folder.rglob("*.txt")):
        text = path.read_text(encoding="utf-8")
        if path.stem in TYPES:
            yield from ((path.stem, one) for one in text.split(PARTING))
        else:
            _, header, body = text.split("---\n", 2)
            yield yaml.safe_load(header)["type"], body


def main(folders: Iterable[str]) -> None:
    """Write the table that the documents of the folders teach."""
    documents = list(chain.from_iterable(labelled(Path(folder)) for folder in folders))
    fit = fitted([Taught(Counter(words_of(text)), frozenset({kind})) for kind, text in documents])
    (RULESETS / WORDS).write_text(written(fit, _NEGLIGIBLE)[0], encoding="utf-8")
    sys.stdout.write(f"learned from {len(documents)} documents\n")


if __name__ == "__main__":
    main(sys.argv[1:])
