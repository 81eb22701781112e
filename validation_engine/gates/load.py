"""Reading gate files: YAML, the schema, and errors that name the line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from validation_engine.errors import GateFileError
from validation_engine.gates.schema import GateFile

if TYPE_CHECKING:
    from pathlib import Path

_PATH = re.compile(r" - at `\$(.*)`$")
_STEP = re.compile(r"\.([a-z_]+)|\[(\d+)\]|\[\.\.\.\]")
_UNKNOWN = re.compile(r"unknown field `(\w+)`")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST = 200_000


def parse_gate(text: str, where: str = "the gate") -> GateFile:
    """Return the gate in a YAML text.

    Args:
        text: The YAML.
        where: How errors name the file.

    Raises:
        GateFileError: It is not YAML, or breaks the schema; the message has file and line.
    """
    if len(text) > LARGEST:
        msg = f"{where}: has {len(text)} characters, more than {LARGEST}; shorten it."
        raise GateFileError(msg)
    return convert(_yaml(text, where), where, text)


def convert(data: object, where: str, text: str = "") -> GateFile:
    """Return the gate in already parsed data, or say which field is wrong."""
    try:
        gate = msgspec.convert(data, GateFile, strict=True)
    except msgspec.ValidationError as error:
        raise GateFileError(_explained(str(error), where, text)) from None
    _consistent(gate, where)
    return gate


def _yaml(text: str, where: str) -> object:
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=_LOADER)):
            msg = f"{where}: uses YAML aliases; write the value out."
            raise GateFileError(msg)
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 - it is the safe loader, in C where there is one
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
        msg = f"{line}: not valid YAML: {getattr(error, 'problem', error)}."
        raise GateFileError(msg) from None
    except RecursionError:
        msg = f"{where}: is nested too deeply; a gate needs five levels at most."
        raise GateFileError(msg) from None


def _consistent(gate: GateFile, where: str) -> None:
    if not (gate.forbidden or gate.required or gate.check):
        msg = f"{where}: has nothing to look for; give `forbidden`, `required` or `check`."
        raise GateFileError(msg)
    if gate.effective.since and gate.effective.until and gate.effective.since > gate.effective.until:
        msg = f"{where}: `effective.since` is after `effective.until`; swap them."
        raise GateFileError(msg)
    if gate.correction and gate.correction.action != "delete_sentence" and not gate.correction.text:
        msg = f"{where}: `correction.text` is empty; say what to write."
        raise GateFileError(msg)


def _explained(message: str, where: str, text: str) -> str:
    found = _PATH.search(message)
    steps = _steps(found.group(1)) if found else []
    unknown = _UNKNOWN.search(message)
    if unknown:
        steps.append(unknown.group(1))
    line = _line(text, steps)
    place = f"{where}:{line}" if line else where
    field = ".".join(str(step) for step in steps)
    problem = _PATH.sub("", message)
    return f"{place}: {problem}" + (f", in `{field}`." if field else ".")


def _steps(path: str) -> list[str | int]:
    return [name or (int(number) if number else "…") for name, number in _STEP.findall(path)]


def _line(text: str, steps: list[str | int]) -> int | None:
    """Return the 1-based line of a field in the YAML text."""
    if not text:
        return None
    node: Any = yaml.compose(text, Loader=_LOADER)
    for step in steps:
        child = _child(node, step)
        if child is None:
            break
        node = child
    return int(node.start_mark.line) + 1 if node is not None else None


def _child(node: Any, step: str | int) -> Any:  # noqa: ANN401 - a foreign parser's own nodes
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def read_gate(path: Path) -> GateFile:
    """Return the gate in a file, whose name must be the last part of its id and its folder the first.

    Raises:
        GateFileError: The file does not hold a valid gate of that name.
    """
    where = f"{path.parent.name}/{path.name}"
    gate = parse_gate(path.read_text(encoding="utf-8"), where)
    expected = f"{path.parent.name}.{path.stem}"
    if gate.id != expected:
        msg = f"{where}: `id` is {gate.id}, but the file's place says {expected}; make them equal."
        raise GateFileError(msg)
    return gate
