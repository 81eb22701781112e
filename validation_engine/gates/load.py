"""Reading gate files: YAML, the schema, and errors that name the line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from validation_engine.errors import GateFileError
from validation_engine.gates.schema import GateFile

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    loader, root = _LOADER(text), None
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=_LOADER)):
            msg = f"{where}: uses YAML aliases; write the value out."
            raise GateFileError(msg)
        root = loader.get_single_node()
        _refuse_twice(root, where)
        return None if root is None else loader.construct_document(root)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
        msg = f"{line}: not valid YAML: {getattr(error, 'problem', error)}."
        raise GateFileError(msg) from None
    except RecursionError:
        msg = f"{where}: is nested too deeply; a gate needs five levels at most."
        raise GateFileError(msg) from None
    except ValueError as error:
        msg = f"{_wrong_value(root, where)}: no such date or number: {error}."
        raise GateFileError(msg) from None


def _nodes(root: Any) -> Iterator[Any]:  # noqa: ANN401 - a foreign parser's own nodes
    """Yield a node and all in it, in the order of the text."""
    waiting = [] if root is None else [root]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, yaml.MappingNode):
            waiting += [one for pair in reversed(node.value) for one in reversed(pair)]
        elif isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)


def _refuse_twice(root: Any, where: str) -> None:  # noqa: ANN401 - as above
    """Refuse a field that is given twice: of the two, YAML would keep the last without a word."""
    for node in _nodes(root):
        seen: set[object] = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                msg = f"{where}:{key.start_mark.line + 1}: `{key.value[:80]}` is given twice; keep one."
                raise GateFileError(msg)
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))


def _wrong_value(root: Any, where: str) -> str:  # noqa: ANN401 - as above
    """Return the place of the first value that looks like a date or number and is none."""
    for node in _nodes(root):
        try:
            if isinstance(node, yaml.ScalarNode):
                _LOADER("").construct_object(node)
        except ValueError:
            return f"{where}:{node.start_mark.line + 1}"
    return where


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
