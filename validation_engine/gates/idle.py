"""What a tenant writes into a correction and would never see any effect of, or see as it was written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.errors import GateFileError
from validation_engine.fields.fields import NAMED
from validation_engine.gates.places import place_of
from validation_engine.names import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.gates.schema import Correction, GateFile

# Whatever looks like a field: in double braces, with one of them missing, or a known name in single ones.
_BRACES = re.compile(rf"\{{\{{[^{{}}]*\}}\}}|\{{\{{|\}}\}}|\{{ *(?:{'|'.join(NAMED)}) *\}}")
_FIELD = re.compile(rf"\{{\{{ *(?:{'|'.join(NAMED)}) *\}}\}}")


def refuse_idle_correction(gate: GateFile, text: str) -> None:
    """Refuse a correction with a part that does nothing; shipped gates are looked at by their tests.

    Args:
        gate: The gate.
        text: Its YAML.

    Raises:
        GateFileError: The first such part, with its line and what would have an effect.
    """
    for field, problem in () if gate.correction is None else _idle(gate.correction):
        place = place_of(text, ("correction", field), gate.id)
        message = f"{place}: {problem}, in `correction.{field}`."
        raise GateFileError(message, "correction_idle")


def _idle(correction: Correction) -> Iterator[tuple[str, str]]:
    for braces in _BRACES.findall(correction.text):
        if _FIELD.fullmatch(braces) is None:
            yield (
                "text",
                f"`{braces[:80]}` names no field; the fields are {listed(f'{{{{{one}}}}}' for one in NAMED)}",
            )
    if correction.text and correction.action == "delete_sentence":
        yield "text", "`delete_sentence` writes nothing; leave the text out, or choose another action"
    if correction.words and correction.action != "replace":
        yield "words", f"`{correction.action}` replaces no words; leave them out, or choose `replace`"
    for word in correction.words:
        if word != word.lower():
            yield "words", f"`{word[:80]}` is compared with small letters; write `{word[:80].lower()}`"
