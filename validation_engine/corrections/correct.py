"""Correcting a document: edits made, the corrected document validated again, both shown side by side."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Literal, Protocol

import msgspec

from validation_engine.corrections.edits import SourceEdit, applied, gathered
from validation_engine.documents.read import read_text
from validation_engine.results import Result  # noqa: TC001 - part of a public structure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validation_engine.custom_gates import CustomRuleset
    from validation_engine.documents.model import Document
    from validation_engine.engine import Engine, Options

Apply = Literal["none", "safe", "all"]
_WANTED: dict[Apply, tuple[str, ...]] = {"none": (), "safe": ("safe",), "all": ("safe", "review")}
# A pass makes what the one before made possible, or goes on where a gate showed only its first findings.
_MOST_PASSES = 50


class Editor(Protocol):
    """Holds a document and makes edits in its own format."""

    document: Document

    def edit(self, edits: Sequence[SourceEdit]) -> list[SourceEdit]:
        """Make the edits, read the outcome as the new document, and return those that could be made."""
        ...

    def kept(self) -> Any:  # noqa: ANN401 - each editor's own
        """Return the state that `restore` goes back to."""
        ...

    def restore(self, state: Any) -> None:  # noqa: ANN401 - as above
        """Take back what was edited since a state was kept."""
        ...


class TextEditor:
    """Edits the source of a text, Markdown or HTML document; what it does not touch stays as it is."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def edit(self, edits: Sequence[SourceEdit]) -> list[SourceEdit]:
        """Make the edits."""
        kind = self.document.media_type
        kind = kind if kind in ("text/markdown", "text/html") else "text/plain"
        self.document = read_text(applied(self.document.source, edits), kind)
        return list(edits)

    def kept(self) -> Document:
        """Return the state that `restore` goes back to."""
        return self.document

    def restore(self, state: Document) -> None:
        """Take back what was edited since a state was kept."""
        self.document = state


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What a correction did and left to do.

    Attributes:
        text: The corrected source.
        applied: The edits made, in the order made; offsets are of the source each found.
        proposed: The edits not made.
        diff: Unified diff of source and corrected source.
        before: The result on the source.
        after: The result on the corrected source.
        introduced: Gates that fail now and did not before.
    """

    text: str
    applied: list[SourceEdit]
    proposed: list[SourceEdit]
    diff: str
    before: Result
    after: Result
    introduced: list[str]


def correct(
    engine: Engine,
    editor: Editor,
    options: Options,
    *,
    apply: Apply = "safe",
    custom: CustomRuleset | None = None,
) -> Correction:
    """Return what became of the document in an editor.

    Args:
        engine: Validates before and after.
        editor: Holds the document and makes the edits.
        options: As for validation; the type found first holds for all passes.
        apply: Which edits to make: none, the safe ones, or all.
        custom: The caller's own gates.
    """
    source = editor.document.source
    before, answers = engine.validate_with_answers(editor.document, options, custom)
    settled = msgspec.structs.replace(options, document_type=before.document.type)
    made: list[SourceEdit] = []
    futile: set[_Key] = set()
    after, edits = before, gathered(editor.document, answers)
    for _ in range(_MOST_PASSES):
        chosen = [edit for edit in edits if edit.safety in _WANTED[apply] and _key(edit) not in futile]
        state = editor.kept()
        done = editor.edit(chosen) if chosen else []
        if not done:
            break
        result, answers = engine.validate_with_answers(editor.document, settled, custom)
        asked = gathered(editor.document, answers)
        again = _asked_again(done, asked)
        if again:
            futile |= again
            editor.restore(state)
            continue
        made += done
        after, edits = result, asked
    return Correction(
        text=editor.document.source,
        applied=made,
        proposed=edits,
        diff=_diff(source, editor.document.source),
        before=before,
        after=after,
        introduced=sorted(_failing(after) - _failing(before)),
    )


_Key = tuple[str, str, tuple[str, ...]]


def _key(edit: SourceEdit) -> _Key:
    return edit.old, edit.new, tuple(edit.gate_ids)


def _asked_again(done: Sequence[SourceEdit], asked: Sequence[SourceEdit]) -> set[_Key]:
    """Return the edits that their own gate asks for again where they were made: they mend nothing."""
    found, moved = set(), 0
    for edit in done:
        start = edit.start + moved
        end = start + len(edit.new)
        moved += len(edit.new) - (edit.end - edit.start)
        if any(
            other.new == edit.new != ""
            and not set(other.gate_ids).isdisjoint(edit.gate_ids)
            and other.start <= end
            and start <= other.end
            for other in asked
        ):
            found.add(_key(edit))
    return found


def _failing(result: Result) -> set[str]:
    return {
        outcome.id
        for module in result.modules.values()
        for outcome in module.gates
        if outcome.verdict in ("FAIL", "WARNING") and not outcome.waived
    }


def _diff(old: str, new: str) -> str:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), "before", "after", lineterm="")
    return "\n".join(lines)
