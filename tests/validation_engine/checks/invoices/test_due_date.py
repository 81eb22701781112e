"""When an invoice is to be paid, by its terms and by the day it names."""

from __future__ import annotations

import pytest

from tests.validation_engine.checks.checking import checked


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("INVOICE 902 - 1 April 2026\nNet 30\nPayment due: 15 April 2026", "FAIL"),
        (
            "Invoice 91, 17 July 2026\n\nTwo weeks from the date above, so by 31 July 2026.",
            "PASS",
        ),
        (
            "Invoice 91, 17 July 2026\n\nTwo weeks from the date above, so by 21 July 2026.",
            "FAIL",
        ),
        ("Invoice 91, 5 October 2026\n\nTerms 21 days. The due date is 19 October 2026.", "FAIL"),
        ("Invoice date: 31 January 2026\nPayment due      2 March 2026\nTerms: net 30", "PASS"),
        ("Invoice date: 31 January 2026\nPayment due      20 March 2026\nTerms: net 30", "FAIL"),
        (
            "Invoice date: 3 July 2026\nPayable within 14 days, 24 July 2026 at the latest.",
            "FAIL",
        ),
        ("Invoice 91, 29 May 2026\nPay in 14 days (12 June 2026).", "PASS"),
        (
            "Invoice 91, 29 May 2026\nBill 88 (due 30 April 2026) is paid.\nTerms 14 days, due 12 June 2026.",
            "PASS",
        ),
        ("Invoice 91, 29 May 2026\nPay within a month, by 29 June 2026.", "PASS"),
        (
            "Delivered 10 March 2026\nInvoiced on: 12 March 2026\nPay in 30 days, by 9 April 2026.",
            "NOT_APPLICABLE",
        ),
        ("Invoice 91, 29 May 2026\nPay within a month, by 12 July 2026.", "FAIL"),
        (
            "Invoice 91, 29 May 2026\nPay within 14 days of the order of 2 May 2026.",
            "NOT_APPLICABLE",
        ),
    ],
)
def test_the_day_named_is_that_on_which_the_terms_end(text: str, verdict: str) -> None:
    assert checked("due_date", text).verdict == verdict
