"""HTML as browsers take it: what is left open ends in time, what is hidden is hidden, rows are whole."""

from __future__ import annotations

import time

import pytest

from validation_engine.documents.read import read_text


def blocks(text: str) -> list[tuple[str, str]]:
    document = read_text(text, "text/html")
    return [(one.kind, " ".join(document.text[one.start : one.end].split(" "))) for one in document.blocks]


def shown(text: str) -> list[str]:
    return [" ".join(words.split()) for _, words in blocks(text)]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<p hidden>Gone<div>Here</div>", ["Here"]),
        ("<p hidden>Gone<h2>Here</h2><ul><li hidden>Gone<li>Too</ul>", ["Here", "Too"]),
        ("<html><head><title>T</title><p>Here", ["Here"]),
        ("<head><title>T</title>Here<p>Too", ["Here", "Too"]),
        ("<!doctype html><title>T</title><p>Here", ["Here"]),
        ("<table><tr><td hidden>Gone<td>Here<tr><td>Too</table>", ["Here", "Too"]),
        ("<table>" + "<tr><td>a<td>b" * 500 + "</table>", ["a b"] * 500),
        ("<button>Buy</button><button>Sell</button>", ["Buy", "Sell"]),
    ],
)
def test_what_is_left_open_ends_where_browsers_end_it(text: str, left: list[str]) -> None:
    assert shown(text) == left


@pytest.mark.parametrize(
    ("sheet", "opening", "is_shown"),
    [
        (".x{display:none}", "<p class=x>", False),
        (".y, .x, .z{display:none}", "<p class='a x'>", False),
        ("#x{display:none}", "<p id=x>", False),
        ("p.x{color:red;display : none !important}", "<p class=x>", False),
        (".menu > .x{display:none}", "<div class=menu><p class=x>", False),
        ("@media screen{.x{display:none}}", "<p class=x>", False),
        ("@import 'a'; .x{display:none}", "<p class=x>", False),
        (".menu .x{display:none}", "<p class=x>", True),
        ("div.x{display:none}", "<p class=x>", True),
        (".x:hover{display:none}", "<p class=x>", True),
        ("@media print{.x{display:none}}", "<p class=x>", True),
        ("@media (max-width:600px){.x{display:none}}", "<p class=x>", True),
        ("/* .x{display:none} */", "<p class=x>", True),
        (".x{backface-visibility:hidden}", "<p class=x style='backface-visibility:hidden'>", True),
        ("", "<p aria-hidden=true>", True),
    ],
)
def test_a_style_sheet_hides_what_its_selectors_name_on_every_screen(
    sheet: str, opening: str, *, is_shown: bool
) -> None:
    assert shown(f"<style>{sheet}</style>{opening}Words") == ["Words"] * is_shown
    assert shown(f"<style media=print>{sheet}</style><p class=x id=x>Words") == ["Words"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("<td><p>Work</p><p>in May</p></td><td><div>£5</div></td>", [("row", "Work in May  \t  £5")]),
        ("<td>Work<br>in May<td></td><td>£5</td>", [("row", "Work in May \t  \t £5")]),
        ("<td><h2>Offer</h2><p>Words</p></td><td>aside</td>", [("heading", "Offer"), ("paragraph", "Words")]),
        (
            "<td><table><tr><td>a<td>b</table></td><td><p>c</p>",
            [("row", "a \t b"), ("paragraph", "c")],
        ),
        (
            f"<td><p>{'long ' * 70}</p><p>b</p><td>c",
            [("paragraph", ("long " * 70).strip()), ("paragraph", "b")],
        ),
    ],
)
def test_lines_in_short_cells_are_one_row_and_a_layout_is_none(
    row: str, expected: list[tuple[str, str]]
) -> None:
    assert blocks(f"<table><tr>{row}</tr></table>")[: len(expected)] == expected


def test_a_cell_without_words_keeps_its_column() -> None:
    document = read_text(
        "<table><tr><td></td><td>Net</td></tr>\n\t<tr>\n\t\t<td>\n\t\t\ta</td><td>b", "text/html"
    )
    assert [line.count("\t") for line in document.text.split("\n") if line.strip()] == [1, 1]


