"""What of a page no reader sees: by an attribute, by a style, or by the page's own style sheets."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Not shown, without size or ink, or far off the page.
_UNSEEN = (
    r"(?<![\w-])(?:display\s*:\s*none|(?:content-)?visibility\s*:\s*hidden|"
    r"(?:font-size|opacity)\s*:\s*0(?!\.?\d*[1-9])|font-size\s*:\s*[01](?:\.\d+)?p[xt]|"
    r"(?:text-indent|(?:margin-)?left|(?:margin-)?top)\s*:\s*-\d{4,}px)"
)
_WHITE = r"(?<![\w-])color\s*:\s*(?:white|#f{3}(?:f{3})?)\b"
_GROUND = re.compile("background|bgcolor", re.IGNORECASE)
_STYLE_OPENS = re.compile(r"<style\b[^<>]{0,200}>", re.IGNORECASE)
_STYLE_ENDS = re.compile(r"</style", re.IGNORECASE)
_MEDIA = re.compile(r"\bmedia\s*=\s*[\"']?([^\"'>]*)", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_BRACE = re.compile(r"[{}]")
# `p.note#first`, and nothing that depends on a state or on neighbours.
_COMPOUND = re.compile(r"[\w-]*(?:[.#][\w-]+)*")
_TOKEN = re.compile(r"[.#]?[\w-]+")
_SHOWN_MEDIA = frozenset(("screen", "only screen", "all", ""))
# Blocks whose rules hold for every reader.
_HOLDS = re.compile(r"@(?:supports|layer)\b", re.IGNORECASE)
_MOST_RULES = 300
Tokens = frozenset[str]


class Hiding:
    """Tells for each element in turn whether it is hidden.

    Args:
        text: The page's source.
    """

    def __init__(self, text: str) -> None:
        # White is lost where nothing in the whole text has a ground of its own.
        unseen = _UNSEEN if _GROUND.search(text) else f"(?:{_UNSEEN}|{_WHITE})"
        self._unseen = re.compile(unseen, re.IGNORECASE)
        self._open: Counter[str] = Counter()
        self._rules: dict[str, list[tuple[Tokens, Tokens]]] = {}
        for own, above in sorted(self._selectors(text), key=lambda one: (sorted(one[0]), sorted(one[1]))):
            self._rules.setdefault(min(own), []).append((own, above))

    def hides(self, attributes: list[tuple[str, str | None]], tokens: Tokens) -> bool:
        """Return whether an element that stands in those that were entered is hidden by itself."""
        for name, value in attributes:
            if name == "hidden" or (name == "style" and value and self._unseen.search(value)):
                return True
        if not self._rules:
            return False
        return any(
            own <= tokens and all(self._open[token] for token in above)
            for token in tokens
            for own, above in self._rules.get(token, ())
        )

    def tokens(self, tag: str, attributes: list[tuple[str, str | None]]) -> Tokens:
        """Return what selectors may name an element by; nothing where no rule hides any."""
        if not self._rules:
            return frozenset()
        told = dict(attributes)
        classes = {f".{name}" for name in (told.get("class") or "").split()}
        return frozenset(classes | {tag} | ({f"#{told['id']}"} if told.get("id") else set()))

    def enter(self, tokens: Tokens) -> None:
        """Take an element as open."""
        self._open.update(tokens)

    def leave(self, tokens: Tokens) -> None:
        """Take an element as closed."""
        self._open.subtract(tokens)

    def _selectors(self, text: str) -> set[tuple[Tokens, Tokens]]:
        """Return what hides: the tokens an element must have, and those of what it must stand in."""
        found: set[tuple[Tokens, Tokens]] = set()
        for selectors, declared in (rule for sheet in _sheets(text) for rule in _rules(sheet)):
            if not self._unseen.search(declared):
                continue
            for selector in selectors.split(","):
                compounds = selector.replace(">", " ").split()
                if compounds and all(_COMPOUND.fullmatch(one) for one in compounds):
                    above = frozenset(token for one in compounds[:-1] for token in _TOKEN.findall(one))
                    found.add((frozenset(_TOKEN.findall(compounds[-1])), above))
            if len(found) > _MOST_RULES:
                break
        return found


def _sheets(text: str) -> Iterator[str]:
    """Yield the style sheets that hold on a screen; one that never ends is none."""
    at = 0
    while opening := _STYLE_OPENS.search(text, at):
        ending = _STYLE_ENDS.search(text, opening.end())
        if ending is None:
            return
        media = _MEDIA.search(opening.group())
        if media is None or _is_on_screen(media.group(1)):
            yield text[opening.end() : ending.start()]
        at = ending.end()


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and declarations of the rules that hold on every screen, whatever its size."""
    plain, at = _CSS_COMMENT.sub(" ", sheet), 0
    opened: list[str] = []
    for brace in _BRACE.finditer(plain):
        between, at = plain[at : brace.start()], brace.end()
        if brace.group() == "{":
            opened.append(between.rsplit(";", 1)[-1].strip())
        elif opened:
            selectors = opened.pop()
            if not selectors.startswith("@") and all(map(_holds, opened)):
                yield selectors, between


def _holds(block: str) -> bool:
    """Return whether a block's rules hold for whoever reads the page on a screen."""
    if block[:6].lower() == "@media":
        return _is_on_screen(block[6:])
    return bool(_HOLDS.match(block))


def _is_on_screen(media: str) -> bool:
    return any(one.strip().lower() in _SHOWN_MEDIA for one in media.split(","))
