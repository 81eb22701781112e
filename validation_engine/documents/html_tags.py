"""What HTML's elements are: which stand alone, are skipped, make blocks, and end what is left open."""

from __future__ import annotations

_WORDS = str.split
VOID = frozenset(_WORDS("area base br col embed hr img input link meta param source track wbr"))
SKIPPED = frozenset(
    _WORDS("script style template noscript head svg math select option textarea title iframe object")
)
BLOCKS = frozenset(
    _WORDS(
        "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset"
        " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p"
        " pre search section summary table tbody tfoot thead tr ul"
    )
)
HEADINGS = frozenset(_WORDS("h1 h2 h3 h4 h5 h6"))
CELLS = frozenset(("td", "th"))
OF_HEAD = frozenset(_WORDS("base bgsound link meta noscript script style template title head html"))
_ENDS_NO_PARAGRAPH = frozenset(_WORDS("body button caption html legend summary tbody tfoot thead tr"))
_SECTIONS = frozenset(("thead", "tbody", "tfoot"))
_ITEMS = (frozenset(("dt", "dd")), frozenset(("dl",)))
# By tag: the open elements that it ends, and those that it never looks beyond.
_ENDED = {
    "li": (frozenset(("li",)), frozenset(("ul", "ol", "menu", "dir", "td", "th"))),
    "dt": _ITEMS,
    "dd": _ITEMS,
    "td": (CELLS, frozenset(("tr", "table"))),
    "th": (CELLS, frozenset(("tr", "table"))),
    "tr": (frozenset(("tr",)), frozenset(("table",))),
    "thead": (_SECTIONS | {"tr"}, frozenset(("table",))),
    "tbody": (_SECTIONS | {"tr"}, frozenset(("table",))),
    "tfoot": (_SECTIONS | {"tr"}, frozenset(("table",))),
}
_PARAGRAPH = (frozenset(("p",)), frozenset(("button", "td", "th", "caption", "table", "object", "template")))
# What an opening tag ends of what is left open, each with what it never looks beyond.
ENDED_BY = {
    tag: [
        *([_PARAGRAPH] if tag in BLOCKS - _ENDS_NO_PARAGRAPH else []),
        *([_ENDED[tag]] if tag in _ENDED else []),
    ]
    for tag in BLOCKS | set(_ENDED)
}
