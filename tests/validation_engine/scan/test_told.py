"""Which sentences only tell of what was, of nobody, or what somebody says."""

from __future__ import annotations

import pytest

from validation_engine.scan.told import is_told


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("Our 2016 booklet named the Data Protection Act 1998.", "Our 2016 booklet named the "),
        ("The old bond carried a promised sum; that book closed in 1998.", "The old bond carried a "),
        ("A volunteer told us that another charity kept them on file for ever.", "A volunteer told us "),
        ("The seller's first estimate showed stamp duty land tax.", "The seller's first estimate showed "),
        ('"Making Tax Digital is only for big firms."', '"'),
        ('- "I put the new van down as repairs."', '- "I put the new '),
        ("No other information is to be kept quiet for ever.", "No other information is to be "),
        ("3. Nobody at the regulator has approved this offer.", "3. Nobody at the regulator has "),
    ],
)
def test_what_was_and_what_is_quoted_or_said_of_nobody_is_told(text: str, before: str) -> None:
    assert is_told(text, before)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("We coded the two edit suites as repairs when we bought them.", "We coded the "),
        ("You deliberately damaged the van.", ""),
        ("The duty that she gave up covers any lawyer she consulted.", "The duty that she gave up covers "),
        ("It's guaranteed, as it was last year.", "It's "),
        ('They call it "safe as houses", and so it is.', "They call it "),
        ("No member of staff may speak to the police.", ""),
        ("No need to reply: silence counts as a yes.", "No need to reply: "),
        ("Returns of 8% a year, guaranteed.", "Returns of 8% a year, "),
    ],
)
def test_what_is_said_of_today_or_of_us_and_you_is_not_told(text: str, before: str) -> None:
    assert not is_told(text, before)
