"""A page shows what the results tell, and nothing that a document would have it do."""

from __future__ import annotations

from tests.validation_engine.factories import validated
from validation_engine.reports import render


def test_a_page_shows_text_as_text() -> None:
    hostile = "A guaranteed <script>alert(1)</script> 9% a year from our bond."
    page = render([("<b>.txt", validated(hostile, document_type="investment_promotion"))], "html").decode()
    assert "<script>" not in page
    assert "&lt;b&gt;.txt" in page
