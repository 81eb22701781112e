from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tenants.branding import Branding
from tenants.branding.logos import MOST_BYTES
from tenants.branding.safe_css import sanitised
from tenants.errors import InvalidInput
from tenants.tenancy import NewTenant
from tests.tenants.factories import BY

if TYPE_CHECKING:
    from tenants.control import ControlPlane


@pytest.fixture
def tenant_id(control: ControlPlane) -> str:
    return control.tenants.create(NewTenant(name="Acme", plan="enterprise"), BY).tenant_id


def _image(kind: str, size: tuple[int, int] = (900, 300)) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "#336699")
    if kind == "JPEG":
        exif = Image.Exif()
        exif[0x010E] = "secret place"
        image.save(out, kind, exif=exif)
    else:
        image.save(out, kind)
    return out.getvalue()


def test_a_look_is_the_platforms_until_it_is_changed(control: ControlPlane, tenant_id: str) -> None:
    assert control.brandings.of(tenant_id) == Branding()
    control.brandings.change(tenant_id, BY, primary_colour="#112233")
    control.brandings.change(tenant_id, BY, font="serif")
    look = control.brandings.of(tenant_id)
    assert (look.primary_colour, look.accent_colour, look.font) == ("#112233", "#FFC107", "serif")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_logo_of_any_kind_becomes_a_small_png_of_pixels_only(
    control: ControlPlane, tenant_id: str, kind: str
) -> None:
    logo = control.brandings.set_logo(tenant_id, _image(kind), BY).logo
    assert logo is not None
    assert b"secret place" not in logo
    with Image.open(io.BytesIO(logo)) as image:
        assert (image.format, image.size) == ("PNG", (512, 171))
    assert control.brandings.set_logo(tenant_id, None, BY).logo is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no image",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        _image("PNG")[:60],
        _image("PNG", (5000, 4000)),
        b"\x89PNG" + b"0" * MOST_BYTES,
    ],
    ids=["empty", "text", "svg", "cut", "pixels", "bytes"],
)
def test_what_is_no_logo_changes_nothing(control: ControlPlane, tenant_id: str, content: bytes) -> None:
    with pytest.raises(InvalidInput):
        control.brandings.set_logo(tenant_id, content, BY)
    assert control.brandings.of(tenant_id) == Branding()


@pytest.mark.parametrize(
    "fields",
    [
        {"primary_colour": "red"},
        {"accent_colour": "#12345"},
        {"primary_colour": "#123456;}body{display:none"},
        {"font": "Comic Sans"},
        {"css": "x" * 20_001},
        {"css": "a\0b"},
    ],
)
def test_a_wrong_field_changes_nothing(control: ControlPlane, tenant_id: str, fields: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        control.brandings.change(tenant_id, BY, **fields)
    assert control.brandings.of(tenant_id) == Branding()


@pytest.mark.parametrize(
    "css",
    ["a { color: " + "rgb(" * 4000 + "}", "[" * 4000 + "]" * 4000 + " { color: red }", "a { " + "{" * 9000],
)
def test_css_that_nests_without_end_has_no_effect(css: str) -> None:
    assert sanitised(css) == ""
