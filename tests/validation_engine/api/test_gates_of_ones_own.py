from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.validation_engine.api.conftest import BY
from tests.validation_engine.factories import GATE

if TYPE_CHECKING:
    from tests.tenants.api.serving import Client
    from tests.validation_engine.api.conftest import Callers

MANAGES = ["documents:validate", "gates:read", "gates:manage", "validations:read"]


@pytest.fixture(scope="module")
def jargon(callers: Callers) -> Client:
    """A tenant with a gate of its own and no waiver."""
    client = callers.key(callers.tenant(), MANAGES)
    assert client.post("/v1/custom-gates", json={"body": GATE}).status_code == 201
    return client


def test_a_gate_is_saved_used_changed_rolled_back_and_deleted(callers: Callers) -> None:
    client = callers.key(callers.tenant(), MANAGES)
    made = client.post("/v1/custom-gates", json={"body": GATE})
    assert (made.status_code, made.json()["revision"]) == (201, 1)
    wanted = {
        "document": "Our synergy is world-class.",
        "modules": ["fca_uk"],
        "document_type": "client_terms",
    }
    result = client.post("/v1/validations", json=wanted).json()
    assert result["custom_gates_revision"] == 1
    assert result["modules"]["custom"]["gates"][0]["verdict"] == "FAIL"
    changed = GATE.replace("severity: high", "severity: low")
    assert client.put("/v1/custom-gates/custom.no_jargon", json={"body": changed}).json()["revision"] == 2
    result = client.post("/v1/validations", json=wanted).json()
    assert result["modules"]["custom"]["gates"][0]["verdict"] == "WARNING"
    back = client.post("/v1/custom-gates/custom.no_jargon/rollback/1")
    assert (back.status_code, back.json()["body"], back.json()["revision"]) == (200, GATE, 3)
    assert client.delete("/v1/custom-gates/custom.no_jargon").json()["revision"] == 4
    versions = client.get("/v1/custom-gates/custom.no_jargon/versions").json()["versions"]
    assert [one["revision"] for one in versions] == [4, 3, 2, 1]
    assert "custom" not in client.post("/v1/validations", json=wanted).json()["modules"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("severity: high", "severity: terrible", "gate:3"),
        ("synergy", "(synergy", "forbidden[0].patterns[0]"),
        ("A synergy of talents.", "A sum of talents.", "examples.fails[0]"),
        ("custom.no_jargon", "fca_uk.no_jargon", "begins with `custom.`"),
        (
            "examples:",
            "correction: {safety: safe, action: append, text: '{{dtae}}'}\nexamples:",
            "the fields are `{{date}}`",
        ),
    ],
)
def test_a_wrong_gate_is_refused_with_its_place(callers: Callers, old: str, new: str, told: str) -> None:
    client = callers.key(callers.tenant(), MANAGES)
    answer = client.post("/v1/custom-gates", json={"body": GATE.replace(old, new)})
    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert client.get("/v1/custom-gates").json()["custom_gates"] == []


def test_a_gate_that_the_others_leave_no_room_for_is_refused_and_documents_are_validated_still(
    callers: Callers,
) -> None:
    client = callers.key(callers.tenant(plan="enterprise"), MANAGES)
    saved = 0
    for number in range(40):
        heavy = "', '".join(f"term{number}x{one}(?: [a-z]{{1,12}}){{1,45}} end" for one in range(15))
        file = GATE.replace("custom.no_jargon", f"custom.heavy{number}").replace(
            "'synergy'", f"'synergy', '{heavy}'"
        )
        answer = client.post("/v1/custom-gates", json={"body": file})
        if answer.status_code != 201:
            break
        saved += 1
    assert (answer.status_code, answer.json()["code"]) == (422, "gates_too_costly")
    off = client.post("/v1/custom-gates", json={"body": file, "enabled": False})
    assert off.status_code == 201
    wanted = {"document": "Our synergy.", "modules": ["fca_uk"], "document_type": "client_terms"}
    gates = client.post("/v1/validations", json=wanted).json()["modules"]["custom"]["gates"]
    assert [gate["verdict"] for gate in gates] == ["FAIL"] * saved


def test_a_plan_without_custom_gates_names_the_one_that_has_them(callers: Callers) -> None:
    client = callers.key(callers.tenant(plan="starter"), MANAGES)
    answer = client.post("/v1/custom-gates", json={"body": GATE})
    assert (answer.status_code, answer.json()["code"]) == (403, "feature_not_in_plan")


def test_a_waived_finding_is_shown_as_waived_and_fails_nothing(callers: Callers) -> None:
    client = callers.key(callers.tenant(), MANAGES)
    wanted = {
        "document": "We comply with the Data Protection Act 1998.",
        "modules": ["gdpr_uk"],
        "document_type": "marketing_email",
    }
    gates = client.post("/v1/validations", json=wanted).json()["modules"]["gdpr_uk"]["gates"]
    found = next(gate for gate in gates if gate["id"] == "gdpr_uk.outdated_statute")
    assert (found["verdict"], found["waived"]) == ("FAIL", False)
    waiver = {"gate_id": found["id"], "fingerprint": found["fingerprint"], "reason": "a quotation of 1999"}
    assert client.post("/v1/suppressions", json=waiver).status_code == 201
    gates = client.post("/v1/validations", json=wanted).json()["modules"]["gdpr_uk"]["gates"]
    again = next(gate for gate in gates if gate["id"] == "gdpr_uk.outdated_statute")
    assert (again["verdict"], again["waived"], again["waiver"]["reason"]) == (
        "FAIL",
        True,
        "a quotation of 1999",
    )


