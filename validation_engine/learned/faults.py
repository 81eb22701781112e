"""What gates' own examples, and documents known to fail, teach of forbidden claims."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import yaml

from validation_engine.documents.plain import read_plain
from validation_engine.engine import default_engine
from validation_engine.learned.said import FORBIDDEN, statement_name
from validation_engine.scan.clues import CLAIM_SCOPES, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from validation_engine.gates.compiled import CompiledGate


class Labelled(NamedTuple):
    """A document's text and the gates that it fails."""

    text: str
    fails: frozenset[str]


def labelled_documents(folder: Path) -> list[Labelled]:
    """Read the documents of a folder whose front matter says what they fail."""
    found = []
    for path in sorted(folder.rglob("*.txt")):
        _, header, body = path.read_text(encoding="utf-8").split("---\n", 2)
        found.append(Labelled(body, frozenset(yaml.safe_load(header)["fails"])))
    return found


def faults(module: str, documents: Sequence[Labelled]) -> Iterator[tuple[str, bool, str]]:
    """Yield statement, whether it is made, and sentence: of a module's forbidden claims."""
    for gate in default_engine().ruleset.module(module):
        if gate.forbidden:
            name, examples = statement_name(gate.gate.id, FORBIDDEN), gate.gate.examples
            failing = [one.text for one in documents if gate.gate.id in one.fails]
            texts = chain((one.text for one in examples.fails), failing)
            yield from ((name, True, sentence) for sentence in _claims(gate, texts))
            yield from (
                (name, False, sentence) for one in examples.passes for sentence in _sentences(one.text)
            )


def _claims(gate: CompiledGate, texts: Iterable[str]) -> Iterator[str]:
    """Yield the sentences of documents that fail a gate which its patterns find."""
    for text in texts:
        document = read_plain(text)
        hits = default_engine().ruleset.patterns.scan(document)
        spans = chain.from_iterable(counted(clue, document, hits, CLAIM_SCOPES) for clue in gate.forbidden)
        yield from (document.sentence_text(at) for at in sorted({span.sentence for span in spans}))


def _sentences(text: str) -> list[str]:
    document = read_plain(text)
    return [document.sentence_text(at) for at in range(len(document.sentences))]
