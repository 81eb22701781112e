"""What sentences teach: weights with a bound, heard in documents as windows of their sentences."""

from __future__ import annotations

import msgspec
import pytest

from tests.validation_engine.factories import outcome, validated
from validation_engine.documents.plain import read_plain
from validation_engine.engine import default_engine
from validation_engine.gates.ruleset import MODULES, RULESETS, statements
from validation_engine.learned.said import Said, names_of
from validation_engine.learned.statements import learned, sentences
from validation_engine.learned.table import Learned, Pairs, Table, WeightTable
from validation_engine.learned.windows import windows
from validation_engine.learned.words import stems_of
from validation_engine.learned.writing import written

_GATE = "agreement.return_of_papers"
_NAME = "return_of_papers/return"
_SAYS = [
    "Send all papers back when we ask.",
    "You return every document at the end.",
    "On request the recipient gives back the papers.",
    "All documents come back to us when the talks stop.",
    "Give the papers back or shred every document.",
]
_NEARLY = ["The papers are printed on both sides.", "Every document is numbered when we get it."]
_OTHER = ["The fee is ten pounds a month.", "Lunch is at noon.", "The van needs a new clutch."] * 40


@pytest.fixture
def table() -> Table:
    taught = [(_NAME, True, text) for text in _SAYS] + [(_NAME, False, text) for text in _NEARLY]
    fit, _ = learned(taught, [stems_of(text) for text in _OTHER])
    words, pairs = written(fit, 0.05)
    learned_words = msgspec.json.decode(words, type=WeightTable)
    return Learned(learned_words, msgspec.json.decode(pairs, type=Pairs)).table()


def test_a_statement_is_heard_in_words_that_no_sentence_used_together(table: Table) -> None:
    document = read_plain("Lunch is at noon. At the end the recipient returns the papers on request.")
    margin, sentence = Said(lambda: table, document).best(_GATE, "return")
    assert margin > 0.9
    assert document.sentence_text(sentence).startswith("At the end")


def test_other_matter_stays_below_the_bound(table: Table) -> None:
    document = read_plain(" ".join(_OTHER[:3]))
    assert Said(lambda: table, document).best(_GATE, "return").margin < 1


def test_a_question_says_nothing() -> None:
    assert list(windows(read_plain("Will you return the papers?"), 0)) == []


def test_where_there_is_only_a_question_no_statement_comes_close(table: Table) -> None:
    assert Said(lambda: table, read_plain("Will you return the papers?")).best(_GATE, "return").margin == 0


def test_what_is_said_twice_is_read_once_but_heard_where_its_heading_helps(table: Table) -> None:
    said = "At the end the recipient returns the papers on request."
    document = read_plain(f"Lunch is at noon. {said} {said}\n\nPAPERS\n\n{said}")
    assert Said(lambda: table, document).best(_GATE, "return").sentence == 4
    assert list(windows(document, 1)) == list(windows(document, 2))
    assert next(windows(document, 1)) == next(windows(document, 4))


def test_a_long_sentence_is_heard_in_parts() -> None:
    document = read_plain("word " * 60 + "end.")
    assert len(list(windows(document, 0))) > 3


@pytest.mark.parametrize("module", MODULES)
def test_every_taught_statement_is_an_element_of_its_gate(module: str) -> None:
    elements = {name for gate in default_engine().ruleset.module(module) for name in names_of(gate.gate)}
    gates = {gate.gate.id.split(".", 1)[1] for gate in default_engine().ruleset.module(module)}
    taught = {name for name, _, _ in sentences(RULESETS / module)}
    asides = {f"{gate}/{section}" for gate in gates for section in ("forbidden", "applies")}
    assert taught <= elements | asides
    assert statements(module).names


def test_a_disclosure_that_is_only_heard_needs_review_and_is_shown() -> None:
    said = "You have the right to complain to the authority."
    text = f"Privacy notice\n\nWe are Harbour Crafts Ltd.\n\n{said}"
    found = outcome(validated(text, document_type="privacy_notice"), "gdpr_uk.complain_to_ico")
    assert found.verdict == "NEEDS_REVIEW"
    assert [evidence.quote for evidence in found.evidence] == [said]
