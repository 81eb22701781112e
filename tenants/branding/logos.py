"""Logos: whatever image comes in, a small PNG without anything but its pixels goes out."""

from __future__ import annotations

import io
import warnings

from tenants.errors import InvalidInput

MOST_BYTES = 2_000_000
_MOST_PIXELS = 16_000_000
_LARGEST_SIDE = 512
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def reencoded(content: bytes) -> bytes:
    """Return the image as a PNG of at most 512 pixels a side.

    Raises:
        InvalidInput: It is no image of a kind that is taken, or too large.
    """
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - start-up time

    if len(content) > MOST_BYTES:
        message = f"The logo is larger than {MOST_BYTES // 1_000_000} MB; send a smaller one."
        raise InvalidInput(message, "logo_too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                if image.width * image.height > _MOST_PIXELS:
                    raise _too_many_pixels()
                pixels = image.convert("RGBA")
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning) as error:
        message = f"The logo is no image that can be read; send one of {', '.join(_FORMATS)}."
        raise InvalidInput(message, "logo_unreadable") from error
    pixels.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE))
    out = io.BytesIO()
    pixels.save(out, "PNG")
    return out.getvalue()


def _too_many_pixels() -> InvalidInput:
    message = "The logo has too many pixels; send it at most 4,000 a side."
    return InvalidInput(message, "logo_too_large")