def test_hostile_style_sheets_cost_no_square() -> None:
    rules = "".join(f".a{number % 700} .b{number}{{display:none}}" for number in range(20_000))
    read_text(f"<style>{rules}</style>" + "<p class='b1 b2 b3 a1'>x" * 20_000, "text/html")


@pytest.mark.parametrize(
    "style",
    ["font-size: 1px", "font-size:0", "opacity:0", "color:#FFF", "color: white", "text-indent:-9999px"],
)
def test_text_of_html_without_size_ink_or_place_does_not_count(style: str) -> None:
    hidden = f'<p>Shown. <span style="{style}">Capital at risk.</span></p>'
    by_class = f"<style>.x {{{style}}}</style><p>Shown. <span class='x'>Capital at risk.</span></p>"
    assert [shown(text) for text in (hidden, by_class)] == [["Shown."]] * 2


@pytest.mark.parametrize(
    "style",
    ["font-size: 1em", "font-size:12px", "opacity:0.8", "background:navy;color:#fff", "border-color: white"],
)
def test_text_of_html_that_shows_counts(style: str) -> None:
    text = f'<p>Shown. <span style="{style}">Capital at risk.</span></p>'
    assert shown(text) == ["Shown. Capital at risk."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>Your capital is<br>guaranteed.", ["Your capital is guaranteed."]),
        ("<p>Your capital is\n  <br />\n   guaranteed.", ["Your capital is guaranteed."]),
        ("<h1>Returns<br>guaranteed</h1>", ["Returns guaranteed"]),
        ("<p>Your capital is<br><br>guaranteed.", ["Your capital is", "guaranteed."]),
        ("<p>Your capital is<br>\n&nbsp;<br>guaranteed.", ["Your capital is", "guaranteed."]),
        ("<p>Orr Ltd<br>4 High Street<br>Kelso<br>", ["Orr Ltd", "4 High Street", "Kelso"]),
        ("<p>Fees:<br>entry<br>Exit: £5<br>- one<br>* two", ["Fees:", "entry", "Exit: £5", "- one", "* two"]),
        ("<p hidden>We do not<br>x</p><p>pay", ["pay"]),
        ("<p>We pay<span hidden><br></span> you.", ["We pay you."]),
        (
            "<p>Your capital, whatever the market does in a year, is<br>Guaranteed by us.",
            ["Your capital, whatever the market does in a year, is Guaranteed by us."],
        ),
    ],
)
def test_a_break_in_running_prose_parts_no_sentence(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_lines_of_html_are_those_of_the_same_plain_text() -> None:
    lines = ["Orr Ltd", "1 Eden Way", "Our bond is safe and", "pays 9%.", "", "it grows", "Fee: 1", "no more"]
    plain = read_text("\n".join(lines))
    told = [" ".join(plain.text[one.start : one.end].split()) for one in plain.blocks]
    assert shown(f"<p>{'<br>'.join(lines)}</p>") == told


def test_a_claim_over_a_break_is_quoted_with_it() -> None:
    text = "<p>Our bond pays a guaranteed<br>9% a year.</p>"
    document = read_text(text, "text/html")
    start, end = document.source_span(document.text.index("guaranteed"), document.text.index(" a year"))
    assert text[start:end] == "guaranteed<br>9%"


def test_very_many_breaks_are_read_in_linear_time() -> None:
    began = time.process_time()
    read_text("<p>" + "and so<br>" * 150_000, "text/html")
    assert time.process_time() - began < 5.0


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("R&D costs", "R&D costs"),
        ("Marks &Spencer, AT&T; more", "Marks &Spencer, AT&T; more"),
        ("R&D.", "R&D."),
        ("&bogus; &hellip", "&bogus; &hellip"),
        ("&pound;5, &pound5, &poundage", "£5, £5, £age"),
        ("&#163;5, &#1635 &#xA3;5", "£5, \u06635 £5".replace("\u06635", "\u0663")),
        ("&copyright &ampamp; &fjlig;", "©right &amp; fj"),
    ],
)
def test_a_reference_is_its_character_and_an_ampersand_is_itself(written: str, read_as: str) -> None:
    text = f"<p>{written} end</p>"
    document = read_text(text, "text/html")
    assert document.text == f"{read_as} end\n"
    for letter in set(read_as) & set("RDSTages"):
        start, end = document.source_span(at := read_as.rindex(letter), at + 1)
        assert text[start:end] == letter
