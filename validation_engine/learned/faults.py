"""What gates' own examples and labelled documents teach: of forbidden claims, and of what is conveyed."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import yaml

from validation_engine.documents.plain import read_plain
from validation_engine.engine import default_engine
from validation_engine.gates.clues import CLAIM_SCOPES, counted
from validation_engine.learned.said import FORBIDDEN, statement_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from validation_engine.gates.compiled import CompiledGate


class Labelled(NamedTuple):
    """A document's text, its type, and the gates that it fails."""

    text: str
    kind: str
    fails: frozenset[str]


def labelled_documents(folder: Path, module: str) -> list[Labelled]:
    """Read a module's documents in a folder; their front matter says what they fail."""
    found = []
    for path in sorted(folder.glob(f"**/{module}/**/*.txt")):
        _, header, body = path.read_text(encoding="utf-8").split("---\n", 2)
        labels = yaml.safe_load(header)
        found.append(Labelled(body, labels["type"], frozenset(labels["fails"])))
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


def conveyed(module: str, documents: Sequence[Labelled]) -> Iterator[tuple[str, bool, str]]:
    """Yield statement, whether it is made, and sentence: of what patterns take for a disclosure.

    It is one where it is the only such sentence of a document that does not fail; it is none in a document
    that fails for want of it.
    """
    gates = [gate for gate in default_engine().ruleset.module(module) if gate.required]
    for one in documents:
        document = read_plain(one.text)
        hits = default_engine().ruleset.patterns.scan(document)
        for gate in (gate for gate in gates if one.kind in gate.types):
            fails = gate.gate.id in one.fails
            for required in gate.required if not fails or lacks_one(gate) else ():
                spans = chain.from_iterable(counted(clue, document, hits) for clue in required.clues)
                found = {span.sentence for span in spans} if required.read else set()
                if fails or len(found) == 1:
                    name = statement_name(gate.gate.id, required.name)
                    yield from ((name, not fails, document.sentence_text(at)) for at in sorted(found))


def lacks_one(gate: CompiledGate) -> bool:
    """Return whether a document can only fail a gate for want of one disclosure."""
    return len(gate.required) == 1 and not gate.forbidden and gate.gate.check is None


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
