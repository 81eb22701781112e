"""Lists of labels and values set in two columns: "Where      102 Perth Road", line under line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    Row = re.Match[str]

# A label of a few words without a figure, a gap, and the value.
_ROW = re.compile(
    r"^ {0,8}(?:\(?(?:\d{1,2}|[a-z])[.)]? +)?"
    r"(?P<label>[A-Za-z][A-Za-z'/&,()-]*(?: [A-Za-z'/&,()-]+){0,4}(?<![,:-]))"
    r"(?:  +| ?\t+ ?)(?P<value>[^ \t\n][^\n]*)$",
    re.MULTILINE,
)
_WORD = re.compile(r"[A-Za-z]{2}")
_GAP = "   "
# So many lines with their values in one column are a list; fewer may be a letterhead.
_LEAST = 3


def labelled_rows(text: str) -> dict[int, tuple[int, bool]]:
    """Return by the start of each line where its label ends, and whether its value goes on in the next."""
    if _GAP not in text and "\t" not in text:
        return {}
    found: dict[int, tuple[int, bool]] = {}
    for run in _runs(text):
        if len(run) >= _LEAST and any(_is_apart(one.group()) for one in run):
            found.update((one.start(), (one.end("label"), _goes_on(text, one))) for one in run)
    return found


def _runs(text: str) -> Iterator[list[Row]]:
    """Yield the rows that follow one another with their values in one column."""
    run: list[Row] = []
    for row in _ROW.finditer(text):
        if _is_apart(row["value"].rstrip()) or not _WORD.search(row["value"]):
            continue
        if run and not _follows(text, run[-1], row):
            yield run
            run = []
        run.append(row)
    yield run


def _is_apart(text: str) -> bool:
    return _GAP in text or "\t" in text


def _follows(text: str, before: Row, row: Row) -> bool:
    """Whether nothing stands between two rows of a column but what belongs to the first's value."""
    between = text[before.end() : row.start()].split("\n")
    column = _column(before)
    return _column(row) == column and all(_indent(line) >= column for line in between if line.strip())


def _goes_on(text: str, row: Row) -> bool:
    line = text[row.end() + 1 : row.end() + 1 + 2 * _column(row) + 1].partition("\n")[0]
    return bool(line.strip()) and _indent(line) == _column(row)


def _column(row: Row) -> int:
    """Return the column of the value; one for all that stand behind a tab."""
    is_tabbed = "\t" in row.group()[: row.start("value") - row.start()]
    return 1 if is_tabbed else row.start("value") - row.start()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
