from __future__ import annotations

import io
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import docx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tenants.api.serving import Client
    from tests.validation_engine.api.conftest import Callers

FAULTY = "Grow your money with our equity fund. A guaranteed 9% a year from our property bond."
WANTED = {"document": FAULTY, "document_type": "investment_promotion", "modules": ["fca_uk"]}


def test_a_validation_answers_with_what_the_contract_promises(callers: Callers) -> None:
    answer = callers.key(callers.tenant()).post("/v1/validations", json=WANTED)
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "FAIL"
    assert set(body) >= {
        "id",
        "ruleset",
        "engine_version",
        "custom_gates_revision",
        "as_of",
        "document",
        "modules",
    }
    assert body["document"]["type"] == "investment_promotion"
    gates = {gate["id"]: gate for gate in body["modules"]["fca_uk"]["gates"]}
    found = gates["fca_uk.guaranteed_return_claim"]
    (evidence,) = found["evidence"]
    assert found["verdict"] == "FAIL"
    assert FAULTY[evidence["start"] : evidence["end"]] == evidence["quote"] == "guaranteed 9%"
    assert (evidence["line"], evidence["column"]) == (1, evidence["start"] + 1)


def test_a_line_that_ends_in_a_carriage_return_counts(callers: Callers) -> None:
    text = FAULTY.replace(". A", ".\rA")
    body = callers.key(callers.tenant()).post("/v1/validations", json={**WANTED, "document": text}).json()
    gates = {gate["id"]: gate for gate in body["modules"]["fca_uk"]["gates"]}
    (evidence,) = gates["fca_uk.guaranteed_return_claim"]["evidence"]
    assert (evidence["line"], evidence["column"]) == (2, 3)
    assert text[evidence["start"] : evidence["end"]] == evidence["quote"]


def test_the_same_document_gives_the_same_bytes_but_for_its_id(callers: Callers) -> None:
    client = callers.key(callers.tenant())
    first, second = (client.post("/v1/validations", json=WANTED) for _ in range(2))
    assert first.json()["id"] != second.json()["id"]
    assert first.content.replace(first.json()["id"].encode(), b"") == second.content.replace(
        second.json()["id"].encode(), b""
    )


def test_history_shows_the_answer_byte_for_byte_and_as_a_report(callers: Callers) -> None:
    client = callers.key(callers.tenant())
    answer = client.post("/v1/validations", json=WANTED)
    run_id = answer.json()["id"]
    assert client.get(f"/v1/validations/{run_id}").content == answer.content
    assert client.get("/v1/validations").json()["validations"][0]["id"] == run_id
    sarif = client.get(f"/v1/validations/{run_id}?format=sarif").json()
    assert sarif["version"] == "2.1.0"
    assert client.get(f"/v1/validations/{run_id}?format=pdf").content.startswith(b"%PDF-")
    assert b"guaranteed 9%" in client.get(f"/v1/validations/{run_id}?format=html").content


