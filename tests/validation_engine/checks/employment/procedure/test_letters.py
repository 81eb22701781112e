"""Who does what and by when, in employment letters."""

from __future__ import annotations

from datetime import date

import pytest

from tests.validation_engine.checks.checking import of_employment as verdict


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ms Orr investigated. Mr Bell will chair the hearing.", "PASS"),
        ("The hearing will be chaired by Ms Orr, who led the investigation.", "NOT_APPLICABLE"),
        ("Ms Jean Orr carried out the investigation. The hearing will be chaired by Ms Orr.", "FAIL"),
        ("I looked into it myself and I shall be conducting the hearing.", "FAIL"),
        ("I asked Ms Orr to investigate and will chair the hearing. Ms Orr investigated.", "PASS"),
        ("Ms Orr looked into it. I am the one who will decide, having nothing to do with that.", "PASS"),
        ("My investigation is over. I will chair the hearing.\n\nYours sincerely,\n\nAnn Orr", "FAIL"),
        ("Your hearing will be before Ann Orr. Ms Orr also did the investigation.", "FAIL"),
        (
            "Investigation: your shift manager takes statements.\nHearing: Taken by your shift manager.",
            "FAIL",
        ),
        ("Your line manager takes statements. The hearing is chaired by your area manager.", "PASS"),
        ("Hearing taken by   Ann Orr\n\nI looked into it myself.\n\nYours sincerely,\nAnn Orr", "FAIL"),
        ("I have been investigating this. The hearing is on Monday. I'll be chairing it.", "FAIL"),
        ("Ann Orr's investigation is complete. She will also conduct the hearing.", "FAIL"),
        (
            "Ann Orr looked into it. Once she has the facts she calls a meeting and takes the decision.",
            "FAIL",
        ),
        ("The hearing is taken by the duty manager, Ann Orr. It was Ann Orr who investigated.", "FAIL"),
        ("| Investigation | Ann Orr |\n| Hearing | Ann Orr |", "FAIL"),
        ("Investigation: Training Room\nHearing: Training Room", "NOT_APPLICABLE"),
        (
            "Mrs Orr, who investigated the claim that you swore at a guest on a boat, will hold it herself.",
            "FAIL",
        ),
        ("I looked into this myself. Present: me, chairing, and a note-taker.\n\nYours\nAnn Orr", "FAIL"),
        ("You said that it was spite. I looked into that. I'll chair.\n\nYours\nAnn Orr", "NOT_APPLICABLE"),
        ("Mr Ross, who investigated, reports to Mrs Hay, who will chair it. Chair: Mrs Hay", "PASS"),
        ("Mrs Orr investigated this. She will take no part in the decision. Chair: Mr Bell", "PASS"),
    ],
)
def test_the_investigator_is_told_from_the_chair(text: str, expected: str) -> None:
    assert verdict("separate_investigator", text, "disciplinary_invite") == expected


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("tribunal_time_limit", "dismissal_letter", "You cannot take us to a tribunal after 28 days."),
        ("hearing_notice", "disciplinary_invite", "Your hearing is tomorrow at 10 am."),
        ("statutory_notice", "dismissal_letter", "Length of service: 7 years. Notice: 2 weeks."),
        ("statutory_notice", "dismissal_letter", "Length of service: 4 years 3 months\nNotice: 2 weeks"),
        (
            "statutory_notice",
            "dismissal_letter",
            "8 June 2026\nYou have been in the print room since 13 March 2017. I give you six weeks' notice.",
        ),
        (
            "statutory_notice",
            "dismissal_letter",
            "7 October 2026\n\nYou have driven for us since 14 April 2020. You have four weeks' notice.",
        ),
        ("statutory_notice", "dismissal_letter", "Start date | 3 March 2020\nNotice | 1 week"),
        (
            "statutory_notice",
            "employment_contract",
            "Service | Our notice\nUp to 2 years | 1 week\n5 years or more | 3 weeks",
        ),
        ("contract_holiday", "employment_contract", "Annual leave | 20 days incl. bank holidays"),
        ("tribunal_time_limit", "dismissal_letter", "Claims of unfair dismissal: two months, Acas first."),
        (
            "hearing_notice",
            "disciplinary_invite",
            "26 November 2026\n\nHEARING\n| Date | Friday 27 November 2026 |\n| Time | 11:00 |",
        ),
        (
            "statutory_notice",
            "employment_contract",
            "After five years the Company gives three weeks' notice.",
        ),
        (
            "statutory_notice",
            "dismissal_letter",
            "Started with us   4 August 2014\nLast day          26 June 2026\nNotice            two weeks",
        ),
        (
            "statutory_notice",
            "employment_contract",
            "Either of us can end it on a week's notice, however long you have been here.",
        ),
        ("minimum_wage", "employment_contract", "Hours          39 a week\nWage           £450 a week"),
        ("minimum_wage", "employment_contract", "Hourly rate | £10.20"),
        ("minimum_wage", "employment_contract", "Weekly hours: 48\nWeekly pay: £528 gross"),
        (
            "appeal_impartial",
            "dismissal_letter",
            "Decision taken by: Mrs Ann Orr\nAppeal: will be heard by Mrs Ann Orr\nHR, Avon Textiles Ltd",
        ),
        (
            "contract_holiday",
            "employment_contract",
            "30 a week: Monday, Thursday, Friday and Sunday, 5 am to 1 pm.\n\n20 days' paid holiday a year.",
        ),
        ("minimum_wage", "employment_contract", "For a 45-hour week you receive £1,600 a month."),
        ("separate_investigator", "disciplinary_invite", "Investigator: Ross Kerr. Chair: Ross Kerr."),
    ],
)
def test_terms_and_roles_in_tables_and_short_lines_are_judged(name: str, kind: str, text: str) -> None:
    six_months_from = date(2026, 10, 1)
    assert verdict(name, text, kind, working_days=2, six_months_from=six_months_from) == "FAIL"


