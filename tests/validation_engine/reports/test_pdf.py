"""A PDF report follows from the results alone."""

from __future__ import annotations

from tests.validation_engine.factories import validated
from validation_engine.reports import render

TEXT = "Grow your money — our fund pays £5.\nA guaranteed 9% a year from our property bond.\n"


def test_a_pdf_report_is_the_same_for_the_same_result() -> None:
    result = validated(TEXT)
    assert render([("a", result)], "pdf") == render([("a", result)], "pdf")
