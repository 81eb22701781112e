"""What a sentence is about, by the heading, question or few words that lead to it."""

from __future__ import annotations

import pytest

from validation_engine.documents.plain import read_plain
from validation_engine.scan.topics import head_of_table, topics


def leading_to(text: str, words: str) -> set[str]:
    document = read_plain(text)
    at = document.sentence_at(document.text.index(words))
    return {document.sentence_text(one) for one in topics(document, at)}


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Who sees it\n\nThe courier does, and our bank.", "our bank", {"Who sees it"}),
        ("Who sees it?\nThe courier does, and our bank.", "our bank", {"Who sees it?"}),
        ("These only:\n- the courier\n- our bank", "our bank", {"These only:"}),
        ("Sharing. Your address goes to the courier.", "the courier", {"Sharing."}),
        ("We deliver bread. It is good.\n\nThe courier has been here.", "The courier", set()),
    ],
)  # fmt: skip
def test_a_sentence_is_about_what_leads_to_it(text: str, words: str, expected: set[str]) -> None:
    assert leading_to(text, words) == expected


def test_a_row_is_under_the_head_of_its_own_table() -> None:
    document = read_plain("| Data | Kept for |\n| Calls | a year |\n\nNow.\n\n| Who | Why |\n| HMRC | tax |")
    rows = {document.sentence_text(one): one for one in range(len(document.sentences))}
    assert list(head_of_table(document, rows["| HMRC | tax |"])) == [rows["| Who | Why |"]]
    assert list(head_of_table(document, rows["| Who | Why |"])) == []
    assert list(head_of_table(document, rows["Now."])) == []
