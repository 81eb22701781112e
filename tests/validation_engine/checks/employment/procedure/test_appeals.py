"""Who hears an appeal, and how long there is to make one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validation_engine.checks.checking import of_employment as verdict


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I have decided to dismiss you. You may appeal in writing to Ms Shaw.", "PASS"),
        ("I have decided to dismiss you. You may appeal. Send your letter to me.", "FAIL"),
        (
            "I have decided to dismiss you. Send any appeal to me; another manager will hear it.",
            "PASS",
        ),
        ("You may appeal to Ms Shaw.", "NOT_APPLICABLE"),
        (
            "I have decided to dismiss you. Appeal to Joan Orr.\n\nYours sincerely\n\nMichael Orr",
            "PASS",
        ),
        (
            "I decided to dismiss you. You may appeal. The panel will be Capt R. Orr.\n\nYours,\n\nR. Orr",
            "FAIL",
        ),
        ("I am ending your contract. Appeal to me in writing and I'll consider it.", "FAIL"),
        ("This is a warning. I will hear any appeal.\n\nYours,\n\nAnn Orr\nManager", "FAIL"),
        ("This is a warning. Ann Bell will hear any appeal.\n\nYours,\n\nAnn Orr\nManager", "PASS"),
        ("You may appeal. I'll consider what you say and give you my answer.\n\nCheers\nAnn Orr", "FAIL"),
        (
            "You may appeal. I'll set a date to hear you and then go over my decision.\n\nAnn Orr\nBoss",
            "FAIL",
        ),
        (
            "The decision was Ann Orr's. Address an appeal to Ann Orr, who will hear it.\n\nYours\nBob Hay",
            "FAIL",
        ),
        ("Decision by: Ann Orr\nAppeal to: Ann Orr", "FAIL"),
        ("The hearing is taken by your manager. For an appeal your manager will reconsider it.", "FAIL"),
        (
            "Your hearing is taken by your manager. Send an appeal to your manager's manager.",
            "NOT_APPLICABLE",
        ),
        ("You may appeal. Give your reasons. I'll then go over my decision.\n\nYours\nAnn Orr", "FAIL"),
        ("The appeal will be led by Ann Orr, who issued you with the warning.", "FAIL"),
        ("The decision to dismiss you was made by Ann Orr. Your appeal is heard by Ann Orr.", "FAIL"),
        ("| Hearing and dismissal | A. Orr |\n| Appeal | A. Orr |", "FAIL"),
        ("Ann Orr dismissed you. She will also hear any appeal.", "FAIL"),
        ("Ann Orr dismissed you. Any appeal goes to her line manager.", "NOT_APPLICABLE"),
        ("Ann Orr dismissed you. A director who took no part, Bob Hay, will decide your appeal.", "PASS"),
        ("The panel of Mr Baird and Mrs Shaw decided to dismiss you. Mrs Shaw will take the appeal.", "FAIL"),
        (
            "Appeal: send it to Tom Baird. Someone from head office takes it from there.\n\nYours\nTom Baird",
            "PASS",
        ),
    ],
)
def test_an_appeal_goes_to_somebody_else(text: str, expected: str) -> None:
    assert verdict("appeal_impartial", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Employees get two days to appeal.", "FAIL"),
        ("Appeal: in writing, 2 days", "FAIL"),
        ("You may contest this decision within 24 hours.", "FAIL"),
        ("The window for appealing is 48 hours.", "FAIL"),
        ("4 May 2026\n\nThe last day for an appeal is 6 May 2026.", "FAIL"),
        ("4 May 2026\n\nAn appeal must be sent by the close of business on 6 May 2026.", "FAIL"),
        ("4 May 2026\n\nAppeal by letter to Ms Orr. She needs it by 6 May 2026.", "FAIL"),
        ("You can appeal; the time for it is ten working days.", "PASS"),
        ("4 May 2026\n\nYou can appeal. Say why. It has to reach her by noon this Wednesday, 6 May.", "FAIL"),
        ("Date of letter: 12 May 2026\nDeadline for appeal: 13 May 2026", "FAIL"),
        ("12 May 2026\n\nAppeals received later than 13 May 2026 will not be looked at.", "FAIL"),
        ("12 May 2026\n\nYou may appeal. E-mail Ms Orr. She must have your e-mail by 14 May 2026.", "FAIL"),
        ("Appeal hearing: within 3 days", "NOT_APPLICABLE"),
    ],
)
def test_a_time_to_appeal_is_found_however_it_is_put(text: str, expected: str) -> None:
    assert verdict("appeal_window", text, days=5) == expected


@given(days=st.integers(1, 60))
def test_a_time_to_appeal_is_too_short_below_five_days_only(days: int) -> None:
    text = f"You may appeal within {days} days."
    assert verdict("appeal_window", text, days=5) == ("FAIL" if days < 5 else "PASS")


@pytest.mark.parametrize(
    ("hearer", "expected"),
    [("The Convener looks again at the decision.", "FAIL"), ("The Treasurer hears them.", "NOT_APPLICABLE")],
)
def test_the_office_that_takes_hearings_takes_no_appeals(hearer: str, expected: str) -> None:
    text = f"The hearing is taken by the Convener. You can appeal within two weeks. {hearer}"
    assert verdict("appeal_impartial", text, "disciplinary_policy") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I heard your disciplinary hearing, and again it was to me that your appeal came.", "FAIL"),
        (
            "You ask me to think again about the dismissal letter I sent. I've turned down your appeal.",
            "FAIL",
        ),
        (
            "Mrs Dow heard your disciplinary hearing and dismissed you. I uphold the dismissal.",
            "NOT_APPLICABLE",
        ),
        ("You appealed against my decision of 3 May. I'm turning the appeal down.\n\nYours\nAnn Orr", "FAIL"),
        (
            "I have heard your appeal. Ann Orr, who dismissed you, wrote to me. I made my own decision.",
            "PASS",
        ),
    ],
)
def test_the_writer_of_an_outcome_may_have_heard_the_case_before(text: str, expected: str) -> None:
    assert verdict("appeal_impartial", text, "appeal_outcome") == expected
