"""A correction explains each change, keeps the rest, and changes nothing more when it is done again."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validation_engine.factories import GATE, options
from validation_engine import custom_gates
from validation_engine.corrections.correct import Apply, Correction, TextEditor, _failing, correct
from validation_engine.corrections.edits import SourceEdit, applied, merged
from validation_engine.documents.read import read_text
from validation_engine.engine import default_engine
from validation_engine.gates.examples import _first_type as first_type

if TYPE_CHECKING:
    from validation_engine.gates.compiled import CompiledGate

INVOICE = "VAT invoice 12\n\nNet total £340.00\nVAT at 20% £86.00\nTotal due £426.00\n"


def corrected(text: str, kind: str, media_type: str = "text/plain", apply: Apply = "all") -> Correction:
    return correct(
        default_engine(), TextEditor(read_text(text, media_type)), options(document_type=kind), apply=apply
    )


def test_it_mends_what_it_can_and_shows_before_and_after() -> None:
    correction = corrected(INVOICE, "vat_invoice")
    assert correction.text == INVOICE.replace("86.00", "68.00").replace("426.00", "408.00")
    assert [edit.gate_ids for edit in correction.applied] == [["tax_uk.vat_arithmetic"], ["tax_uk.gross_sum"]]
    assert all(edit.reason for edit in correction.applied)
    assert "-VAT at 20% £86.00" in correction.diff
    assert correction.introduced == []


def test_what_needs_review_is_proposed_and_not_made_unless_asked() -> None:
    correction = corrected(INVOICE, "vat_invoice", apply="safe")
    assert correction.text == INVOICE
    assert [edit.new for edit in correction.proposed] == ["£68.00"]


def test_a_repealed_act_is_safely_replaced_by_the_one_in_its_place() -> None:
    text = "We handle your data under the Data Protection Act 1998."
    assert corrected(text, "privacy_notice", apply="safe").text == text.replace("1998", "2018")
    for blank in ("\u00a0", "  "):
        apart = text.replace("Protection Act", f"Protection{blank}Act")
        assert corrected(apart, "privacy_notice", apply="safe").text == text.replace("1998", "2018")
    text = "We handle your data under Regulation (EU) 2016/679."
    correction = corrected(text, "privacy_notice", apply="safe")
    assert correction.text == text
    assert "UK GDPR and the Data Protection Act 2018" in {edit.new for edit in correction.proposed}


@given(
    net=st.decimals(Decimal(1), Decimal(99_999), places=2),
    vat=st.decimals(Decimal(1), Decimal(99_999), places=2),
    gross=st.decimals(Decimal(1), Decimal(99_999), places=2),
)
def test_applying_twice_changes_nothing_more(net: Decimal, vat: Decimal, gross: Decimal) -> None:
    text = f"VAT invoice 12\n\nNet total £{net:,.2f}\nVAT at 20% £{vat:,.2f}\nTotal due £{gross:,.2f}\n"
    once = corrected(text, "vat_invoice")
    assert corrected(once.text, "vat_invoice").text == once.text


def test_markdown_keeps_its_formatting() -> None:
    text = "# Notice\n\nWe comply with the **Data Protection Act 1998** and *more*.\n"
    correction = corrected(text, "marketing_email", "text/markdown")
    assert correction.text == text.replace("Data Protection Act 1998", "Data Protection Act 2018")


def test_prescribed_wording_is_added_and_then_there() -> None:
    text = "Remortgage today and free up £40,000 with Alder Homes Ltd.\n"
    correction = corrected(text, "mortgage_promotion")
    assert correction.text.startswith(text)
    assert "Your home may be repossessed" in correction.text
    assert corrected(correction.text, "mortgage_promotion").text == correction.text


def edit(start: int, end: int, new: str, weight: int = 0) -> SourceEdit:
    return SourceEdit(
        gate_ids=[f"m.g{weight}"],
        start=start,
        end=end,
        old="",
        new=new,
        safety="safe",
        reason="r",
        line=1,
        column=1,
        weight=weight,
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 8), st.sampled_from("xyz"), st.integers(0, 3)),
        max_size=12,
    )
)
def test_merged_edits_never_overlap_and_touch_nothing_else(drawn: list[tuple[int, int, str, int]]) -> None:
    source = "abcdefghijklmnopqrstuvwxyz0123456789ABCD"
    edits = merged(edit(start, start + length, new, weight) for start, length, new, weight in drawn)
    for one, other in pairwise(edits):
        assert one.end <= other.start
    untouched = "".join(
        letter for at, letter in enumerate(source) if not any(one.start <= at < one.end for one in edits)
    )
    result = applied(source, edits)
    assert sorted(result) == sorted(untouched + "".join(one.new for one in edits))


def test_two_gates_that_ask_for_the_same_become_one_edit() -> None:
    (one,) = merged([edit(1, 2, "x", 0), edit(1, 2, "x", 1)])
    assert one.gate_ids == ["m.g0", "m.g1"]


CORRECTED = [one for one in default_engine().ruleset.gates if one.gate.correction]


@pytest.mark.parametrize("compiled", CORRECTED, ids=lambda one: one.gate.id)
def test_a_gates_correction_mends_its_own_example_and_nothing_more_when_done_again(
    compiled: CompiledGate,
) -> None:
    gate = compiled.gate
    example = gate.examples.fails[0]
    text, kind = f"Foreword.\n\n{example.text}", example.type or first_type(compiled)
    once = corrected(text, kind)
    if any(gate.id in edit.gate_ids for edit in once.applied):
        assert gate.id not in _failing(once.after)
    again = corrected(once.text, kind)
    assert (again.text, again.applied) == (once.text, [])


def test_faults_of_every_module_can_be_corrected() -> None:
    assert {one.module for one in CORRECTED} >= {"fca_uk", "gdpr_uk", "nda_uk", "hr_scottish"}
    assert len(CORRECTED) >= 40


OWN = GATE + "correction: {safety: safe, action: ACTION, text: TEXT}\n"


def by_own_gate(text: str, action: str, new: str = "", media_type: str = "text/markdown") -> Correction:
    """Correct a text by a gate of a tenant's own that dislikes the word synergy."""
    macros = default_engine().ruleset.macros
    gate = custom_gates.tested_gate(OWN.replace("ACTION", action).replace("TEXT", f'"{new}"'), macros)
    return correct(
        default_engine(),
        TextEditor(read_text(text, media_type)),
        options(modules=("nda_uk",), document_type="unknown"),
        custom=custom_gates.CustomRuleset([gate], macros, 1),
    )


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("All is well. We have **great synergy here.** Next.", "All is well. Next."),
        ("All is well. **We have synergy. It is fine.** Next.", "All is well. **It is fine.** Next."),
        ("All is well. We have *a synergy. It is fine.* Next.", "All is well. *It is fine.* Next."),
        ("- One item\n- We have synergy\n- Three\n", "- One item\n- Three\n"),
        ("Yes.\n\n# Our synergy\n\nWe go on.\n", "Yes.\n\nWe go on.\n"),
        ("| a | b |\n|---|---|\n| our synergy | x |\n| c | d |\n", "| a | b |\n|---|---|\n| c | d |\n"),
        ("[Our synergy](http://a.b) is good. Yes.", "Yes."),
        ("We agree.\r\n\r\nOur synergy.\r\n\r\nThe end.\r\n", "We agree.\r\n\r\nThe end.\r\n"),
    ],
)
def test_what_is_taken_out_leaves_no_half_of_a_mark(text: str, left: str) -> None:
    assert by_own_gate(text, "delete_sentence").text == left


