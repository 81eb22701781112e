"""The answer of a correction as JSON; a DOCX comes back as a file with tracked changes, in base64."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import msgspec

from validation_engine.corrections.correct import TextEditor, correct
from validation_engine.corrections.docx import DocxEditor
from validation_engine.documents.docx import MEDIA_TYPE

if TYPE_CHECKING:
    from validation_engine.corrections.correct import Apply, Correction
    from validation_engine.custom_gates import CustomRuleset
    from validation_engine.documents.model import Document
    from validation_engine.engine import Engine, Options


def corrected_answer(
    engine: Engine,
    document: Document,
    options: Options,
    *,
    original: bytes,
    apply: Apply,
    custom: CustomRuleset | None = None,
) -> bytes:
    """Correct a document and return the JSON answer.

    Args:
        engine: Validates before and after.
        document: What was read from the original.
        options: As for validation.
        original: The document's bytes.
        apply: Which edits to make.
        custom: The caller's own gates.
    """
    if document.media_type != MEDIA_TYPE:
        correction = correct(engine, TextEditor(document), options, apply=apply, custom=custom)
        return _told(correction, document.media_type, None)
    editor = DocxEditor(original, options.today)
    correction = correct(engine, editor, options, apply=apply, custom=custom)
    return _told(correction, document.media_type, editor.content if correction.applied else None)


def _told(correction: Correction, media_type: str, file: bytes | None) -> bytes:
    told: dict[str, Any] = {
        "id": correction.before.id.replace("val_", "cor_", 1),
        "media_type": media_type,
        "text": correction.text,
        "applied": correction.applied,
        "proposed": correction.proposed,
        "introduced": correction.introduced,
        "diff": correction.diff,
        "before": correction.before,
        "after": correction.after,
    }
    if file is not None:
        told["file"] = b64encode(file).decode()
    return msgspec.json.encode(told)
