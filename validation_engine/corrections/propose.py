"""From a gate's findings to the edits its file describes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.registry import Edit, Finding

if TYPE_CHECKING:
    from validation_engine.gates.schema import Correction, GateFile
    from validation_engine.judging.evaluate import Examined

_FIELD = re.compile(r"\{\{ *([a-z_]+) *\}\}")


def proposed(gate: GateFile, findings: list[Finding], seen: Examined) -> list[Finding]:
    """Return the findings with the edit the gate's correction gives for each, where it can be given."""
    correction = gate.correction
    if correction is None:
        return findings
    text = _filled(correction.text, seen)
    if text is None:
        return findings
    return [Finding(found.start, found.end, _edit(correction, text, found, seen)) for found in findings]


def appended(gate: GateFile, seen: Examined) -> Edit | None:
    """Return the edit that adds what is missing at the end, where the gate's correction appends."""
    correction = gate.correction
    if correction is None or correction.action != "append":
        return None
    text = _filled(correction.text, seen)
    end = len(seen.document.text)
    return None if text is None else Edit(end, end, f"\n\n{text}\n", correction.safety)


def _edit(correction: Correction, text: str, found: Finding, seen: Examined) -> Edit | None:
    if correction.action == "replace":
        known = correction.words.get(" ".join(seen.document.text[found.start : found.end].lower().split()))
        return Edit(found.start, found.end, known or text, "safe" if known else correction.safety)
    sentence = seen.document.sentences[seen.document.sentence_at(found.start)]
    if correction.action == "delete_sentence":
        end = sentence.end + (seen.document.text[sentence.end : sentence.end + 1] == " ")
        return Edit(sentence.start, end, "", correction.safety)
    if correction.action == "insert_after":
        return Edit(sentence.end, sentence.end, f" {text}", correction.safety)
    return None


def _filled(text: str, seen: Examined) -> str | None:
    """Return the text with its fields filled in, or None where one is not known."""
    filled = text
    for name in _FIELD.findall(text):
        value = seen.fields.value(name)
        if value is None:
            return None
        filled = re.sub(r"\{\{ *" + name + r" *\}\}", value.replace("\\", r"\\"), filled)
    return filled
