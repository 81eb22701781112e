"""Where in a gate file something stands: the line of a field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def place_of(text: str, steps: Iterable[str | int], where: str) -> str:
    """Return the file and line of a field, as far as the way to it is found.

    Args:
        text: The YAML; empty where there is none.
        steps: The way from the root: names of fields, positions in lists.
        where: How errors name the file.
    """
    if not text:
        return where
    node: Any = yaml.compose(text, Loader=LOADER)
    for step in steps:
        child = _child(node, step)
        if child is None:
            break
        node = child
    return where if node is None else f"{where}:{node.start_mark.line + 1}"


def _child(node: Any, step: str | int) -> Any:  # noqa: ANN401 - a foreign parser's own nodes
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None
