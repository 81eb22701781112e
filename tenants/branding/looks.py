"""How pages and mails look to a tenant's people: ours, where the plan has no white label."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenants.branding.brandings import FEATURE

if TYPE_CHECKING:
    from tenants.control import ControlPlane

OURS = "LOKI"
_PRIMARY = "#1769AA"
_SYSTEM = "system-ui, sans-serif"
FAMILIES = {
    "serif": "Georgia, 'Times New Roman', serif",
    "monospace": "ui-monospace, Consolas, monospace",
    "humanist": "'Gill Sans', Optima, Candara, sans-serif",
    "geometric": "Futura, 'Century Gothic', 'Avenir Next', sans-serif",
}
# Perceived brightness, of 255, above which black reads better than white.
_BRIGHT = 150


@dataclass(frozen=True, slots=True)
class Look:
    """What is shown.

    Attributes:
        name: Whose page or mail it is.
        is_own: Whether the tenant stands there alone, and we are not named.
        logo: A PNG.
        css: Reduced to what is safe.
    """

    name: str = OURS
    is_own: bool = False
    primary: str = _PRIMARY
    accent: str = _PRIMARY
    family: str = _SYSTEM
    logo: bytes | None = None
    css: str = ""

    @property
    def on_primary(self) -> str:
        """Return black or white, whichever stands out more from the primary colour."""
        red, green, blue = (int(self.primary[at : at + 2], 16) for at in (1, 3, 5))
        return "#000000" if (299 * red + 587 * green + 114 * blue) / 1000 > _BRIGHT else "#FFFFFF"

    @property
    def logo_address(self) -> str | None:
        """Return the logo as an address that needs no request."""
        return None if self.logo is None else f"data:image/png;base64,{b64encode(self.logo).decode()}"


def look_of(control: ControlPlane, tenant_id: str | None) -> Look:
    """Return the look of a tenant's pages and mails, or ours."""
    if tenant_id is None:
        return Look()
    tenant = control.tenants.known(tenant_id)
    if FEATURE not in control.tenants.entitlements(tenant).features:
        return Look(tenant.name)
    from tenants.branding.safe_css import sanitised  # noqa: PLC0415 - start-up time

    kept = control.brandings.of(tenant_id)
    return Look(
        tenant.name,
        is_own=True,
        primary=kept.primary_colour,
        accent=kept.accent_colour,
        family=FAMILIES.get(kept.font, _SYSTEM),
        logo=kept.logo,
        css=sanitised(kept.css),
    )