@pytest.mark.parametrize(
    ("action", "new", "text", "left"),
    [
        ("delete_sentence", "", "<p>We agree. <b>Our synergy. So</b></p>", "<p>We agree. <b>So</b></p>"),
        ("delete_sentence", "", "<p>We agree. Our synergy&nbsp;&hellip;</p>", "<p>We agree. </p>"),
        (
            "replace",
            "R&D <b>",
            "<p>We like our synergy&excl;</p>",
            "<p>We like our R&amp;D &lt;b&gt;&excl;</p>",
        ),
        ("replace", "gain", "<p>Our R&D synergy &Co is here.</p>", "<p>Our R&D gain &Co is here.</p>"),
        (
            "delete_sentence",
            "",
            "<p>R&D is ours. We have synergy at Marks &Spencer. So R&D is.</p>",
            "<p>R&D is ours. So R&D is.</p>",
        ),
    ],
)
def test_html_stays_html(action: str, new: str, text: str, left: str) -> None:
    assert by_own_gate(text, action, new, "text/html").text == left


def test_a_paragraph_is_added_before_the_body_ends() -> None:
    text = "<html><body><p>Remortgage today and free up £40,000.</p></body></html>"
    correction = corrected(text, "mortgage_promotion", "text/html")
    assert correction.text.startswith(text[:-14] + "<p>Your home may be repossessed")
    assert correction.text.endswith("</p>\n</body></html>")


@pytest.mark.parametrize(("action", "new"), [("insert_after", "Not really."), ("replace", "more synergy")])
def test_an_edit_that_its_own_gate_asks_for_again_is_proposed_and_not_made(action: str, new: str) -> None:
    correction = by_own_gate("We have synergy. Yes.", action, new)
    assert correction.text == "We have synergy. Yes."
    assert correction.applied == []
    assert [edit.gate_ids for edit in correction.proposed] == [["custom.no_jargon"]]
    assert correction.after == correction.before


def test_more_faults_than_a_gate_shows_are_mended_all() -> None:
    text = "\n".join(f"- We have synergy number {number}" for number in range(70)) + "\n- Our end\n"
    assert by_own_gate(text, "delete_sentence").text == "- Our end\n"


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_becomes_nothing(text: str) -> None:
    assert corrected(text, "privacy_notice").text == text
