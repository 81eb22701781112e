"""Learns what sentences say: `rulesets/<module>/statements.json` from `rulesets/<module>/says/*.txt`.

Run `python -m validation_engine.learned.statements FOLDER…` after sentences were added; the folders hold
documents of other modules, whose sentences are ballast: they say none of it. A file is named by its gate:

    ## who receives the data
    + Royal Mail gets your address so that the parcel reaches you.
    - You will receive a newsletter each month.

A section is named by a required element of the gate; a sentence after a plus says it, one after a minus comes
close and does not. Sections `forbidden` and `applies` hold what the gate's other patterns are about and only
teach what does not say any element.
"""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from validation_engine.documents.plain import read_plain
from validation_engine.gates.ruleset import MODULES, RULESETS, STATEMENTS
from validation_engine.learned.bounds import Roles, bounded
from validation_engine.learned.ridge import Taught, fitted, written
from validation_engine.learned.types import labelled
from validation_engine.learned.windows import windows
from validation_engine.learned.words import features_of, stems_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from validation_engine.learned.ridge import Fit

_NEGLIGIBLE = 0.08
# Of a document's stretches every so many-th is ballast, and no more than so many in all.
_EVERY, _MOST = 9, 1_500
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


def ballast(folders: Iterable[Path]) -> list[set[str]]:
    """Return the features of some stretches of the documents of the folders."""
    texts = [text for folder in folders for _, text in labelled(folder)]
    found = chain.from_iterable(windows(read_plain(text))[::_EVERY] for text in texts)
    every = [features for _, features in found]
    return every[:: max(len(every) // _MOST, 1)]


def main(folders: Iterable[str]) -> None:
    """Write the table of each module that has sentences."""
    given = [Path(folder) for folder in folders]
    for module in MODULES:
        taught = list(sentences(RULESETS / module))
        if taught:
            others = ballast(folder for folder in given if folder.name != module)
            (RULESETS / module / STATEMENTS).write_text(
                written(learned(taught, others), _NEGLIGIBLE), "utf-8"
            )
            sys.stdout.write(f"{module}: learned from {len(taught)} sentences\n")


def learned(taught: Sequence[tuple[str, bool, str]], others: Sequence[set[str]]) -> Fit:
    """Learn statements from sentences that make or nearly make them, and from ballast."""
    texts = [
        Taught(features_of(stems_of(text)), frozenset({name} if made and _is_element(name) else ()))
        for name, made, text in taught
    ]
    texts += [Taught(features, frozenset()) for features in others]
    none: list[str | None] = [None] * len(others)
    roles = Roles(
        [name for name, _, _ in taught] + none, [made for _, made, _ in taught] + [False] * len(others)
    )
    return bounded(fitted(texts), roles)


def _is_element(name: str) -> bool:
    return not name.endswith(("/forbidden", "/applies"))


if __name__ == "__main__":
    main(sys.argv[1:])