@pytest.mark.parametrize(
    "day", ["9999-12-31", "2026-12-01T10:00", "20261231", "2026-W53-1", "2026-02-30", "soon", ""]
)
def test_a_waiver_until_no_day_is_refused(callers: Callers, day: str) -> None:
    client = callers.key(callers.tenant(), MANAGES)
    waiver = {"gate_id": "gdpr_uk.outdated_statute", "fingerprint": "f" * 24, "reason": "a quotation"}
    answer = client.post("/v1/suppressions", json=waiver | {"expires_on": day})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_body")
    assert "`expires_on`" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("field", "value", "code", "told"),
    [
        ("gate_id", "gdpr_uk.outdated_statue", "unknown_gate", "`gdpr_uk.outdated_statute`"),
        ("gate_id", "custom.no_jargn", "unknown_gate", "`custom.no_jargon`"),
        ("gate_id", "", "unknown_gate", "list them at /v1/gates"),
        ("fingerprint", "", "invalid_fingerprint", "copy the 24"),
        ("fingerprint", "F" * 24, "invalid_fingerprint", "from the validation's result"),
        ("reason", " a ", "invalid_reason", "3 to 500"),
        ("reason", "be\0cause", "invalid_reason", "null character"),
    ],
)
def test_a_waiver_that_could_never_hold_is_refused_and_names_what_there_is(
    jargon: Client, field: str, value: str, code: str, told: str
) -> None:
    waiver = {"gate_id": "custom.no_jargon", "fingerprint": "f" * 24, "reason": "a quotation"}
    answer = jargon.post("/v1/suppressions", json=waiver | {field: value})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert told in answer.json()["detail"]
    assert jargon.get("/v1/suppressions").json() == {"suppressions": []}


def test_another_tenants_gate_is_neither_waived_nor_named(callers: Callers, jargon: Client) -> None:
    waiver = {"gate_id": "custom.no_jargon", "fingerprint": "f" * 24, "reason": "a quotation"}
    answer = callers.key(callers.tenant(), MANAGES).post("/v1/suppressions", json=waiver)
    assert (answer.json()["code"], answer.json()["nearest"]) == ("unknown_gate", [])
    made = jargon.post("/v1/suppressions", json=waiver)
    assert jargon.delete(f"/v1/suppressions/{made.json()['id']}").status_code == 200


@pytest.mark.parametrize("zone", ["Europe/London", "Asia/Bangkok", "America/Los_Angeles"])
def test_a_waiver_shows_its_last_day_where_the_tenant_is_and_holds_whatever_day_chooses_the_rules(
    callers: Callers, zone: str
) -> None:
    tenant = callers.tenant()
    callers.deps.control.tenants.update(tenant.tenant_id, BY, time_zone=zone)
    client = callers.key(tenant, MANAGES)
    wanted = {
        "document": "We comply with the Data Protection Act 1998.",
        "modules": ["gdpr_uk"],
        "document_type": "marketing_email",
        "as_of": "2027-06-01",
    }
    gates = client.post("/v1/validations", json=wanted).json()["modules"]["gdpr_uk"]["gates"]
    found = next(gate for gate in gates if gate["id"] == "gdpr_uk.outdated_statute")
    waiver = {"gate_id": found["id"], "fingerprint": found["fingerprint"], "reason": "a quotation of 1999"}
    wanted_until = waiver | {"expires_on": "2026-12-31"}
    made = [client.post("/v1/suppressions", json=wanted_until) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json() == made[1].json()
    gates = client.post("/v1/validations", json=wanted).json()["modules"]["gdpr_uk"]["gates"]
    again = next(gate for gate in gates if gate["id"] == "gdpr_uk.outdated_statute")
    assert (again["waived"], again["waiver"]["expires_on"]) == (True, "2026-12-31")


def test_a_correction_mends_explains_and_validates_again(callers: Callers) -> None:
    client = callers.key(callers.tenant())
    wanted = {
        "document": "Invoice 12\nNet total £340.00\nVAT at 20% £86.00\nTotal due £426.00\n",
        "modules": ["tax_uk"],
        "document_type": "vat_invoice",
        "apply": "all",
    }
    answer = client.post("/v1/corrections", json=wanted).json()
    assert "VAT at 20% £68.00\nTotal due £408.00" in answer["text"]
    assert [edit["old"] for edit in answer["applied"]] == ["£86.00", "£426.00"]
    assert answer["introduced"] == []


def test_modules_and_gates_are_listed_with_their_sources(callers: Callers) -> None:
    client = callers.key(callers.tenant(plan="starter"))
    modules = client.get("/v1/modules").json()["modules"]
    assert {one["id"]: one["in_plan"] for one in modules}["tax_uk"] is False
    gates = client.get("/v1/gates?module=gdpr_uk").json()["gates"]
    assert all(one["module"] == "gdpr_uk" and one["legal_reference"] for one in gates)
    assert client.get("/v1/gates?module=nope").json()["code"] == "unknown_module"


def test_analytics_say_that_nothing_is_published_yet(callers: Callers) -> None:
    answer = callers.key(callers.tenant(), ["analytics:read"]).get("/v1/analytics")
    assert (answer.status_code, answer.json()["code"]) == (503, "nothing_published")
