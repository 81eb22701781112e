"""A tenant's own gate is tested and costed before it is accepted, and costs nobody else anything."""

from __future__ import annotations

import time

import pytest

from tests.validation_engine.factories import GATE, options
from validation_engine import custom_gates
from validation_engine.custom_gates import MOST_PATTERNS_IN_GATE, CustomRuleset
from validation_engine.documents.plain import read_plain
from validation_engine.engine import default_engine
from validation_engine.errors import GateFileError, UnknownName
from validation_engine.gates.load import parse_gate

MACROS = default_engine().ruleset.macros


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("['synergy']", "['(?=synergy)']", "forbidden[0].patterns[0]: The pattern"),
        (
            "['synergy']",
            "['synergy', 'synergy']",
            "no_jargon:14: the pattern `synergy` is given twice in `forbidden.0.patterns`",
        ),
        ("['synergy']", "['{nothing} synergy']", "no macro {nothing}"),
        ("['synergy']", "['{mony} synergy']", "the nearest are `money`"),
        ("['synergy']", "['s.{0,500}y']", "repeats more than"),
        ("[any]", "[poem]", "no document type or group 'poem'"),
        ("[any]", "[privcy_notice]", "the nearest are `privacy_notice`"),
        ("custom.no_jargon", "tax_uk.no_jargon", "begins with `custom.`"),
        ("text: We work together.", "text: Synergy wins.", "examples.passes[0]"),
        ("text: We work together.", "text: We work together.\n      type: poem", "no document type 'poem'"),
        ("forbidden:", "check: {name: iban}\nforbidden:", "`check` is for the shipped gates"),
        ("['synergy']", str([f"word{n}" for n in range(40)]), None),
    ],
)
def test_a_custom_gate_is_tested_before_it_is_accepted(old: str, new: str, told: str | None) -> None:
    body = GATE.replace(old, new, 1)
    if told is None:
        body = body.replace("A synergy of talents.", "We have word7 here.")
        assert custom_gates.tested_gate(body, MACROS).id == "custom.no_jargon"
        return
    with pytest.raises((GateFileError, UnknownName)) as refused:
        custom_gates.tested_gate(body, MACROS)
    assert told in refused.value.message


def test_a_gate_that_was_saved_with_a_pattern_twice_goes_on() -> None:
    saved = GATE.replace("['synergy']", "['synergy', 'synergy']")
    custom_gates.refuse_beyond_limits(parse_gate(GATE), [saved], MACROS)


def test_a_gate_with_too_many_patterns_is_refused() -> None:
    clue = "  - patterns: " + str([f"word{n}" for n in range(40)]) + "\n"
    body = GATE.replace("forbidden:\n", "forbidden:\n" + clue * (MOST_PATTERNS_IN_GATE // 40 + 1))
    with pytest.raises(GateFileError, match="split the gate"):
        custom_gates.tested_gate(body, MACROS)


@pytest.mark.parametrize(
    "pattern", [".", r"\\w", "[a-z]", r"\\B[a-z]\\B", ".+", "(?:.*)*x|q", "[^0-9]{1,60}"]
)
def test_a_pattern_that_matches_any_letter_is_refused(pattern: str) -> None:
    with pytest.raises(GateFileError, match="matches any letter"):
        custom_gates.tested_gate(GATE.replace("'synergy'", f'"synergy", "{pattern}"'), MACROS)


def test_many_patterns_without_letters_of_their_own_are_refused_together() -> None:
    def gate(number: int) -> str:
        loose = ", ".join(
            f"'[0-9]{{1,{1 + one % 50}}} ?[a-z]{{{2 + one // 50 + number}}}'" for one in range(38)
        )
        return GATE.replace("no_jargon", f"loose{number}").replace("'synergy'", f"'synergy', {loose}")

    others = [gate(number) for number in range(7)]
    custom_gates.refuse_beyond_limits(parse_gate(gate(0)), [], MACROS)
    with pytest.raises(GateFileError, match="no letters that must be there"):
        custom_gates.refuse_beyond_limits(parse_gate(gate(8)), others, MACROS)


def test_a_gate_that_matches_too_much_of_a_document_needs_review_and_the_others_go_on() -> None:
    wide = GATE.replace("no_jargon", "wide").replace("'synergy'", "'[a-z]{2}'")
    own = CustomRuleset([parse_gate(wide), parse_gate(GATE)], MACROS, 1)
    document = read_plain("Our hall is not full of it. " * 4_000 + "We like synergy.")
    began = time.process_time()
    result = default_engine().validate(document, options(modules=("nda_uk",), document_type="unknown"), own)
    assert [one.verdict for one in result.modules["custom"].gates] == ["NEEDS_REVIEW", "FAIL"]
    assert "narrow them" in result.modules["custom"].gates[0].message
    assert time.process_time() - began < 5.0


def test_disabled_gates_are_left_out_and_each_tenants_set_stands_alone() -> None:
    one = parse_gate(GATE)
    off = parse_gate(GATE.replace("title: No jargon", "title: No jargon\nenabled: false"))
    first, second = CustomRuleset([one], MACROS, 3), CustomRuleset([off], MACROS, 1)
    document = read_plain("Our synergy.")
    hits = first.patterns.scan(document)
    assert [number for number in range(len(first.patterns)) if hits.at(number)] == [0, 1]
    assert second.gates == []
    assert len(second.patterns) == 0


@pytest.mark.parametrize(
    ("action", "text", "told"),
    [
        ("replace", "on {{dtae}}", "25: `{{dtae}}` names no field; the fields are `{{date}}`, `{{company}}`"),
        ("replace", "{{date}} {{Company}}", "`{{Company}}` names no field"),
        ("append", "{{company.name}}", "`{{company.name}}` names no field"),
        ("append", "of {{date", "`{{` names no field"),
        ("append", "of {date}", "`{date}` names no field"),
        ("delete_sentence", "work", "`delete_sentence` writes nothing"),
        ("append", "work'\n  words: {'synergy': 'work", "26: `append` replaces no words"),
        ("replace", "work'\n  words: {'Synergy': 'work", "`Synergy` is compared with small letters"),
        ("replce", "work", "use one of `append`"),
        ("replace", "{{ company }} of {{date}}", None),
    ],
)
def test_a_correction_that_would_do_nothing_or_write_what_nobody_meant_is_refused_with_its_place(
    action: str, text: str, told: str | None
) -> None:
    end = "'}" if "words" in text else "'"
    body = f"{GATE}correction:\n  safety: review\n  action: {action}\n  text: '{text}{end}\n"
    if told is None:
        assert custom_gates.tested_gate(body, MACROS).correction
        return
    with pytest.raises(GateFileError) as refused:
        custom_gates.tested_gate(body, MACROS)
    assert told in refused.value.message
    assert "in `correction." in refused.value.message
