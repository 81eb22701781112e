"""The frame and small parts of the sandbox's pages."""

from __future__ import annotations

from decimal import Decimal
from html import escape

Reply = tuple[int, str, bytes, str | None]
CARDS = {
    "pm_card_visa": "Visa •••• 4242 – succeeds",
    "pm_card_mastercard": "Mastercard •••• 4444 – succeeds",
    "pm_card_chargeCustomerFail": "Visa •••• 0341 – can be kept, refused when charged",
    "pm_card_chargeDeclined": "Visa •••• 0002 – is refused",
}
_ZERO_DECIMAL = {"jpy", "krw"}
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;background:#f4f6f9;color:#1d2733;margin:0;padding:2rem 1rem}
main{max-width:34rem;margin:auto;background:#fff;border-radius:12px;padding:1.5rem 2rem}
main{box-shadow:0 2px 12px #0002}
h1{font-size:1.3rem}h2{font-size:1.05rem;margin-top:1.6rem}
table{width:100%;border-collapse:collapse}td{padding:.35rem 0;border-bottom:1px solid #e6e9ee}
td:last-child{text-align:right;white-space:nowrap}
label{display:block;padding:.3rem 0}input[type=email]{width:100%;padding:.5rem;box-sizing:border-box}
button{background:#2557d6;color:#fff;border:0;border-radius:8px;padding:.6rem 1.1rem}
button{font:inherit;cursor:pointer}button.quiet{background:#e6e9ee;color:#1d2733}
.note{color:#5b6775;font-size:.9rem}
.error{background:#fdecea;color:#8a1c12;border-radius:8px;padding:.6rem .9rem}
"""


def money(amount: int | None, currency: str | None) -> str:
    """Spell minor units for a person."""
    code = currency or ""
    value = Decimal(amount or 0) / (1 if code in _ZERO_DECIMAL else 100)
    return f"{value:,.2f} {code.upper()}"


def page(title: str, body: str, *, error: str | None = None, status: int = 200) -> Reply:
    """Return a whole page; `body` is HTML, title and error are text."""
    alert = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    text = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<link rel="icon" href="data:,"><title>{escape(title)}</title><style>{_STYLE}</style>'
        f"<main><h1>{escape(title)}</h1>{alert}{body}"
        '<p class="note">Sandbox: no money moves.</p></main></html>'
    )
    return status, "text/html; charset=utf-8", text.encode(), None


def redirect(location: str) -> Reply:
    """Send the browser elsewhere."""
    return 303, "text/plain", b"", location


def table(rows: list[tuple[str, str]]) -> str:
    """Return a table of two columns of text."""
    cells = "".join(f"<tr><td>{escape(left)}</td><td>{escape(right)}</td></tr>" for left, right in rows)
    return f"<table>{cells}</table>"


def card_choice() -> str:
    """Return the choice of test cards."""
    marks = [" checked", *[""] * (len(CARDS) - 1)]
    return "".join(
        f'<label><input type="radio" name="card" value="{token}"{mark}> {escape(label)}</label>'
        for (token, label), mark in zip(CARDS.items(), marks, strict=True)
    )


def button(action: str, label: str, *, quiet: bool = False, inner: str = "") -> str:
    """Return a form with one button that posts to an address."""
    style = ' class="quiet"' if quiet else ""
    pressed = f"<p><button{style}>{escape(label)}</button></p>"
    return f'<form method="post" action="{escape(action)}">{inner}{pressed}</form>'
