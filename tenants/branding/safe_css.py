"""Reduces CSS that a tenant wrote to what can only change the look of its own pages.

Allowed are plain rules with harmless properties. Gone are at-rules (imports, fonts), every URL and
function but colours, and whatever moves, hides or covers a part of the page or adds text to it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import tinycss2

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 20_000
_PROPERTIES = frozenset(
    [
        "color",
        "background-color",
        "border",
        "border-color",
        "border-style",
        "border-width",
        "border-radius",
        "border-top",
        "border-right",
        "border-bottom",
        "border-left",
        "border-top-color",
        "border-bottom-color",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "letter-spacing",
        "line-height",
        "text-align",
        "text-decoration",
        "text-transform",
        "text-decoration-color",
        "padding",
        "padding-top",
        "padding-right",
        "padding-bottom",
        "padding-left",
        "box-shadow",
    ]
)
_FUNCTIONS = frozenset(("rgb", "rgba", "hsl", "hsla", "calc"))
_SELECTOR_TOKENS = frozenset(("ident", "hash", "literal", "whitespace", "[] block", "string"))
_VALUE_TOKENS = frozenset(
    ("ident", "hash", "literal", "whitespace", "string", "number", "percentage", "dimension")
)
_DEEPEST = 4  # what nests without end ends the thread that walks it


@lru_cache(maxsize=64)
def sanitised(css: str, weight: str = "") -> str:
    """Return the safe part of the rules; an over-long sheet is refused whole.

    Args:
        css: As the tenant wrote it.
        weight: Added to each declaration; ` !important` lets plain selectors win over Streamlit's own.
    """
    if len(css) > LONGEST:
        return ""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "\n".join(filter(None, (_rule(rule, weight) for rule in rules if rule.type == "qualified-rule")))


def _rule(rule: tinycss2.ast.QualifiedRule, weight: str) -> str:
    if not all(map(_is_selector, rule.prelude)):
        return ""
    declarations = tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
    kept = [
        f"{item.lower_name}: {_text(item.value)}{weight}"
        for item in declarations
        if item.type == "declaration" and item.lower_name in _PROPERTIES and _is_harmless(item.value)
    ]
    selector = _text(rule.prelude)
    return f"{selector} {{ {'; '.join(kept)} }}" if kept and selector else ""


def _is_selector(token: tinycss2.ast.Node) -> bool:
    if token.type == "[] block":
        return all(inner.type in _SELECTOR_TOKENS and inner.type != token.type for inner in token.content)
    return token.type in _SELECTOR_TOKENS


def _is_harmless(tokens: Iterable[tinycss2.ast.Node], depth: int = 0) -> bool:
    return all(
        (depth < _DEEPEST and token.lower_name in _FUNCTIONS and _is_harmless(token.arguments, depth + 1))
        if token.type == "function"
        else token.type in _VALUE_TOKENS
        for token in tokens
    )


def _text(tokens: Iterable[tinycss2.ast.Node]) -> str:
    """Return CSS text that cannot end its style element; such a rule comes out empty."""
    text = str(tinycss2.serialize(list(tokens))).strip()
    return "" if "<" in text else text
