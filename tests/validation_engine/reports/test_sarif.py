"""SARIF says what other programs need: kinds, places in code points, fingerprints, suppressions."""

from __future__ import annotations

import json

from tests.validation_engine.factories import outcome, validated
from validation_engine.reports import render
from validation_engine.suppressions import Suppression

TEXT = "Grow your money — our fund pays £5.\nA guaranteed 9% a year from our property bond.\n"


def test_each_gate_is_a_result_of_its_kind_with_its_place() -> None:
    result = validated(TEXT, document_type="investment_promotion")
    log = json.loads(render([("docs/a b.txt", result)], "sarif"))
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    results = {one["ruleId"]: one for one in run["results"]}
    assert len(results) == sum(len(module.gates) for module in result.modules.values())
    found = results["fca_uk.guaranteed_return_claim"]
    region = found["locations"][0]["physicalLocation"]["region"]
    assert (found["kind"], found["level"]) == ("fail", "error")
    assert (region["startLine"], region["startColumn"]) == (2, 3)
    assert (
        TEXT[region["charOffset"] :][: region["charLength"]] == region["snippet"]["text"] == "guaranteed 9%"
    )
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "docs/a%20b.txt"
    assert results["tax_uk.net_sum"]["kind"] == "notApplicable"
    rule = run["tool"]["driver"]["rules"][found["ruleIndex"]]
    assert rule["id"] == found["ruleId"]
    assert {"shortDescription", "fullDescription", "help"} <= rule.keys()  # what code hosts ask for


def test_a_waived_finding_is_suppressed_not_hidden() -> None:
    found = outcome(validated(TEXT), "fca_uk.guaranteed_return_claim")
    waiver = Suppression(gate_id=found.id, fingerprint=found.fingerprint or "", author="A", reason="agreed")
    log = json.loads(render([("a.txt", validated(TEXT, suppressions=[waiver]))], "sarif"))
    told = next(one for one in log["runs"][0]["results"] if one["ruleId"] == found.id)
    assert told["suppressions"][0]["justification"] == "agreed (A)"
    assert told["partialFingerprints"] == {"loki/v1": found.fingerprint}


def test_a_finding_without_a_place_shows_at_the_first_line_of_its_file() -> None:
    log = json.loads(
        render([("/docs/a b.txt", validated("Good morning.", document_type="mutual_nda"))], "sarif")
    )
    missing = next(one for one in log["runs"][0]["results"] if one["kind"] == "fail")
    place = missing["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "file:///docs/a%20b.txt"}, "region": {"startLine": 1}}
