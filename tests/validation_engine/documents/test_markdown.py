"""Markdown is read in place: marks are blanked, cells stay apart, and no word of it is passed over."""

from __future__ import annotations

import pytest

from tests.validation_engine.factories import validated
from validation_engine.documents.read import read, read_text


def test_markdown_keeps_its_places_and_loses_its_marks() -> None:
    text = (
        "# Our *fund*\n\nGrow **your money** with [our\nfund](http://x.example) today.\n\n"
        "- one\n- two\n\n| Net | VAT |\n|---|---|\n| £10 | £2 |\n"
    )
    document = read(text.encode(), name="a.md")
    assert [" ".join(document.sentence_text(at).split()) for at in range(len(document.sentences))] == [
        "Our fund",
        "Grow your money with our fund today.",
        "one",
        "two",
        "| Net | VAT |",
        "| £10 | £2 |",
    ]
    assert [block.kind for block in document.blocks] == ["heading", "paragraph", "item", "item", "row", "row"]
    assert len(document.folded) == len(text)


def test_html_in_markdown_is_read_but_its_scripts_and_comments() -> None:
    text = (
        "<div class='x'>\nOur fund pays.\n</div>\n\n<script>\nlet a = 1;\n</script>\n\n"
        "<!-- never -->\n\n<details>\n<summary>More to read</summary>\n\nAnd *more* words.\n\n</details>\n"
    )
    document = read_text(text, "text/markdown")
    read_as = [" ".join(document.sentence_text(at).split()) for at in range(len(document.sentences))]
    assert read_as == ["Our fund pays.", "More to read", "And more words."]


def test_a_character_reference_in_markdown_is_its_character_at_its_place() -> None:
    text = "It costs &pound;5&nbsp;a year &mdash; &#163;6 &bogus; R&amp;D.\n"
    document = read_text(text, "text/markdown")
    assert " ".join(document.sentence_text(0).split()) == "It costs £ 5 a year - £ 6 &bogus; R& D."
    assert len(document.folded) == len(text)


def test_lines_of_markdown_that_end_in_a_carriage_return_keep_their_places() -> None:
    document = read_text("# Fees\r\rThe fee\ris due.\n\n- Now\n", "text/markdown")
    assert [document.text[one.start : one.end] for one in document.blocks] == [
        "Fees",
        "The fee\nis due.",
        "Now",
    ]
    assert [document.place(one.start).line for one in document.blocks] == [1, 3, 6]


def test_a_table_that_is_none_by_the_rules_is_read_row_by_row() -> None:
    rows = ["| Net | £10 |", "|---|---|---|", "| VAT | £2 |", "| Total | £12 |"]
    document = read_text("\n".join(rows), "text/markdown")
    assert [document.text[one.start : one.end] for one in document.blocks if one.kind == "row"] == rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('See [a].\n\n[a]: http://x.example/?q=5% "£5"\n\nEnd.', ["See [a].", "End."]),
        ("[a]: http://x.example/?q\n[a]: http://y.example/?q", []),
        ("- " * 30 + "\nI accept\nyour £5?\n\nEnd.", ["I accept your £5?", "End."]),
        (">" * 60 + " We guarantee 12%?\n\nEnd.", ["We guarantee 12%?", "End."]),
    ],
)
def test_what_the_parser_leaves_out_is_read_but_where_links_lead(text: str, expected: list[str]) -> None:
    document = read_text(text, "text/markdown")
    read_as = [document.sentence_text(at) for at in range(len(document.sentences))]
    assert [" ".join(one.split()) for one in read_as] == expected
    validated(document)


@pytest.mark.parametrize(
    "text",
    ["<!-- To do: the notice -->\n", "[privacy]: https://example.test/privacy\n", "<script>x()</script>\n"],
)
def test_a_markdown_of_which_nothing_shows_needs_review(text: str) -> None:
    result = validated(read_text(text, "text/markdown"), document_type="privacy_notice")
    assert {gate.verdict for gate in result.modules["gdpr_uk"].gates} <= {"NEEDS_REVIEW", "NOT_APPLICABLE"}
    assert "could not be evaluated" not in str(result)
