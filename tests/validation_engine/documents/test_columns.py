"""A PDF set in columns is read column by column, a table in one row by row."""

from __future__ import annotations

import io
import time
from collections import Counter
from textwrap import wrap
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter

from tests.validation_engine.documents.pdf_making import EDGES, Page
from tests.validation_engine.factories import validated
from validation_engine.documents.read import read

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

PROSE = (
    "The fund invests in the shares of companies all over the world. We do not guarantee returns of "
    "any kind, whatever the market does in a year. Your capital is at risk and you may get back less "
    "than you paid in. Before you apply, read the key facts, ask an adviser of your own, and tell the "
    "Bank of Alder what you already hold elsewhere. The charge is £40 a year, which we take in May "
    "from the account that you named. If you leave within fourteen days of the day on which you "
    "signed, nothing is owed at all.\n"
    "Complaints go to Alder Funds Ltd, 4 High Street, Kelso. We answer each of them in eight weeks, "
    "and if our answer does not suit you, the Financial Ombudsman Service looks into the matter "
    "without a fee. It can be reached by letter, by telephone and over its website, and it is "
    "independent of us and of the market."
)
HEADING = "What everyone who saves with Alder Funds should know before the summer begins"


def sentences(document: Document) -> list[str]:
    return [" ".join(document.sentence_text(at).split()) for at in range(len(document.sentences))]


def expected(text: str) -> list[str]:
    return [part for block in text.split("\n") for part in sentences(read(block.encode()))]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_each_column_is_read_to_its_end(count: int) -> None:
    page = Page()
    page.prose(PROSE, count)
    assert sentences(read(page.bytes())) == expected(PROSE)


@pytest.mark.parametrize("count", [2, 3])
def test_what_goes_over_the_whole_width_parts_what_is_above_and_below(count: int) -> None:
    page = Page()
    page.line(HEADING, size=14)
    page.prose(PROSE, count)
    page.at += 3
    page.line("Fees")
    page.at += 3
    page.line("All of this holds for accounts that were opened on paper, too, as long as nobody closed them.")
    page.at += 3
    page.prose(PROSE, count)
    between = "All of this holds for accounts that were opened on paper, too, as long as nobody closed them."
    read_as = sentences(read(page.bytes()))
    assert read_as[0] == HEADING
    assert read_as[-len(expected(PROSE)) :] == expected(PROSE)
    assert between in read_as
    assert read_as[1 : 1 + len(expected(PROSE))] == expected(PROSE)


def test_a_short_heading_between_columns_comes_between_them() -> None:
    page = Page()
    page.prose(PROSE)
    page.at += 3
    page.line("Complaints")
    page.at += 3
    page.prose(PROSE)
    assert sentences(read(page.bytes())) == [*expected(PROSE), "Complaints", *expected(PROSE)]


@pytest.mark.parametrize("left", [20.0, 150.0])
def test_a_sidebar_is_read_by_itself(left: float) -> None:
    page = Page()
    side = ["Contact us", "Alder Funds Ltd", "4 High Street", "Kelso", "TD5 7AA", "01573 496 0000"]
    lines = [line for part in PROSE.split("\n") for line in wrap(part, 55)]
    texts = [side + [""] * (len(lines) - len(side)), lines]
    page.columns(texts if left < 100 else texts[::-1], (20.0, 65.0) if left < 100 else (20.0, 150.0))
    read_as = " ".join(sentences(read(page.bytes())))
    assert " ".join(side) in read_as
    assert " ".join(PROSE.split()) in read_as


TABLE = [
    ("Fee", "What we charge it for", "Amount"),
    ("Yearly", "running the account for you, whatever", "£40.00"),
    ("", "is in it at the end of the month", ""),
    ("Transfer", "moving what you hold to another", "£25.00"),
    ("", "provider within the country", ""),
    ("Paper", "sending statements by post, if you", "£5.00"),
    ("", "ask us to do so in writing", ""),
    ("Closing", "nothing", "£0.00"),
]


def test_a_table_beside_no_column_stays_rows() -> None:
    page = Page()
    page.columns(list(zip(*TABLE, strict=True)), (20.0, 60.0, 150.0))
    document = read(page.bytes())
    assert document.text.split("\n")[:3] == [
        "Fee What we charge it for Amount",
        "Yearly running the account for you, whatever £40.00",
        "is in it at the end of the month",
    ]


def test_a_table_between_columns_stays_rows() -> None:
    page = Page()
    page.prose(PROSE)
    page.at += 5
    page.columns([["Net", "VAT at 20%", "Total"], ["£100.00", "£20.00", "£120.00"]], EDGES[2])
    page.at += 5
    page.prose(PROSE)
    read_as = sentences(read(page.bytes()))
    whole = expected(PROSE)
    assert read_as[: len(whole)] == read_as[-len(whole) :] == whole
    assert read_as[len(whole) : -len(whole)] == ["Net £100.00", "VAT at 20% £20.00", "Total £120.00"]


