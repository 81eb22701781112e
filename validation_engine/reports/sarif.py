"""SARIF 2.1.0, for code hosts and editors: every gate's outcome as a result of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from validation_engine.version import ENGINE_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from validation_engine.corrections.edits import SourceEdit
    from validation_engine.results import Evidence, GateOutcome, Result

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_KINDS = {
    "PASS": "pass",
    "FAIL": "fail",
    "WARNING": "fail",
    "NEEDS_REVIEW": "review",
    "NOT_APPLICABLE": "notApplicable",
}
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}


def as_sarif(
    results: Sequence[tuple[str, Result]],
    fixes: Mapping[str, Mapping[str, Sequence[SourceEdit]]],
    refused: Mapping[str, str],
) -> bytes:
    """Return one run with a result for each document and gate; offsets are Unicode code points."""
    rules: dict[str, dict[str, Any]] = {}
    places: dict[str, int] = {}
    found = [
        told
        for name, result in results
        for told in _results(name, result, rules, places, fixes.get(name, {}))
    ]
    properties = [
        {"rulesetVersion": one.ruleset.version, "rulesetHash": one.ruleset.hash} for _, one in results[:1]
    ]
    run = {
        "tool": {
            "driver": {
                "name": "LOKI",
                "semanticVersion": ENGINE_VERSION,
                "rules": list(rules.values()),
                **({"properties": properties[0]} if properties else {}),
            }
        },
        "invocations": [_invocation(refused)],
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(name, result) for name, result in results],
        "results": found,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2) + b"\n"


def _invocation(refused: Mapping[str, str]) -> dict[str, Any]:
    notes = [
        {"level": "error", "message": {"text": message}, "locations": [_whole(name)]}
        for name, message in refused.items()
    ]
    return {"executionSuccessful": not notes, "toolExecutionNotifications": notes}


def _artifact(name: str, result: Result) -> dict[str, Any]:
    facts = result.document
    return {
        "location": {"uri": _uri(name)},
        "mimeType": facts.media_type,
        "hashes": {"sha-256": facts.sha256},
        "properties": {"documentType": facts.type, "typeScore": facts.type_score, "asOf": result.as_of},
    }


def _results(
    name: str,
    result: Result,
    rules: dict[str, dict[str, Any]],
    places: dict[str, int],
    fixes: Mapping[str, Sequence[SourceEdit]],
) -> Iterator[dict[str, Any]]:
    for module in result.modules.values():
        for outcome in module.gates:
            rules.setdefault(outcome.id, _rule(outcome))
            told = _result(name, outcome, places.setdefault(outcome.id, len(places)))
            edits = fixes.get(outcome.id, ())
            yield told | ({"fixes": [_fix(name, edit) for edit in edits]} if edits else {})


def _fix(name: str, edit: SourceEdit) -> dict[str, Any]:
    """Return an edit as a fix that a person may choose; `safety` tells whether it needs a look."""
    region = {"charOffset": edit.start, "charLength": edit.end - edit.start}
    replacement = {"deletedRegion": region, "insertedContent": {"text": edit.new}}
    change = {"artifactLocation": {"uri": _uri(name)}, "replacements": [replacement]}
    return {
        "description": {"text": edit.reason},
        "artifactChanges": [change],
        "properties": {"safety": edit.safety},
    }


def _rule(outcome: GateOutcome) -> dict[str, Any]:
    return {
        "id": outcome.id,
        "shortDescription": {"text": outcome.title},
        "fullDescription": {"text": f"{outcome.title}: {outcome.legal_reference}."},
        "help": {"text": f"{outcome.suggestion} ({outcome.legal_reference})"},
        "defaultConfiguration": {"level": _LEVELS[outcome.severity]},
        "properties": {"severity": outcome.severity},
    }


def _result(name: str, outcome: GateOutcome, index: int) -> dict[str, Any]:
    kind = _KINDS[outcome.verdict]
    told: dict[str, Any] = {
        "ruleId": outcome.id,
        "ruleIndex": index,
        "kind": kind,
        "level": _LEVELS[outcome.severity] if kind == "fail" else "none",
        "message": {"text": outcome.message},
        "locations": [_location(name, one) for one in outcome.evidence[:1]] or [_whole(name)],
    }
    if len(outcome.evidence) > 1:
        told["relatedLocations"] = [_location(name, one) for one in outcome.evidence[1:]]
    if outcome.fingerprint:
        told["partialFingerprints"] = {"loki/v1": outcome.fingerprint}
    if outcome.waiver:
        told["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": f"{outcome.waiver.reason} ({outcome.waiver.author})",
            }
        ]
    return told


def _location(name: str, evidence: Evidence) -> dict[str, Any]:
    region = {
        "startLine": evidence.line,
        "startColumn": evidence.column,
        "charOffset": evidence.start,
        "charLength": evidence.end - evidence.start,
        "snippet": {"text": evidence.quote},
    }
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(name)}, "region": region}}


def _whole(name: str) -> dict[str, Any]:
    """Return the document as a place; code hosts show no result without a line."""
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(name)}, "region": {"startLine": 1}}}


def _uri(name: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415 - loaded late: start-up time counts

    path = quote(name.replace("\\", "/"))
    return f"file://{path}" if path.startswith("/") else path
