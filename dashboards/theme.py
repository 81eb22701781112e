"""White label: a tenant's name, logo, colours and safe CSS on the same pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tenants.branding.looks import FAMILIES
from tenants.branding.safe_css import sanitised

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_TEXT = "*:not([data-testid=stIconMaterial])"  # icons are letters of a font of their own
PRIMARY, ACCENT = "#2196F3", "#FFC107"


@dataclass(frozen=True)
class Theme:
    """Branding as typed tokens; what does not fit a token falls back to the default.

    Attributes:
        name: Shown in the sidebar and the browser's tab.
        primary: `#RRGGBB` of buttons, links and the page in view.
        accent: `#RRGGBB` of the line above the page.
        css: A tenant's own rules, reduced to what is safe when they are written out.
        logo: An image file's bytes, None for ours.
        font: One of the fonts that a tenant may choose; all of them are on the reader's machine already.
    """

    name: str = "LOKI"
    primary: str = PRIMARY
    accent: str = ACCENT
    css: str = ""
    logo: bytes | None = None
    font: str = "system"

    def stylesheet(self) -> str:
        """Return the whole style element that carries this branding."""
        primary = self.primary if _COLOUR.fullmatch(self.primary) else PRIMARY
        accent = self.accent if _COLOUR.fullmatch(self.accent) else ACCENT
        tokens = f"--loki-primary: {primary}; --loki-accent: {accent}; --loki-on-primary: {_on(primary)};"
        family = FAMILIES.get(self.font, "")
        typeface = f".stApp, .stApp {_TEXT} {{ font-family: {family} }}" if family else ""
        own = sanitised(self.css, " !important")
        return f"<style>\n:root {{ {tokens} }}\n{_RULES}\n{typeface}\n{own}\n</style>"


def _on(colour: str) -> str:
    """Return black or white, whichever reads better on the colour."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#000000" if (red * 299 + green * 587 + blue * 114) / 1000 > 150 else "#FFFFFF"  # noqa: PLR2004 - perceived brightness


_RULES = """
.stApp::before { content: ""; position: fixed; inset: 0 0 auto 0; height: 3px; z-index: 1000000;
  background: linear-gradient(90deg, var(--loki-primary), var(--loki-accent)); }
.stMainBlockContainer { padding-top: 3.2rem; padding-bottom: 4rem; max-width: 1480px; }
h1 { letter-spacing: -0.02em; padding-bottom: 0 !important; }
[data-testid="stMetric"] { padding: 0.75rem 0.35rem; }
[data-testid="stMetricLabel"] p { font-size: 0.8rem; opacity: 0.75; white-space: normal; }
[data-testid="stMetricValue"] {
  font-size: clamp(1.05rem, 1.55vw, 1.75rem); font-variant-numeric: tabular-nums; letter-spacing: -0.01em;
}
[data-testid="stMetricValue"] div { overflow: visible; text-overflow: clip; }
[data-testid="stMetricDelta"] { font-size: 0.78rem; }
@media (max-width: 1500px) {
  [data-testid="stHorizontalBlock"]:has([data-testid="stMetric"]):has(> :nth-child(5)) { flex-wrap: wrap; }
  [data-testid="stHorizontalBlock"]:has([data-testid="stMetric"]):has(> :nth-child(5))
    > [data-testid="stColumn"] { min-width: calc(33.3% - 1rem); }
}
@media (max-width: 1100px) {
  [data-testid="stHorizontalBlock"]:has([data-testid="stMetric"]) { flex-wrap: wrap; }
  [data-testid="stHorizontalBlock"]:has([data-testid="stMetric"]) > [data-testid="stColumn"] {
    min-width: calc(50% - 1rem) !important; }
}
[data-testid="stSidebarNavLink"][aria-current="page"] { box-shadow: inset 3px 0 0 var(--loki-primary); }
[data-testid="stBaseButton-primary"],
[data-testid="stBaseButton-primaryFormSubmit"] { background: var(--loki-primary);
  border-color: var(--loki-primary);
  color: var(--loki-on-primary); }
[data-testid="stTab"][aria-selected="true"],
[data-testid="stTab"][aria-selected="true"] p { color: var(--loki-primary); }
[data-testid="stTab"] > div:last-child:not([data-testid]) { background: var(--loki-primary); }
[data-tag] { background: var(--loki-primary); color: var(--loki-on-primary); }
.stMarkdown a { color: var(--loki-primary); }
.stMarkdown a.loki-leave { display: block; text-decoration: none; font-weight: 600; }
.stMarkdown a.loki-primary { padding: 0.6rem 1rem; border-radius: 0.5rem; text-align: center;
  background: var(--loki-primary); color: var(--loki-on-primary); }
"""
