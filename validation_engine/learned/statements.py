"""Learns what sentences say: `statements.json` and `pairs.json` of a module from its `says/*.txt`.

Run `python -m validation_engine.learned.statements FOLDER` after sentences were added or patterns of
forbidden claims changed. The folder holds labelled documents by module: the sentences of other modules'
documents are ballast, they say none of it; those of documents that comply forbid nothing. A file is named by
its gate:

    ## who receives the data
    + Royal Mail gets your address so that the parcel reaches you.
    - You will receive a newsletter each month.

A section is named by a required element of the gate, or `forbidden`; a sentence after a plus says it, one
after a minus comes close and does not. Sections `applies` hold what brings a gate into play, and only teach
what does not say any of the others.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from validation_engine.documents.plain import read_plain
from validation_engine.gates.ruleset import MODULES, PAIRS, RULESETS, STATEMENTS
from validation_engine.learned.bounds import Roles, bounded
from validation_engine.learned.faults import faults, labelled_documents
from validation_engine.learned.ridge import Taught, fitted
from validation_engine.learned.said import FORBIDDEN
from validation_engine.learned.table import SHORTEST_SENTENCE
from validation_engine.learned.words import features_of, stems_of
from validation_engine.learned.writing import written

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator, Sequence

    from validation_engine.learned.ridge import Fit

# Features that weigh so little for every name are not learned from, and weights so small are not kept.
_NEGLIGIBLE = 0.1
# Of documents' sentences every so many-th is ballast, and no more than so many in all.
_EVERY, _MOST = 5, 1_500
_EVERY_OWN, _MOST_OWN = 2, 2_500
_MARKS = {"+ ": True, "- ": False}


def sentences(folder: Path) -> Iterator[tuple[str, bool, str]]:
    """Read statement, whether it is made, and sentence, of a module's files."""
    for path in sorted(folder.glob("says/*.txt")):
        section = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("## "):
                section = line[3:]
            elif line[:2] in _MARKS:
                yield f"{path.stem}/{section}", _MARKS[line[:2]], line[2:]


def ballast(texts: Iterable[str], every: int, most: int) -> list[Counter[str]]:
    """Return the features of every so many-th sentence of documents, of so many at most."""
    documents = [read_plain(text) for text in texts]
    found = [one.sentence_text(at) for one in documents for at in range(0, len(one.sentences), every)]
    return [features_of(stems_of(sentence)) for sentence in found[:: max(len(found) // most, 1)]]


def main(folder: str) -> None:
    """Write the table of each module that has sentences; the folder holds labelled documents by module."""
    documents = {module: labelled_documents(Path(folder, module)) for module in MODULES}
    for module in MODULES:
        taught = [*sentences(RULESETS / module), *faults(module, documents[module])]
        others = [one.text for other in MODULES if other != module for one in documents[other]]
        own = [one.text for one in documents[module] if not one.fails]
        fit = learned(taught, ballast(others, _EVERY, _MOST), ballast(own, _EVERY_OWN, _MOST_OWN))
        for name, text in zip((STATEMENTS, PAIRS), written(fit, _NEGLIGIBLE), strict=True):
            (RULESETS / module / name).write_text(text, "utf-8")
        sys.stdout.write(f"{module}: learned from {len(taught)} sentences\n")


def learned(
    taught: Sequence[tuple[str, bool, str]], others: Sequence[Counter[str]], own: Sequence[Counter[str]] = ()
) -> Fit:
    """Learn statements from sentences that make or nearly make them, and from ballast.

    Args:
        taught: Statement, whether it is made, and sentence.
        others: Sentences that say nothing that gates ask about.
        own: Sentences of documents that comply: they forbid nothing, and may convey what is required.
    """
    made = [
        frozenset({name} if is_made and not name.endswith("/applies") else ()) for name, is_made, _ in taught
    ]
    elements = frozenset(name for names in made for name in names if not name.endswith(f"/{FORBIDDEN}"))
    texts = [
        Taught(features_of(stems_of(text)), names, about=name)
        for names, (name, _, text) in zip(made, taught, strict=True)
    ]
    texts += [Taught(features, frozenset()) for features in others]
    texts += [Taught(features, frozenset(), elements) for features in own]
    silent = len(others) + len(own)
    statements: list[str | None] = [name for name, _, _ in taught]
    roles = Roles(statements + [None] * silent, [is_made for _, is_made, _ in taught] + [False] * silent)
    return bounded(fitted(texts, SHORTEST_SENTENCE, _NEGLIGIBLE), roles)


if __name__ == "__main__":
    main(*sys.argv[1:])