def test_a_change_asked_for_without_the_word_must_is_found() -> None:
    text = "Over the next three months your error rate has to come down to two per cent."
    assert verdict("improvement_required", text, "warning_letter") == "PASS"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 May 2026\n\nYou may appeal to Ms Shaw by 7 May 2026.", "FAIL"),
        ("4 May 2026\n\nYou may appeal to Ms Shaw by 18 May 2026.", "PASS"),
        ("If you appeal, we will hear you within two days.", "NOT_APPLICABLE"),
        ("You may appeal. Your letter must reach us within a fortnight.", "PASS"),
        (
            "You may appeal within ten days. If you do, we'll write back in two days to say we have it.",
            "PASS",
        ),
        ("The old handbook gave 48 hours for an appeal. Yours gives you two weeks to appeal.", "PASS"),
    ],
)
def test_only_the_employees_own_limit_counts(text: str, expected: str) -> None:
    assert verdict("appeal_window", text, days=5) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A claim to the tribunal must be made within three months less one day.", "PASS"),
        ("You have 28 days to claim in the employment tribunal.", "FAIL"),
        ("If you want to take it to a tribunal you've got eight weeks from today.", "FAIL"),
        ("The tribunal will not look at claims lodged more than 12 months after dismissal.", "FAIL"),
        ("The tribunal usually lists cases within 26 weeks.", "NOT_APPLICABLE"),
        ("You need two years' service to go to a tribunal.", "NOT_APPLICABLE"),
        ("A tribunal? Tell Acas first and you'd have six weeks from your last day to claim.", "FAIL"),
        ("You may appeal within ten days.", "NOT_APPLICABLE"),
        ("Time limit for a claim to the Employment Tribunal: six weeks from dismissal.", "FAIL"),
        ("You can present an unfair dismissal claim for five years.", "FAIL"),
        ("The tribunal deadline is not 28 days. It is three months less one day.", "NOT_APPLICABLE"),
        ("You have worked here for two years, so you may claim unfair dismissal.", "NOT_APPLICABLE"),
        ("The tribunal looks at the weeks before you left in working out a week's pay.", "NOT_APPLICABLE"),
    ],
)
def test_the_limit_of_a_tribunal_is_told_from_other_periods(text: str, expected: str) -> None:
    assert verdict("tribunal_time_limit", text, six_months_from=date(2026, 10, 1)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Letter sent 6 October 2025. The disciplinary hearing is at noon on 7 October 2025.", "FAIL"),
        ("This letter is handed to you on 8 July 2026. The hearing takes place on 9 July 2026.", "FAIL"),
        ("You are called to a hearing at 10 am the next day.", "FAIL"),
        ("We give you one day's notice of your hearing.", "FAIL"),
        ("We never give less than one day's notice of a hearing.", "NOT_APPLICABLE"),
        ("The outcome of the hearing will be sent to you the next day.", "NOT_APPLICABLE"),
        (
            "The letter sent to you on 3 March 2026 is withdrawn. The hearing is on 5 March 2026.",
            "NOT_APPLICABLE",
        ),
        ("1 June 2026\nThe meeting of 2 June is put off. The hearing is now on 8 June 2026.", "PASS"),
    ],
)
def test_a_hearing_is_not_held_on_the_day_after_the_letter(text: str, expected: str) -> None:
    assert verdict("hearing_notice", text, "disciplinary_invite", working_days=2) == expected


