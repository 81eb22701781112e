"""Whose look a person's pages carry."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from dashboards import branding
from dashboards.runtime import runtime
from dashboards.theme import Theme
from tenants.audit.records import SYSTEM
from tenants.tenancy.records import NewTenant
from tests.dashboards.factories import TENANTS
from tests.dashboards.test_app import opened
from tests.dashboards.test_pages import person

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dashboards.conftest import Signer


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "#336699").save(out, "PNG")
    return out.getvalue()


def test_a_tenant_with_white_label_has_its_own_look_and_nobody_else_s(state: Path, signed_in: Signer) -> None:
    live = runtime()
    assert live.settings.state() == state
    css = "h1 { color: #AA0000; position: fixed }"
    live.control.brandings.change(TENANTS[1], SYSTEM, primary_colour="#AA0000", font="serif", css=css)
    live.control.brandings.set_logo(TENANTS[1], png(), SYSTEM)
    look = branding.of(live, person("owner", TENANTS[1]))
    assert (look.name, look.primary, look.accent, look.font) == ("Firm birch", "#AA0000", "#FFC107", "serif")
    assert look.logo is not None
    assert "h1 { color: #AA0000 !important }" in look.stylesheet()
    assert "font-family: Georgia" in look.stylesheet()
    assert branding.of(live, person("owner", TENANTS[0])) == Theme("Firm amber")
    assert branding.of(live, person("operator")) == Theme()
    signed_in("other")
    assert not opened("team").error


def test_without_white_label_in_the_plan_a_tenant_has_our_look_with_its_name(state: Path) -> None:
    live = runtime()
    assert live.settings.state() == state
    live.control.tenants.create(NewTenant(name="Firm small", plan="starter", tenant_id="small"), SYSTEM)
    live.control.brandings.change("small", SYSTEM, primary_colour="#AA0000")
    assert branding.of(live, person("owner", "small")) == Theme("Firm small")
