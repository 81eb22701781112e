"""What a PDF holds and no reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fpdf import FPDF
from PIL import Image

from validation_engine.documents.read import read

if TYPE_CHECKING:
    from collections.abc import Callable


def _read(draw: Callable[[FPDF], None]) -> str:
    """Return what is read of a page between whose first and last line something is drawn."""
    made = FPDF()
    made.set_font("helvetica", size=10)
    made.add_page()
    made.text(20, 20, "Capital at risk.")
    draw(made)
    made.set_font_size(10)
    made.set_text_color(0)
    made.text(20, 120, "Call us.")
    return " ".join(read(bytes(made.output()), name="a.pdf").folded.split())


def _white(made: FPDF) -> None:
    made.set_text_color(255)
    made.text(20, 60, "We are registered.")


def _nearly_white(made: FPDF) -> None:
    made.set_text_color(250, 250, 248)
    made.text(20, 60, "We are registered.")


def _without_ink(made: FPDF) -> None:
    with made.local_context(text_mode="INVISIBLE"):
        made.text(20, 60, "We are registered.")


def _clear(made: FPDF) -> None:
    with made.local_context(fill_opacity=0.0):
        made.text(20, 60, "We are registered.")


def _minute(made: FPDF) -> None:
    made.set_font_size(0.5)
    made.text(20, 60, "We are registered.")


def _off_the_page(made: FPDF) -> None:
    made.text(20, 400, "We are registered.")


def _white_on_blue(made: FPDF) -> None:
    made.set_fill_color(0, 0, 120)
    made.rect(15, 50, 100, 20, style="F")
    _white(made)


def _over_a_scan(made: FPDF) -> None:
    made.image(Image.new("L", (60, 90), 245), 0, 0, 210, 297)
    _without_ink(made)


def _pale_grey(made: FPDF) -> None:
    made.set_text_color(200)
    made.text(20, 60, "We are registered.")


def _small_print(made: FPDF) -> None:
    made.set_font_size(4)
    made.text(20, 60, "We are registered.")


@pytest.mark.parametrize("draw", [_white, _nearly_white, _without_ink, _clear, _minute, _off_the_page])
def test_text_that_no_reader_sees_does_not_count(draw: Callable[[FPDF], None]) -> None:
    assert _read(draw) in {"Capital at risk. Call us.", "Capital at risk. . Call us."}


@pytest.mark.parametrize("draw", [_white_on_blue, _over_a_scan, _pale_grey, _small_print])
def test_text_that_shows_counts_however_pale_or_small(draw: Callable[[FPDF], None]) -> None:
    assert _read(draw) == "Capital at risk. We are registered. Call us."
