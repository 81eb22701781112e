"""What is filled into the fields of a PDF, or written over its pages, is read where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from fpdf import FPDF

from tests.validation_engine.documents.pdf_fields_making import (
    COMBO,
    HIDDEN,
    NO_VIEW,
    PASSWORD,
    field,
    filled,
)
from tests.validation_engine.documents.pdf_making import EDGES, Page
from tests.validation_engine.documents.test_columns import PROSE, expected, sentences
from tests.validation_engine.factories import outcome, validated
from validation_engine.documents.read import read

CLAIM = "Returns are guaranteed."


def page(*lines: tuple[str, float, float]) -> FPDF:
    made = FPDF()
    made.set_font("helvetica", size=10)
    made.add_page()
    for text, left, at in lines or (("Capital at risk.", 20, 20), ("Call us.", 20, 120)):
        made.text(left, at, text)
    return made


def text_of(content: bytes) -> str:
    return read(content).text.rstrip()


def test_a_text_field_is_read_under_the_line_above_it() -> None:
    assert text_of(filled(page(), field(CLAIM, 20, 40))) == f"Capital at risk.\n{CLAIM}\nCall us."


def test_a_text_written_over_the_page_is_read() -> None:
    made = page()
    made.free_text_annotation(CLAIM, x=20, y=40, w=80, h=8)
    assert text_of(bytes(made.output())) == f"Capital at risk.\n{CLAIM}\nCall us."


@pytest.mark.parametrize(("shown", "unseen"), [(b"(0 g ", b"(1 g "), (b"10.00 Tf", b"00.10 Tf")])
def test_a_text_written_over_the_page_that_nobody_sees_is_not_read(shown: bytes, unseen: bytes) -> None:
    made = page()
    made.free_text_annotation(CLAIM, x=20, y=40, w=80, h=8)
    content = bytes(made.output())
    assert content.count(shown) == 1
    assert text_of(content.replace(shown, unseen)) == "Capital at risk.\nCall us."


def test_a_claim_in_a_field_is_found_on_its_page_and_line() -> None:
    content = filled(page(("Our bond", 20, 20)), field("A guaranteed 9% a year from our bond.", 20, 40))
    result = validated(read(content), document_type="investment_promotion")
    (evidence,) = outcome(result, "fca_uk.guaranteed_return_claim").evidence
    assert (evidence.page, evidence.line) == (1, 2)


def test_fields_are_read_beside_their_labels_and_inside_of_sentences() -> None:
    made = page(("Name:", 20, 20), ("Date:", 120, 20), ("I,", 20, 40), (", owe nothing.", 60, 40))
    fields = [
        field("4 May 2026", 140, 15, wide=30),
        field("Ann Orr", 40, 15, wide=30),
        field("Ann", 30, 35, wide=28),
    ]
    assert text_of(filled(made, *fields)) == "Name: Ann Orr Date: 4 May 2026\nI, Ann , owe nothing."


def test_fields_of_a_page_without_other_text_are_read_from_its_top() -> None:
    made = page(("", 20, 20))
    fields = [field("Second.", 20, 60), field("Right.", 120, 20, wide=40), field("First.", 20, 20, wide=40)]
    assert text_of(filled(made, *fields)) == "First. Right.\nSecond."


def test_a_field_of_many_lines_begins_beside_its_label() -> None:
    made = page(("Notes:", 20, 20), ("(all of them)", 20, 30), ("Call us.", 20, 120))
    notes = field("We agree.\rThen we part.", 50, 15, high=40, Ff=1 << 12)
    assert text_of(filled(made, notes)) == "Notes: We agree.\nThen we part.\n(all of them)\nCall us."


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"F": HIDDEN}, ""),
        ({"F": NO_VIEW}, ""),
        ({"Ff": PASSWORD}, ""),
        ({"Rect": [10.0, 10.0, 10.0, 10.0]}, ""),
        ({"Rect": [10.0, 900.0, 200.0, 920.0]}, ""),
        ({"DA": "/Helv 10 Tf 1 g"}, ""),
        ({"DA": "/Helv 10 Tf 1 g", "MK": {"BG": [0.0, 0.0, 0.4]}}, CLAIM),
        ({"DA": "/Helv 10 Tf 0.5 g"}, CLAIM),
        ({"FT": "/Btn"}, ""),
        ({"FT": "/Ch", "Ff": COMBO, "Opt": [["gb", "Britain"], ["us", "America"]], "V": "gb"}, "Britain"),
        ({"FT": "/Ch", "Opt": ["One", "Two", "Three"], "V": ["One", "Three"]}, "One, Three"),
    ],
)
def test_only_what_a_reader_sees_of_a_field_counts(about: dict[str, Any], told: str) -> None:
    lines = ["Capital at risk.", *filter(None, [told]), "Call us."]
    assert text_of(filled(page(), field(CLAIM, 20, 40, **about))) == "\n".join(lines)


def test_white_words_of_the_page_under_a_field_stay_unseen() -> None:
    made = page()
    made.set_text_color(255)
    made.text(20, 45, "We are registered.")
    assert "registered" not in text_of(filled(made, field(CLAIM, 20, 40)))


def test_a_field_that_is_drawn_into_the_page_is_told_once() -> None:
    made = page(("Capital at risk.", 20, 20), (CLAIM, 21, 45), ("Call us.", 20, 120))
    assert text_of(filled(made, field(CLAIM, 20, 40))) == f"Capital at risk.\n{CLAIM}\nCall us."
    twice = filled(made, field(CLAIM, 20, 70))
    assert text_of(twice).count(CLAIM) == 2


def test_fields_of_a_page_on_its_side_are_read_as_by_who_turns_it() -> None:
    made = FPDF()
    made.set_font("helvetica", size=10)
    made.add_page()
    for text, left in (("Name:", 180), ("We owe you", 160), ("and no more.", 140)):
        with made.rotation(270, left, 20):
            made.text(left, 20, text)
    beside, below = field("Ann Orr", 178, 40, wide=8, high=60), field("40 pounds", 148, 20, wide=8, high=60)
    assert text_of(filled(made, below, beside)) == "Name: Ann Orr\nWe owe you\n40 pounds\nand no more."


@pytest.mark.parametrize("column", [0, 1])
def test_a_field_under_columns_parts_none_of_their_sentences(column: int) -> None:
    sheet = Page()
    sheet.prose(PROSE)
    note = field("Our bond pays 9%.", EDGES[2][column], sheet.at + 3, wide=60)
    assert sentences(read(filled(sheet.made, note))) == [*expected(PROSE), "Our bond pays 9%."]


def test_a_page_of_very_many_fields_is_read_in_time() -> None:
    fields = [
        field(f"Item {at}.", 10 + at % 10 * 19, 30 + at // 10 * 2, wide=18, high=2) for at in range(900)
    ]
    assert text_of(filled(page(), *fields)).count("Item") == 900
