"""What several checks of time limits in tax guidance share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validation_engine.checks.registry import CheckResult, Context, Finding, failed, not_applicable, passed
from validation_engine.checks.tax_guidance.advice import Advice, advice
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from validation_engine.scan.cue import Cue

# "every month", "a full year": how long something is, and no time limit.
LENGTH = Quick(
    r"\b(?:every|each|the|per|last|any|rolling|a)(?: (?!full|whole|maximum|generous|clear)[a-z]+)? $|^-",
    re.IGNORECASE,
)


def judged(
    context: Context,
    subject: Cue,
    told: Sequence[Cue],
    judge: Callable[[Context, Advice], Iterator[tuple[Finding, bool]]],
    nothing: str,
) -> CheckResult:
    """Return the answer for all the advice on a subject.

    Args:
        context: What is checked.
        subject: Where advice on it may stand.
        told: Of these one stands in each sentence that says anything.
        judge: Yields what a piece of advice says of the matter, and whether it is right.
        nothing: The message where none says anything.
    """
    answers = [answer for one in advice(context, subject, *told) for answer in judge(context, one)]
    if not answers:
        return not_applicable(nothing)
    wrong = [finding for finding, right in answers if not right]
    return failed(None, *wrong) if wrong else passed()
