"""Learns what sentences say: `statements.json` and `pairs.json` of a module from its `says/*.txt`.

Run `python -m validation_engine.learned.statements FOLDER…` after sentences were added or patterns of
forbidden claims changed. The folders hold labelled documents by module: the sentences of other modules'
documents are ballast, they say none of it; a document forbids nothing but what it is known to fail. Of the
first folder, the sentences that patterns take for its faults are learned as such. A file is named by its
gate:

    ## who receives the data
    + Royal Mail gets your address so that the parcel reaches you.
    - You will receive a newsletter each month.

A section is named by a required element of the gate, or `forbidden`; a sentence after a plus says it, one
after a minus comes close and does not. Sections `applies` hold what brings a gate into play, and only teach
what does not say any of the others.
"""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from validation_engine.documents.plain import read_plain
from validation_engine.engine import default_engine
from validation_engine.gates.ruleset import MODULES, NETWORK, PAIRS, RULESETS, STATEMENTS
from validation_engine.learned.bounds import Roles, bounds
from validation_engine.learned.faults import conveyed, faults, labelled_documents, lacks_one
from validation_engine.learned.hearing import hearing, network_file, together
from validation_engine.learned.ridge import Taught, fitted
from validation_engine.learned.said import FORBIDDEN, statement_name
from validation_engine.learned.table import SHORTEST_SENTENCE
from validation_engine.learned.windows import windows, words_in
from validation_engine.learned.words import between, features_of, followed, stems_of
from validation_engine.learned.writing import written

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from validation_engine.documents.model import Document
    from validation_engine.learned.faults import Labelled
    from validation_engine.learned.network import NetworkFile
    from validation_engine.learned.ridge import Fit
    from validation_engine.learned.words import Between, Word

# Features that weigh so little for every name are not learned from, and weights so small are not kept.
_NEGLIGIBLE = 0.1
# Of other modules' sentences every so many-th is ballast, and no more than so many in all.
_EVERY, _MOST = 5, 1_500
# What a document does not say counts as much as a near miss: it is what the claims are looked for in.
_COUNTS = 6.0
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


def ballast(texts: Iterable[str]) -> list[list[Word]]:
    """Return the words of some of the sentences of documents."""
    documents = [read_plain(text) for text in texts]
    found = [one.sentence_text(at) for one in documents for at in range(0, len(one.sentences), _EVERY)]
    return [stems_of(one) for one in found[:: max(len(found) // _MOST, 1)]]


def read(text: str) -> Iterator[tuple[Counter[str], list[Between]]]:
    """Yield what is read together in a document: its features, and its words between their neighbours."""
    document = read_plain(text)
    for window in chain.from_iterable(windows(document, at) for at in range(len(document.sentences))):
        follows = [word for one, start, end in window for word in words_in(document, one)[start:end]]
        words = [_between(document, one)[start:end] for one, start, end in window]
        yield features_of(follows), list(chain.from_iterable(words))


def _between(document: Document, sentence: int) -> list[Between]:
    return between([word for _, word in words_in(document, sentence)])


def main(*folders: str) -> None:
    """Write the table of each module that has sentences; the folders hold labelled documents by module."""
    documents = {
        module: [labelled_documents(Path(folder), module) for folder in folders] for module in MODULES
    }
    for module in MODULES:
        own = list(chain.from_iterable(documents[module]))
        taught = [
            *sentences(RULESETS / module),
            *faults(module, documents[module][0]),
            *conveyed(module, own),
        ]
        others = [one.text for other in MODULES if other != module for one in documents[other][0]]
        fit, network = learned(taught, ballast(others), own, _lacking(module))
        texts = (*written(fit, _NEGLIGIBLE), msgspec.json.format(msgspec.json.encode(network)).decode())
        for name, text in zip((STATEMENTS, PAIRS, NETWORK), texts, strict=True):
            (RULESETS / module / name).write_text(text, "utf-8")
        sys.stdout.write(f"{module}: learned from {len(taught)} sentences\n")


def _lacking(module: str) -> dict[str, str]:
    """Return by gate the one disclosure that a document which fails it lacks."""
    gates = [gate for gate in default_engine().ruleset.module(module) if lacks_one(gate)]
    return {gate.gate.id: statement_name(gate.gate.id, gate.required[0].name) for gate in gates}


def learned(
    taught: Sequence[tuple[str, bool, str]],
    others: Sequence[Sequence[Word]],
    own: Sequence[Labelled] = (),
    lacking: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Fit, NetworkFile]:
    """Learn statements from sentences that make or nearly make them, from ballast and documents.

    Args:
        taught: Statement, whether it is made, and sentence.
        others: Sentences that say nothing that gates ask about.
        own: Documents that forbid nothing but what they fail, and may convey what is required.
        lacking: By gate, what a document that fails it does not convey.
    """
    made = [
        frozenset({name} if is_made and not name.endswith("/applies") else ()) for name, is_made, _ in taught
    ]
    elements = frozenset(name for names in made for name in names if not name.endswith(f"/{FORBIDDEN}"))
    texts = [
        _taught(stems_of(text), names, name) for names, (name, _, text) in zip(made, taught, strict=True)
    ]
    texts += [_taught(words) for words in others]
    for number, one in enumerate(own):
        untold = elements | {statement_name(gate, FORBIDDEN) for gate in one.fails}
        untold -= {lacking[gate] for gate in one.fails if gate in lacking}
        texts += [
            Taught(features, frozenset(), untold, counts=_COUNTS, source=number, words=words)
            for features, words in read(one.text)
        ]
    silent = len(texts) - len(taught)
    roles = Roles(
        np.array([name for name, _, _ in taught] + [None] * silent, dtype=object),
        np.array([is_made for _, is_made, _ in taught] + [False] * silent),
        np.array([-1 if text.source is None else text.source for text in texts]),
    )
    fit = fitted(texts, SHORTEST_SENTENCE, _NEGLIGIBLE)
    heard = hearing(texts, fit.names)
    both, worth = together(fit, heard, roles.statements)
    bound = bounds(both, roles)
    return both._replace(weights=fit.weights / bound, left_out=both.left_out / bound), network_file(
        heard, fit.names, worth / bound
    )


def _taught(words: Sequence[Word], names: frozenset[str] = frozenset(), about: str | None = None) -> Taught:
    return Taught(features_of(followed(words)), names, about=about, words=between(words))


if __name__ == "__main__":
    main(*sys.argv[1:])
