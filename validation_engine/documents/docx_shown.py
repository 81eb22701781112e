"""What a reader sees of a paragraph of a DOCX: not what is deleted, hidden, minute or white on white."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
TEXT = f"{W}t"
_OFF = {"0", "false", "off", "none"}
_SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
# What a paragraph shows elsewhere or not at all: formats, deletions, text boxes, a drawing's older form.
_UNSEEN = {
    f"{W}{name}" for name in ("pPr", "rPr", "del", "moveFrom", "txbxContent", "rt", "instrText", "delText")
} | {FALLBACK}
# In half points; a colour from here up is lost on white.
_MINUTE, _WHITE = 4, re.compile("(?i)(?:f[5-9a-f]){3}")
_SHADED = {f"{W}tbl", f"{W}txbxContent"}


def shown(element: Any) -> Iterator[Any]:  # noqa: ANN401 - lxml has no types
    """Yield what a reader sees of a paragraph, insertions in: its texts, tabs, breaks and hyphens."""
    for child in element:
        name = child.tag
        if name == TEXT or name in _SIGNS:
            yield child
        elif name not in _UNSEEN and (name != f"{W}r" or _shows(child)):
            yield from shown(child)


def _shows(run: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether a run is neither hidden nor minute nor white on white."""
    own = run.find(f"{W}rPr")
    if own is None:
        return True
    size, colour = (_value(own, name) for name in ("sz", "color"))
    is_minute = size.isdigit() and int(size) <= _MINUTE
    is_white = _WHITE.fullmatch(colour) is not None and not _is_shaded(run)
    return not (is_on(own.find(f"{W}vanish")) or is_minute or is_white)


def _is_shaded(run: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether anything may lie beneath a run: its own shading, a style's, a table, box or page."""
    for name in ("shd", "highlight", "rStyle", "pStyle"):
        if any(
            one.find(f"{W}{kind}/{W}{name}") is not None
            for one, kind in ((run, "rPr"), (run.getparent(), "pPr"))
        ):
            return True
    above = list(run.iterancestors())
    return any(one.tag in _SHADED for one in above) or above[-1].find(f"{W}background") is not None


def _value(properties: Any, name: str) -> str:  # noqa: ANN401 - as above
    found = properties.find(f"{W}{name}")
    return "" if found is None else str(found.get(f"{W}val", ""))


def text_of(node: Any) -> str:  # noqa: ANN401 - as above
    """Return what a node of `shown` shows."""
    return node.text or "" if node.tag == TEXT else _SIGNS[node.tag]


def paragraph_text(element: Any) -> str:  # noqa: ANN401 - as above
    """Return what a reader sees of a paragraph."""
    return "".join([text_of(node) for node in shown(element)])


def is_on(switch: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether a switch is there and not off."""
    return switch is not None and switch.get(f"{W}val", "true") not in _OFF