@pytest.mark.parametrize(("day", "expected"), [(date(2026, 9, 30), "FAIL"), (date(2026, 10, 1), "PASS")])
def test_six_months_are_right_from_their_day(day: date, expected: str) -> None:
    text = "You have six months to bring a claim in the employment tribunal."
    assert verdict("tribunal_time_limit", text, as_of=day, six_months_from=date(2026, 10, 1)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please attend a hearing on Monday 11 May 2026 at 2 pm in the boardroom.", "PASS"),
        ("Please attend a hearing on Monday 11 May 2026 in the boardroom.", "FAIL"),
        ("Please attend a hearing at 2 pm in the boardroom.", "FAIL"),
        ("Please attend a hearing on Monday 11 May 2026 at 2 pm.", "FAIL"),
        ("A hearing is on Monday 11 May 2026 at half two in the back shop.", "PASS"),
        (
            "I call you to a hearing. It will be at 4 Shore Road, Wick, at 7 in the evening on 11 May 2026.",
            "PASS",
        ),
        ("Hearing\n\nWhen\n11 May 2026, 10.00\n\nWhere\nThe Old Mill, upstairs", "PASS"),
        ("When and where. Monday 11 May 2026, two o'clock, the quiet room.", "PASS"),
        ("APPEAL: MONDAY 11 MAY 2026, 7.15 PM, WAITING ROOM, BOAT OF GARTEN", "PASS"),
        ("Shall we say Monday 11 May 2026, 2 pm, in the Quiet Room?", "PASS"),
        ("Your appeal will be considered on Monday 11 May 2026 at 3 pm at the shore base.", "PASS"),
        ("Your appeal will be considered on Monday 11 May 2026 at 3 pm at the latest.", "FAIL"),
        ("We ask you to come to a hearing on\n\nMonday 11 May 2026, 2 pm, in the Board Room.", "PASS"),
        ("Date: 12 May 2026\nTime: 10.30 am\nPlace: Training room\nSubject: disciplinary hearing", "PASS"),
        ("Hearing: Friday 12 June 2026 at 2 pm\nPlace: to be confirmed", "FAIL"),
        (
            "1 May 2026\n\nLet's sort it:\n\nMonday 11 May 2026, 10.30 am\nThe Small Library, first floor",
            "PASS",
        ),
        (
            "1 May 2026\n\nA time is kept:\n\nMonday 11 May 2026\n1.15 pm, after lunch\nThe Parents' Room",
            "PASS",
        ),
        ("1 May 2026\n\nHere is the day:\n\nMonday 11 May 2026\nThe Parents' Room", "FAIL"),
        # What stands elsewhere may be meant for the meeting.
        (
            "1 May 2026\n\nReply by:\n\nMonday 11 May 2026, 5 pm\n\nWe meet in the Parents' Room.",
            "NEEDS_REVIEW",
        ),
        ("| Day | Tuesday 9 June 2026 |\n| From | half past two |\n| Where | the net loft |", "PASS"),
        ("Come and see me on Tuesday 9 June, 10 am, in the tack room. It is a hearing.", "PASS"),
        ("Your hearing is on Tuesday 9 June 2026 at 2 pm. The room will be confirmed.", "FAIL"),
    ],
)
def test_an_invitation_gives_date_time_and_place(text: str, expected: str) -> None:
    assert verdict("meeting_details", text, "disciplinary_invite") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is alleged that on 4 March 2026 you left the till open.", "PASS"),
        ("The allegation is that you were late on three occasions.", "PASS"),
        ("The hearing will consider whether, on 20 February 2026, you drove vehicle 9 unchecked.", "PASS"),
        ("There are concerns about your attitude, which we discussed on 4 March 2026.", "FAIL"),
        ("The hearing is about your conduct.", "FAIL"),
        ("Inverurie, 14 September 2026\n\nThe hearing is about your conduct.", "FAIL"),
        ("Following the meeting on 4 March 2026 you are to answer an allegation of bad behaviour.", "FAIL"),
        ("We look at what happened on 4 March 2026 in the dispensary.", "PASS"),
        ("Allegations: see Appendix A for dates, times and places.", "PASS"),
        ("We must discuss your email of 23 March 2026, in which you sent out the payroll.", "PASS"),
    ],
)
def test_an_allegation_tells_what_happened_and_when(text: str, expected: str) -> None:
    assert verdict("allegation_specific", text, "disciplinary_invite") == expected


