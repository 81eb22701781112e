"""A document with tables is judged alike as plain text, Markdown and HTML."""

from __future__ import annotations

import html
import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.validation_engine.factories import validated
from validation_engine.documents.plain import read_plain
from validation_engine.documents.read import read_text

if TYPE_CHECKING:
    from collections.abc import Callable

LABELLED = [Path(__file__).parent / name for name in ("corpus", "unseen")]
RULE, GAP = re.compile(r"[ |:=-]+"), re.compile(r" *\| *| {3,}")
# So many of some eleven thousand verdicts differ, as lines that stand apart in a text are joined or are none.
MOST_DIFFERENT = 3


def runs(text: str) -> list[tuple[str, list[str]]]:
    """Return runs of a text's blocks of one kind, but for the rules of its tables."""
    document = read_plain(text)
    told = [
        (block.kind, document.text[block.start : block.end].replace("\n", " "))
        for block in document.blocks
        if not RULE.fullmatch(document.text[block.start : block.end])
    ]
    return [(kind, [one for _, one in run]) for kind, run in groupby(told, lambda one: one[0])]


def cells(row: str) -> list[str]:
    return GAP.split(row.strip("| "))


def as_html(text: str) -> str:
    made = []
    for kind, lines in runs(text):
        tag = {"row": "tr", "item": "li", "heading": "h2"}.get(kind, "p")
        for line in lines:
            inner = "".join(f"<td>{html.escape(cell)}" for cell in cells(line))
            made.append(f"<{tag}>{inner if kind == 'row' else html.escape(line)}</{tag}>")
    return "\n".join(made)


def as_markdown(text: str) -> str:
    made = []
    for kind, lines in runs(text):
        if kind == "row":
            rows = [f"| {' | '.join(cells(line))} |" for line in lines]
            width = max(len(cells(line)) for line in lines)
            made.append("\n".join([rows[0], "|---" * width + "|", *rows[1:]]))
        elif kind == "item":
            made.append("\n".join(lines))
        else:
            made += [f"## {line}" if kind == "heading" else line for line in lines]
    return "\n\n".join(made)


def documents_with_tables() -> list[tuple[str, str]]:
    """Return type and text of the labelled documents that have rows with bars."""
    found = []
    for path in sorted(path for folder in LABELLED for path in folder.rglob("*.txt")):
        _, header, text = path.read_text(encoding="utf-8").split("---\n", 2)
        if text.count(" | ") > 1:
            found.append((yaml.safe_load(header)["type"], text))
    return found


def verdicts(text: str, media_type: str, document_type: str) -> dict[str, str]:
    result = validated(read_text(text, media_type), document_type=document_type)
    return {one.id: one.verdict for module in result.modules.values() for one in module.gates}


@pytest.mark.parametrize(("made", "media_type"), [(as_html, "text/html"), (as_markdown, "text/markdown")])
def test_few_verdicts_depend_on_the_format(made: Callable[[str], str], media_type: str) -> None:
    different = []
    for document_type, text in documents_with_tables():
        plain = verdicts(text, "text/plain", document_type)
        other = verdicts(made(text), media_type, document_type)
        different += [
            f"{text[:40]!r} {gate}: {plain[gate]}, {other[gate]}"
            for gate in plain
            if plain[gate] != other[gate]
        ]
    assert len(different) <= MOST_DIFFERENT, "\n".join(different)
