"""Reading gate files: YAML, the schema, and errors that name the line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from validation_engine.errors import GateFileError
from validation_engine.gates.places import LOADER, place_of
from validation_engine.gates.schema import Clue, GateFile
from validation_engine.misfits import PLACE, UNKNOWN_FIELD, steps_in, way_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 200_000
_PATTERN_LISTS = ("patterns", "near", "unless", "under")
_Steps = tuple[str | int, ...]


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
    loader, root = LOADER(text), None
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=LOADER)):
            msg = f"{where}: uses YAML aliases; write the value out."
            raise GateFileError(msg)
        root = loader.get_single_node()
        _refuse_twice(root, where)
        return None if root is None else loader.construct_document(root)
    except yaml.reader.ReaderError as error:
        above = text.count("\n", 0, text.find(chr(error.character)))
        msg = f"{where}:{above + 1}: YAML may not hold the character U+{error.character:04X}; leave it out."
        raise GateFileError(msg) from None
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
                LOADER("").construct_object(node)
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


def refuse_repeated_pattern(gate: GateFile, text: str, where: str) -> None:
    """Refuse a pattern that one list of a clue has twice: who changes one copy believes the wording changed.

    Not part of `parse_gate`, so that tenants' gates that were saved with one go on.

    Args:
        gate: The gate.
        text: Its YAML.
        where: How errors name the gate.

    Raises:
        GateFileError: The first such pattern, with its gate, its line and its field.
    """
    for steps, clue in _clues(gate):
        for name in _PATTERN_LISTS:
            listed: list[str] = getattr(clue, name)
            for index, pattern in enumerate(listed):
                if pattern in listed[:index]:
                    place = place_of(text, (*steps, name, index), where)
                    field = ".".join(map(str, (*steps, name)))
                    msg = f"{place}: the pattern `{pattern[:80]}` is given twice in `{field}`; keep one."
                    raise GateFileError(msg)


def _clues(gate: GateFile) -> Iterator[tuple[_Steps, Clue]]:
    """Yield every clue of a gate with the way to it."""
    for name in ("applies_when", "not_when", "forbidden", "required", "doubtful"):
        clues: list[Clue] = getattr(gate, name)
        yield from (((name, index), clue) for index, clue in enumerate(clues))
    for index, required in enumerate(gate.required):
        for name, inner in (("alternatives", required.alternatives), ("when", required.when)):
            yield from ((("required", index, name, place), clue) for place, clue in enumerate(inner))


def _explained(message: str, where: str, text: str) -> str:
    steps = steps_in(message)
    unknown = UNKNOWN_FIELD.search(message)
    place = place_of(text, [*steps, unknown.group(1)] if unknown else steps, where)
    field = ".".join(str(step) for step in [*steps, *(unknown.groups() if unknown else ())])
    problem = PLACE.sub("", message)
    return f"{place}: {problem}{f', in `{field}`' if field else ''}{way_out(message, GateFile)}."


def read_gate(path: Path) -> GateFile:
    """Return the gate in a file, whose name must be the last part of its id and its folder the first.

    Raises:
        GateFileError: The file does not hold a valid gate of that name, or one that repeats a pattern.
    """
    where, text = f"{path.parent.name}/{path.name}", path.read_text(encoding="utf-8")
    gate = parse_gate(text, where)
    refuse_repeated_pattern(gate, text, where)
    expected = f"{path.parent.name}.{path.stem}"
    if gate.id != expected:
        msg = f"{where}: `id` is {gate.id}, but the file's place says {expected}; make them equal."
        raise GateFileError(msg)
    return gate