def test_running_heads_and_feet_part_no_sentence_of_two_columns_or_pages() -> None:
    words = PROSE.replace("\n", " ")
    page = Page()
    middle = words.index("Complaints") + 57
    middle = words.index(" ", middle)
    for number, text in enumerate((words[:middle], words[middle + 1 :]), 1):
        if number == 2:
            page = Page(page.made)
        page.line("Alder Funds Ltd", at=15)
        page.line("Summer 2026", 160, at=15)
        page.prose(text)
        page.line("Registered in Scotland", at=285)
        page.line(f"Page {number}", 180, at=285)
    read_as = sentences(read(page.bytes()))
    assert [one for one in read_as if "Alder Funds Ltd Summer" not in one and "Page" not in one] == expected(
        words
    )


def test_a_word_broken_at_a_columns_line_end_is_whole() -> None:
    page = Page()
    left = [
        "You may be due a refund of it, and we send",
        "you a full state-",
        "ment of all of it with-",
        "in one month, as the law has asked us for",
    ]
    right = [
        "years by now. It comes by post to the place",
        "that you named to us when you opened an",
        "account here, unless you moved in the mean-",
        "time and let us know of the new one.",
    ]
    page.columns([left, right], EDGES[2])
    assert "a full statement of all of it within one month" in " ".join(sentences(read(page.bytes())))
    assert "in the meantime and let us" in " ".join(sentences(read(page.bytes())))


@pytest.mark.parametrize("angle", [0, 90])
def test_columns_of_a_page_on_its_side_with_a_mark_across_are_read_as_upright_ones(angle: int) -> None:
    page = Page()
    with page.made.rotation(angle, 105, 105):
        page.prose(PROSE)
    with page.made.rotation(angle + 45, 105, 120):
        page.line("DRAFT", 80, at=120, size=60)
    read_as = sentences(read(page.bytes()))
    assert read_as[: len(expected(PROSE))] == expected(PROSE)


def on_its_side(content: bytes, turn: int) -> bytes:
    """Return a file whose pages are shown turned clockwise by some degrees."""
    writer, written = PdfWriter(clone_from=io.BytesIO(content)), io.BytesIO()
    for page in writer.pages:
        page.rotate(turn)
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("angle", [0, 90, 180, 270])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_that_lies_or_is_drawn_sideways_is_read_as_by_who_turns_it(
    count: int, angle: int, turn: int
) -> None:
    page = Page()
    with page.made.rotation(angle, 105, 105):
        page.prose(PROSE, count)
    assert sentences(read(on_its_side(page.bytes(), turn))) == expected(PROSE)


def test_rows_of_a_table_on_its_side_are_read_from_its_top() -> None:
    page = Page()
    with page.made.rotation(270, 105, 105):
        page.columns(list(zip(*TABLE, strict=True)), (20.0, 60.0, 150.0))
    upright = Page()
    upright.columns(list(zip(*TABLE, strict=True)), (20.0, 60.0, 150.0))
    assert sentences(read(page.bytes())) == sentences(read(upright.bytes()))


def test_no_letter_is_lost_or_told_twice() -> None:
    page = Page()
    for count in (2, 3):
        page.columns(list(zip(*TABLE, strict=True)), (20.0, 60.0, 150.0))
        page.line(HEADING, size=14)
        page.prose(PROSE, count)
        page.line("Fees", 25)
    drawn = PdfReader(io.BytesIO(page.bytes())).pages[0].extract_text()
    assert Counter(read(page.bytes()).text.replace(" ", "")) - Counter("\n" * 999) == Counter(
        "".join(drawn.split())
    )


def test_a_page_of_very_many_words_in_columns_is_read_in_time() -> None:
    page = Page()
    page.made.set_font_size(2)
    for row in range(230):
        for column in range(20):
            page.made.text(10 + column * 10, 10 + row, f"{'and the' if row % 2 else 'The fee'}")
    began = time.perf_counter()
    assert "and the" in read(page.bytes()).text
    assert time.perf_counter() - began < 5.0


def test_places_are_those_of_the_page_in_reading_order() -> None:
    page = Page()
    page.prose(PROSE)
    document = read(page.bytes())
    at = document.text.index("Complaints")
    place = document.place(at)
    assert document.text.split("\n")[place.line - 1][place.column - 1 :].startswith("Complaints go to")
    assert place.page == 1


def test_one_text_in_one_and_in_two_columns_has_the_same_findings() -> None:
    results = []
    for count in (1, 2):
        page = Page()
        page.prose(PROSE.replace("We do not guarantee", "We guarantee"), count)
        result = validated(read(page.bytes()), document_type="investment_promotion")
        results.append(
            {
                one.id: (one.verdict, [" ".join(e.quote.split()) for e in one.evidence])
                for module in result.modules.values()
                for one in module.gates
            }
        )
    assert results[0] == results[1]
