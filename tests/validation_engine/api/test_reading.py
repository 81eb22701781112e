"""Bodies, queries and cursors that do not fit are refused with what would fit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.tenants.api.serving import Client
    from tests.validation_engine.api.conftest import Callers

_WANTED: dict[str, Any] = {"document": "Hello.", "modules": ["fca_uk"]}
_MAY = ["documents:validate", "gates:read", "gates:manage", "validations:read"]


@pytest.fixture(scope="module")
def client(callers: Callers) -> Client:
    return callers.key(callers.tenant(), _MAY)


@pytest.mark.parametrize(
    ("body", "headers", "status", "told"),
    [
        (b"<a/>", {"Content-Type": "application/xml"}, 415, "application/json or multipart/form-data"),
        (b"document=x", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "x-www-form-urlencoded"),
        (b"--b", {"Content-Type": "multipart/mixed; boundary=b"}, 415, "multipart/mixed"),
        (b"\x1f\x8b", {"Content-Encoding": "gzip"}, 422, "it is packed (gzip)"),
        (b"", {}, 422, "it is empty"),
        (b'{"document":"\xff"}', {}, 422, "not in UTF-8"),
        (b"[" * 100_000, {}, 422, "Expected `object`, got `array`"),
        (json.dumps({**_WANTED, "documnet_type": "x"}), {}, 422, "the nearest are `document_type`"),
        (json.dumps({**_WANTED, "media_type": "text/HTML"}), {}, 422, "use one of `text/html`"),
        (json.dumps({**_WANTED, "as_of": "20261201"}), {}, 422, "YYYY-MM-DD"),
        (json.dumps({**_WANTED, "reference": "x" * 501}), {}, 422, "length <= 500"),
        ('{"document":"a","modules":["fca_uk"],"document":"b"}', {}, 422, "`document` 2 times; name it once"),
    ],
)
def test_a_body_that_does_not_fit_is_told_what_would(
    client: Client, body: str | bytes, headers: dict[str, str], status: int, told: str
) -> None:
    answer = client.post("/v1/validations", data=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert told in answer.json()["detail"]


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/plain"}])
def test_json_is_read_whatever_it_is_called_and_behind_a_byte_order_mark(
    client: Client, headers: dict[str, str]
) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(_WANTED).encode()
    assert client.post("/v1/validations", data=body, headers=headers).status_code == 200


def test_what_is_no_document_is_not_told_to_send_a_smaller_one(client: Client) -> None:
    answer = client.post("/v1/suppressions", data=b" " * 20_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "send a smaller waiver" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v1/validations?offset=5", "it takes `limit`, `before`"),
        ("/v1/validations?limit=1&limit=2", "`limit` is given 2 times"),
        ("/v1/validations/val_1?Format=pdf", "it takes `format`"),
        ("/v1/gates?modul=fca_uk", "it takes `module`"),
        ("/v1/custom-gates?x=1", "it takes none"),
        ("/v1/validations?before=%00", "the character NUL"),
        ("/v1/suppressions?limit=1", "it takes none"),
    ],
)
def test_a_query_parameter_is_known_and_given_once(client: Client, path: str, told: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_query")
    assert told in answer.json()["detail"]


def test_a_validation_takes_no_query_and_no_empty_module_stands_for_all(client: Client) -> None:
    assert client.post("/v1/validations?apply=all", json=_WANTED).json()["code"] == "invalid_query"
    assert client.get("/v1/gates?module=").json()["code"] == "unknown_module"


def test_the_path_of_validations_takes_both_its_methods_and_no_other(client: Client) -> None:
    answer = client.put("/v1/validations")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


def test_a_module_that_no_plan_has_is_quoted(client: Client) -> None:
    answer = client.post("/v1/validations", json={**_WANTED, "modules": [" fca_uk"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "module_not_in_plan")
    assert "module ' fca_uk'; see /v1/modules" in answer.json()["detail"]


def test_a_cursor_is_one_of_the_tenants_own_validations(callers: Callers) -> None:
    client, other = (callers.key(callers.tenant(name), _MAY) for name in "AB")
    own, theirs = (each.post("/v1/validations", json=_WANTED).json()["id"] for each in (client, other))
    assert client.get(f"/v1/validations?before={own}").json() == {"validations": [], "next_before": None}
    told = [client.get(f"/v1/validations?before={one}") for one in (theirs, "val_0", "")]
    assert [(answer.status_code, answer.json()["code"]) for answer in told] == [(422, "unknown_cursor")] * 3


def test_the_document_of_no_validation_is_not_said_to_be_not_kept(callers: Callers, client: Client) -> None:
    theirs = callers.key(callers.tenant()).post("/v1/validations", json=_WANTED).json()["id"]
    for one in (theirs, "val_0"):
        answer = client.get(f"/v1/validations/{one}/document")
        assert (answer.status_code, answer.json()["code"]) == (404, "validation_not_found")


@pytest.mark.parametrize(
    ("prefer", "status"),
    [("Respond-Async, wait=5", 202), ("wait=5,respond-async;x=1", 202), ("not-respond-async", 200)],
)
def test_a_preference_is_read_as_such(client: Client, prefer: str, status: int) -> None:
    answer = client.post("/v1/validations", json=_WANTED, headers={"Prefer": prefer})
    assert answer.status_code == status
