"""White label: what of a tenant's branding reaches the page."""

from __future__ import annotations

import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st

from dashboards.theme import Theme
from tenants.branding.safe_css import LONGEST, sanitised


def test_harmless_rules_stay() -> None:
    css = "h1, .stMarkdown p { color: #123456; font-weight: 700; border: 1px solid rgb(1, 2, 3) }"
    assert sanitised(css) == (
        "h1, .stMarkdown p { color: #123456; font-weight: 700; border: 1px solid rgb(1, 2, 3) }"
    )


@pytest.mark.parametrize(
    "css",
    [
        "@import url('https://example.com/x.css');",
        "@font-face { font-family: x; src: url(https://example.com/x) }",
        "h1 { background-image: url(https://example.com/track) }",
        "h1 { color: url(javascript:alert(1)) }",
        "h1 { background-color: expression(alert(1)) }",
        "h1 { position: fixed; inset: 0 }",
        ".stAlert { display: none }",
        "h1::before { content: 'Pay here' }",
        "h1 { color: red</style><script>alert(1)</script> }",
        "</style><script>alert(1)</script>",
        "h1 { behavior: url(x.htc) }",
        "input[value^='a'] { background: url(//example.com/a) }",
        "h1 { -moz-binding: url(x) }",
        "h1 { color: var(--secret) }",
        "@media all { h1 { color: red } }",
        "h1 { width: 1px; opacity: 0; visibility: hidden; transform: scale(9) }",
        "h1 { c\\6flor: red\\3c /style> }",
    ],
)
def test_what_could_load_hide_cover_or_escape_goes(css: str) -> None:
    safe = sanitised(css)
    assert "<" not in safe
    for word in (
        "url",
        "import",
        "expression",
        "fixed",
        "none",
        "content",
        "binding",
        "var",
        "opacity",
        "media",
    ):
        assert word not in safe


@given(st.text(max_size=200))
def test_whatever_is_given_the_style_element_stays_closed_and_parses(css: str) -> None:
    sheet = Theme(css=css).stylesheet()
    assert sheet.count("<") == 2
    assert sheet.endswith("</style>")
    rules = tinycss2.parse_stylesheet(sanitised(css), skip_whitespace=True)
    assert all(rule.type == "qualified-rule" for rule in rules)


def test_an_over_long_sheet_is_refused_whole() -> None:
    assert sanitised("h1 { color: red }" * LONGEST) == ""


@pytest.mark.parametrize("colour", ["red", "#12", "#12345G", "#123456; } body { display: none", ""])
def test_a_colour_that_is_none_becomes_the_default(colour: str) -> None:
    sheet = Theme(primary=colour, accent=colour).stylesheet()
    assert "--loki-primary: #2196F3; --loki-accent: #FFC107;" in sheet


def test_text_on_a_bright_colour_is_dark_and_on_a_dark_one_bright() -> None:
    assert "--loki-on-primary: #000000" in Theme(primary="#FFEB3B").stylesheet()
    assert "--loki-on-primary: #FFFFFF" in Theme(primary="#0D47A1").stylesheet()
