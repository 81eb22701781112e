"""Hostile text in documents, gates and waivers is refused or is text, in answers and in reports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.dashboards.browser import harm, launched
from tests.tenants.api.hostile import CASES, SAMPLE, SCRIPTS
from tests.validation_engine.factories import GATE

if TYPE_CHECKING:
    from tests.tenants.api.serving import Client
    from tests.validation_engine.api.conftest import Callers

MAY = ["documents:validate", "documents:correct", "gates:read", "gates:manage", "validations:read"]
_REFUSED = {400, 403, 404, 409, 413, 422}
_GATE = yaml.safe_load(GATE)
_DOCUMENT = {
    "document": "Our synergy is world-class.",
    "modules": ["fca_uk"],
    "document_type": "client_terms",
}
# Where a text goes in a gate file, and how.
_PLACES = {
    "the whole file": lambda text: text,
    "id": lambda text: _file(id=text),
    "title": lambda text: _file(title=text),
    "message": lambda text: _file(message=text),
    "why": lambda text: _file(why=text),
    "suggestion": lambda text: _file(suggestion=text),
    "legal reference": lambda text: _file(legal_reference={"text": text, "url": text}),
    "pattern": lambda text: _file(forbidden=[{"patterns": ["synergy", text]}]),
    "document type": lambda text: _file(document_types=[text]),
    "an unknown field": lambda text: _file(**{text: "x"}),
}


@pytest.fixture(
    params=[pytest.param(SAMPLE[::4], id="a sample"), pytest.param(CASES, id="all", marks=pytest.mark.long)]
)
def texts(request: pytest.FixtureRequest) -> list[str]:
    chosen: list[str] = request.param
    return chosen


@pytest.fixture
def client(callers: Callers) -> Client:
    tenant = callers.tenant(plan="enterprise", rate=1_000_000)
    callers.keep_documents(tenant)
    return callers.key(tenant, MAY)


def _file(**fields: Any) -> str:
    return yaml.safe_dump({**_GATE, **fields}, allow_unicode=True)


@pytest.mark.parametrize("place", _PLACES)
def test_a_gate_is_refused_with_hostile_text_or_bears_it(
    client: Client, texts: list[str], place: str
) -> None:
    for text in texts:
        try:
            file = _PLACES[place](text)
            json.dumps(file).encode()
        except (yaml.YAMLError, UnicodeEncodeError):
            continue  # a half of a character cannot be written at all
        answer = client.post("/v1/custom-gates", json={"body": file})
        assert answer.status_code in {201} | _REFUSED, (text[:80], answer.text)
        if answer.status_code != 201:
            assert client.get("/v1/custom-gates").json()["custom_gates"] == [], text
            continue
        told = answer.json()
        assert told["body"] == file
        result = client.post("/v1/validations", json=_DOCUMENT)
        assert result.status_code == 200, (text[:80], result.text)
        assert client.delete(f"/v1/custom-gates/{told['id']}").status_code == 200


@pytest.mark.parametrize("field", ["gate_id", "fingerprint", "reason", "expires_on"])
def test_a_waiver_is_refused_with_hostile_text_or_bears_it(
    client: Client, texts: list[str], field: str
) -> None:
    waiver = {
        "gate_id": "fca_uk.guaranteed_return_claim",
        "fingerprint": "f" * 24,
        "reason": "because",
    }
    for text in texts:
        answer = client.post("/v1/suppressions", json=waiver | {field: text})
        assert answer.status_code in {201} | _REFUSED, (text[:80], answer.text)
        if answer.status_code == 201:
            assert answer.json()[field] in {text, text.strip()}


@pytest.mark.parametrize(
    "field", ["document", "document_type", "reference", "media_type", "as_of", "modules"]
)
def test_a_document_is_refused_with_hostile_text_or_is_validated_as_text(
    client: Client, texts: list[str], field: str
) -> None:
    for text in texts:
        wanted = {"document": "Plain words.", "modules": ["fca_uk"]}
        answer = client.post("/v1/validations", json=wanted | {field: [text] if field == "modules" else text})
        assert answer.status_code in {200} | _REFUSED, (text[:80], answer.text)
        file = (text.encode("utf-8", "replace").decode(), b"Plain words.", "text/plain")
        if field == "reference":
            answer = client.post("/v1/validations", files={"file": file}, data={"modules": "fca_uk"})
            assert answer.status_code in {200} | _REFUSED, (text[:80], answer.text)


def test_a_kept_document_is_handed_out_as_a_file_that_no_page_can_run(client: Client) -> None:
    hostile = f"<html><body>{SCRIPTS[0]} guaranteed returns</body></html>"
    wanted = {"document": hostile, "modules": ["fca_uk"], "media_type": "text/html"}
    run_id = client.post("/v1/validations", json=wanted).json()["id"]
    kept = client.get(f"/v1/validations/{run_id}/document")
    assert kept.text == hostile
    assert kept.headers["content-disposition"] == "attachment"
    assert kept.headers["content-security-policy"] == "sandbox"
    assert kept.headers["x-content-type-options"] == "nosniff"


@pytest.mark.browser
def test_a_report_shows_hostile_gates_and_documents_as_text_and_runs_nothing(
    client: Client, texts: list[str]
) -> None:
    with launched() as browser:
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append(dialog.message))
        for text in [each for each in texts if each in SCRIPTS]:
            page.set_content(_report(client, text))
            assert harm(page) == [], text
            assert text in (page.locator("body").text_content() or ""), text
        assert asked == []


def _report(client: Client, text: str) -> str:
    """A report in which a gate's texts and the evidence are the text; its PDF is made on the way."""
    fields = {"title": text, "message": text, "suggestion": text, "why": text}
    made = client.post("/v1/custom-gates", json={"body": _file(**fields)})
    assert made.status_code == 201, (text, made.text)
    wanted = {**_DOCUMENT, "document": f"Our synergy is great. {text}"}
    run_id = client.post("/v1/validations", json=wanted).json()["id"]
    assert client.delete("/v1/custom-gates/custom.no_jargon").status_code == 200
    pdf = client.get(f"/v1/validations/{run_id}", params={"format": "pdf"})
    assert pdf.content.startswith(b"%PDF")
    assert not any(word in pdf.content for word in (b"/JavaScript", b"/JS", b"/OpenAction /", b"/Launch"))
    html: str = client.get(f"/v1/validations/{run_id}", params={"format": "html"}).text
    return html