@pytest.mark.parametrize(("days", "expected"), [("three", "FAIL"), ("five working", "PASS"), ("ten", "PASS")])
def test_a_new_date_for_the_companion_has_five_days(days: str, expected: str) -> None:
    text = f"If your companion cannot come, suggest another date within {days} days."
    assert verdict("companion_new_date", text, "disciplinary_invite", days=5) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You must be at your bench by 8 am from now on.", "PASS"),
        ("From Monday, cash up with a second person.", "PASS"),
        ("From today nobody in your squad goes up without a tag.", "PASS"),
        ("You're expected to do better. The warning is on file and in force for six months.", "FAIL"),
        ("Targets | by 31 January 2027\nFewer than two late starts", "PASS"),
        ("You're to complete the course by 18 December.", "PASS"),
        ("You'll check each harness before use. We'll review this in a month.", "PASS"),
        (
            "We want to see this:\n\n- calls answered\n- calls logged\n\nWe review it monthly.",
            "PASS",
        ),
        ("I expect better of you from now on.", "FAIL"),
        ("Change. Every tray logged before the door's closed, every time, starting now.", "PASS"),
        ("From now on phones go in the locker at the start of each shift.", "PASS"),
        ("Improve. You must appeal within ten days.", "FAIL"),
        ("On 12 June you left the safe open. You must improve.", "FAIL"),
        ("With immediate effect you must lock the safe and sign the closing sheet.", "PASS"),
        ("You should be aware that further lateness within 12 months may lead to dismissal.", "FAIL"),
        ("The temperature has to be recorded twice a day from Monday 8 June 2026.", "PASS"),
        ("We expect you to hand in each report by the fifth working day of the month.", "PASS"),
    ],
)
def test_a_change_counts_with_its_timescale_only(text: str, expected: str) -> None:
    assert verdict("improvement_required", text, "warning_letter") == expected