def test_another_tenants_run_looks_as_if_it_did_not_exist(callers: Callers) -> None:
    run_id = callers.key(callers.tenant("A")).post("/v1/validations", json=WANTED).json()["id"]
    answer = callers.key(callers.tenant("B")).get(f"/v1/validations/{run_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "validation_not_found")


def test_a_retry_with_the_same_key_acts_once(callers: Callers) -> None:
    tenant = callers.tenant()
    client = callers.key(tenant)
    first, second = (
        client.post("/v1/validations", json=WANTED, headers={"Idempotency-Key": "k1"}) for _ in range(2)
    )
    assert first.content == second.content
    assert second.headers["X-Quota-Remaining"] == first.headers["X-Quota-Remaining"]
    other = client.post(
        "/v1/validations", json={**WANTED, "document": "x"}, headers={"Idempotency-Key": "k1"}
    )
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_of_parallel_calls_with_one_unit_left_exactly_one_passes(callers: Callers) -> None:
    tenant = callers.tenant(quota=Decimal(1))
    client = callers.key(tenant)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: client.post("/v1/validations", json=WANTED), range(16)))
    assert sorted(answer.status_code for answer in answers) == [200] + [429] * 15
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["code"] == "quota_exceeded"
    assert (refused.headers["x-quota-limit"], refused.headers["x-quota-remaining"]) == ("1", "0")
    assert refused.headers["x-quota-reset"] == refused.json()["reset"]
    assert 0 < int(refused.headers["retry-after"]) <= 31 * 24 * 3_600


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"document": "x"}, 422, "invalid_body"),
        ({**WANTED, "modules": []}, 422, "modules_missing"),
        ({**WANTED, "as_of": "0206-05-01"}, 422, "as_of_out_of_range"),
        ({**WANTED, "document_type": "poem"}, 422, "unknown_document_type"),
        ({**WANTED, "modules": ["nope"]}, 403, "module_not_in_plan"),
        ({**WANTED, "wrong": 1}, 422, "invalid_body"),
    ],
)
def test_bad_input_is_refused_with_a_stable_code_and_costs_nothing(
    callers: Callers, wanted: dict[str, object], status: int, code: str
) -> None:
    tenant = callers.tenant()
    answer = callers.key(tenant).post("/v1/validations", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert callers.deps.stores.open(tenant.tenant_id).rows_after("usage_records", 0, 10) == []


@pytest.mark.parametrize("megabytes", [13, 33], ids=["above a document", "above any body"])
def test_what_is_too_large_is_refused_with_413_and_costs_nothing(callers: Callers, megabytes: int) -> None:
    tenant = callers.tenant()
    large = {**WANTED, "document": "a" * megabytes * 1_000_000}
    answer = callers.key(tenant).post("/v1/validations", json=large)
    assert (answer.status_code, answer.json()["code"]) == (413, "document_too_large")
    assert callers.deps.stores.open(tenant.tenant_id).rows_after("usage_records", 0, 10) == []


def test_a_file_of_another_kind_is_refused_clearly(callers: Callers) -> None:
    client = callers.key(callers.tenant())
    files = {"file": ("a.pdf", b"%PDF-1.4 damaged", "application/pdf")}
    answer = client.post("/v1/validations", files=files, data={"modules": "fca_uk"})
    assert (answer.status_code, answer.json()["code"]) == (422, "document_damaged")


def test_a_form_without_a_boundary_is_refused_in_one_sentence(callers: Callers) -> None:
    client = callers.key(callers.tenant())
    answer = client.post("/v1/validations", data=b"x", headers={"content-type": "multipart/form-data"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_form")
    assert answer.json()["detail"] == "The form cannot be read: Missing boundary in multipart."


def test_a_docx_is_read_and_an_empty_one_needs_review(callers: Callers) -> None:
    client = callers.key(callers.tenant())
    written = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(FAULTY)
    document.save(written)
    files = {"file": ("a.docx", written.getvalue())}
    told = {"modules": "fca_uk", "document_type": "investment_promotion"}
    assert client.post("/v1/validations", files=files, data=told).json()["status"] == "FAIL"
    empty = client.post("/v1/validations", json={**WANTED, "document": "  "})
    assert empty.json()["status"] == "NEEDS_REVIEW"


def test_a_batch_counts_its_documents_and_tells_what_became_of_each(callers: Callers) -> None:
    tenant = callers.tenant(quota=Decimal(3))
    client = callers.key(tenant)
    documents = [{**WANTED, "reference": f"d{number}"} for number in range(4)]
    answer = client.post("/v1/validations/batches", json={"documents": documents})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [one.get("status") for one in results] == ["FAIL"] * 3 + [None]
    assert results[3]["error"]["code"] == "quota_exceeded"
    assert client.get(answer.headers["Location"]).json()["done"] == 4


@pytest.mark.parametrize("prefer", [{}, {"Prefer": "respond-async"}])
@pytest.mark.parametrize("path", ["/v1/validations/batches", "/v1/validations"])
def test_a_batch_asked_for_again_under_its_key_is_made_and_charged_once(
    callers: Callers, path: str, prefer: dict[str, str]
) -> None:
    tenant = callers.tenant()
    client, headers = callers.key(tenant), {"Idempotency-Key": "k", **prefer}
    wanted = {"documents": [WANTED, WANTED]} if path.endswith("batches") else WANTED
    told = [client.post(path, json=wanted, headers=headers).json()["id"] for _ in range(3)]
    assert len(set(told)) == 1
    if told[0].startswith("bat_"):
        _finished(client, told[0])
    count = 2 if path.endswith("batches") else 1
    store = callers.deps.stores.open(tenant.tenant_id)
    assert len(store.rows_after("usage_records", 0, 10)) == count
    other = {"documents": [WANTED]} if path.endswith("batches") else WANTED | {"as_of": "2026-01-01"}
    again = client.post(path, json=other, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize("path", ["/v1/validations", "/v1/validations/batches", "/v1/corrections"])
def test_the_document_of_the_api_names_the_key_that_makes_a_post_act_once(
    callers: Callers, path: str
) -> None:
    told = callers.key(callers.tenant()).get("/openapi.json").json()["paths"][path]["post"]
    assert "idempotency-key" in [one["name"] for one in told["parameters"]]
    assert "409" in told["responses"]


def _finished(client: Client, batch_id: str) -> dict[str, Any]:
    for _ in range(200):
        told: dict[str, Any] = client.get(f"/v1/validations/batches/{batch_id}").json()
        if told["status"] == "finished":
            return told
        time.sleep(0.02)
    raise AssertionError(batch_id)


def test_files_are_validated_as_a_batch_and_told_by_their_names(callers: Callers) -> None:
    client = callers.key(callers.tenant())
    opened = docx.Document()
    opened.add_paragraph(FAULTY)
    written = io.BytesIO()
    opened.save(written)
    files = [
        ("file", ("a.docx", written.getvalue())),
        ("file", ("b.txt", b"Hello.")),
        ("file", ("c.pdf", b"%PDF-")),
    ]
    told = {"modules": "fca_uk", "document_type": "investment_promotion"}
    answer = client.post("/v1/validations/batches", files=files, data=told)
    results = answer.json()["results"]
    assert [one["reference"] for one in results] == ["a.docx", "b.txt", "c.pdf"]
    assert (results[0]["status"], results[2]["error"]["code"]) == ("FAIL", "document_damaged")
    assert (
        client.post("/v1/validations/batches", data=told, files={"x": ("a", b"a")}).json()["code"]
        == "file_missing"
    )


def test_a_small_batch_does_not_wait_for_those_in_the_background(callers: Callers) -> None:
    from validation_engine.api.batches import Batches  # noqa: PLC0415 - only here
    from validation_engine.api.bodies import Wanted  # noqa: PLC0415 - only here
    from validation_engine.api.service import Service  # noqa: PLC0415 - only here

    tenant = callers.tenant()
    granted: Any = SimpleNamespace(
        deps=callers.deps,
        tenant=tenant,
        entitlements=callers.deps.control.tenants.entitlements(tenant),
        store=callers.deps.stores.open(tenant.tenant_id),
        principal=SimpleNamespace(principal_id="key_1"),
        require_modules=lambda _: None,
    )
    batches = Batches(Service(callers.deps))
    with batches._working:
        batch = batches.accept(granted, [Wanted(text=FAULTY, modules=["fca_uk"])], later=False)
    assert (batch.done, batch.finished_at is not None) == (1, True)


def test_a_form_that_does_not_say_its_length_is_told_so(callers: Callers) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nHello.\r\n--b--\r\n'

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = callers.key(callers.tenant()).post("/v1/validations", data=pieces(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "length_required")


def test_an_accepted_batch_is_finished_after_a_crash(callers: Callers) -> None:
    import msgspec  # noqa: PLC0415 - only here

    from tenants.stores import Batch  # noqa: PLC0415 - only here
    from validation_engine.api.batches import Batches  # noqa: PLC0415 - only here
    from validation_engine.api.bodies import Wanted  # noqa: PLC0415 - only here
    from validation_engine.api.service import Service  # noqa: PLC0415 - only here

    tenant = callers.tenant()
    store = callers.deps.stores.open(tenant.tenant_id)
    wanted = [Wanted(text=FAULTY, modules=["fca_uk"]) for _ in range(3)]
    now = callers.deps.clock.now()
    store.add_batch(
        Batch(
            batch_id="bat_1",
            created_at=now,
            created_by="x",
            total=3,
            documents=msgspec.msgpack.encode(wanted),
        )
    )
    batches = Batches(Service(callers.deps))
    batches._take_up()
    batches._take_up()
    finished = store.batch("bat_1")
    assert finished is not None
    assert finished.finished_at == now
    assert finished.documents is None
    assert len(store.rows_after("usage_records", 0, 10)) == 3


def test_the_document_is_kept_only_where_the_tenant_asks_for_it(callers: Callers) -> None:
    tenant = callers.tenant()
    client = callers.key(tenant)
    run_id = client.post("/v1/validations", json=WANTED).json()["id"]
    assert client.get(f"/v1/validations/{run_id}/document").json()["code"] == "document_not_kept"
    callers.keep_documents(tenant)
    run_id = client.post("/v1/validations", json=WANTED).json()["id"]
    kept = client.get(f"/v1/validations/{run_id}/document")
    assert (kept.text, kept.headers["content-disposition"]) == (FAULTY, "attachment")
