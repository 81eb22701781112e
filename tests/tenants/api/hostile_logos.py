"""Pictures that mean harm: each with whether anything of it may be kept, as pixels."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

from PIL import Image
from PIL.PngImagePlugin import PngInfo

if TYPE_CHECKING:
    from collections.abc import Callable

_SCRIPT = b"<script>window.hostile=1</script>"


def _picture(kind: str, side: int = 40, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "#336699").save(out, kind, **options)
    return out.getvalue()


def _told() -> PngInfo:
    told = PngInfo()
    told.add_text("Comment", _SCRIPT.decode(), zip=True)
    told.add_itxt("XML:com.adobe.xmp", "<x onload='hostile'/>")
    return told


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _claims(side: int) -> bytes:
    """A few bytes that say they unfold to a picture of that side."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packed = zlib.compress(bytes(10_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _texts_that_unfold() -> bytes:
    whole = _picture("PNG")
    bomb = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9))
    return whole[:33] + bomb + whole[33:]


LOGOS: dict[str, tuple[Callable[[], bytes], bool]] = {
    "an SVG with a script": (
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + _SCRIPT + b"</svg>",
        False,
    ),
    "HTML": (lambda: b"<html>" + _SCRIPT, False),
    "a script behind the magic of a GIF": (lambda: b"GIF89a/*" + _SCRIPT + b"*/=1;", False),
    "a PDF": (lambda: b"%PDF-1.4\n/JavaScript (hostile)", False),
    "nothing": (lambda: b"", False),
    "a cut picture": (lambda: _picture("PNG", 400)[:200], False),
    "a bomb of pixels": (lambda: _claims(50_000), False),
    "a small bomb of pixels": (lambda: _claims(9_000), False),
    "a bomb of text": (_texts_that_unfold, False),
    "more bytes than are taken": (lambda: _picture("PNG") + bytes(2_000_001), False),
    "a picture with a script behind it": (lambda: _picture("PNG") + _SCRIPT, True),
    "a picture with a zip behind it": (lambda: _picture("JPEG") + b"PK\x03\x04hostile.html", True),
    "a picture with scripts in its texts": (lambda: _picture("PNG", pnginfo=_told()), True),
    "a JPEG with a comment": (lambda: _picture("JPEG", comment=_SCRIPT), True),
    "a large picture": (lambda: _picture("WEBP", 3_000), True),
}
