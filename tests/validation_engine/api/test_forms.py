"""A form is read as strictly as JSON: what nobody would look at is refused, and nothing is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tenants.tenancy import Tenant
    from tests.validation_engine.api.conftest import Callers

_VALIDATIONS, _BATCHES, _CORRECTIONS = "/v1/validations", "/v1/validations/batches", "/v1/corrections"
_FILE = ("file", ("a.txt", b"Hello."))
_MODULES = ("modules", (None, "fca_uk"))
_SECOND = ("file", ("b.txt", b"Hello."))


@pytest.fixture(scope="module")
def refused(callers: Callers) -> Tenant:
    """A tenant of which nothing is ever accepted."""
    return callers.tenant()


@pytest.mark.parametrize("path", [_VALIDATIONS, _BATCHES, _CORRECTIONS])
@pytest.mark.parametrize(
    ("parts", "code", "told"),
    [
        (
            [_FILE, _MODULES, ("documnet_type", (None, "x"))],
            "invalid_body",
            "`documnet_type`; the fields",
        ),
        ([_FILE, _MODULES, ("x", ("b.txt", b"x"))], "invalid_body", "unknown field `x`"),
        (
            [_FILE, _MODULES, *[("as_of", (None, "2026-01-01"))] * 2],
            "invalid_body",
            "`as_of` is given 2",
        ),
        ([_FILE, ("modules", ("m.txt", b"fca_uk"))], "invalid_body", "`modules` holds a file; send text"),
        ([_FILE, ("file", (None, "Hello.")), _MODULES], "invalid_body", "`file` holds text; send a file"),
        ([_FILE, _MODULES, ("as_of", (None, "20260101"))], "invalid_body", "write it as YYYY-MM-DD"),
        ([_FILE, _MODULES, ("reference", (None, "x" * 501))], "invalid_body", "at most 500"),
        ([("file", (None, "Hello.")), _MODULES], "file_missing", "with a file name"),
        ([_FILE], "modules_missing", "send the field `modules`"),
        ([_FILE, _MODULES, ("reference", (None, "x" * 1_100_000))], "invalid_form", "maximum size"),
        ([_FILE, *[_MODULES] * 51], "invalid_form", "Too many fields"),
    ],
)
def test_what_nobody_would_look_at_is_refused_and_not_counted(
    callers: Callers, refused: Tenant, path: str, parts: list[Any], code: str, told: str
) -> None:
    answer = callers.key(refused).post(path, files=parts)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert told in answer.json()["detail"]
    assert callers.deps.stores.open(refused.tenant_id).rows_after("usage_records", 0, 10) == []


@pytest.mark.parametrize("path", [_VALIDATIONS, _CORRECTIONS])
def test_two_files_are_shown_the_way_to_a_batch(callers: Callers, path: str) -> None:
    answer = callers.key(callers.tenant()).post(path, files=[_FILE, _SECOND, _MODULES])
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_files")
    assert "2 files" in answer.json()["detail"]
    assert _BATCHES in answer.json()["detail"]


def test_only_a_correction_is_told_which_edits_to_make(callers: Callers) -> None:
    client = callers.key(callers.tenant())
    parts: Any = [_FILE, _MODULES, ("apply", (None, "all"))]
    assert client.post(_CORRECTIONS, files=parts).status_code == 200
    assert "`apply`" in client.post(_VALIDATIONS, files=parts).json()["detail"]


def test_a_form_is_one_however_its_type_is_written(callers: Callers) -> None:
    body = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % part
        for part in ((b"file", b'; filename="a.txt"', b"Hello."), (b"modules", b"", b"fca_uk"))
    )
    headers = {"Content-Type": "Multipart/Form-Data; boundary=b"}
    answer = callers.key(callers.tenant()).post(_VALIDATIONS, data=body + b"--b--\r\n", headers=headers)
    assert answer.status_code == 200
    cut = callers.key(callers.tenant()).post(_VALIDATIONS, data=body, headers=headers)
    assert (cut.status_code, cut.json()["code"]) == (422, "invalid_form")
    assert cut.json()["detail"] == "The form ends before its last boundary; send all of it."
