"""What the data plane answers, as its OpenAPI document shows it."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
_RULESET = {
    "version": "2026.11.2",
    "hash": "4758d309b84fb477000ed36c05e2c9c24ff37f5d230f53fb21d3959c249cd2aa",
}
_AT = "2026-11-26T09:30:00+00:00"
_CLAIM = "Our bond pays a guaranteed 9% a year. "
_REST = "Capital at risk. Leith Bonds Ltd is authorised and regulated by the Financial Conduct Authority."
DOCUMENT = {
    "document": _CLAIM + _REST,
    "document_type": "investment_promotion",
    "modules": ["fca_uk"],
}
_GATE = {
    "id": "fca_uk.guaranteed_return_claim",
    "title": "Return or capital described as guaranteed or secure",
    "verdict": "FAIL",
    "severity": "critical",
    "message": "A return, an income or the capital is presented as certain.",
    "legal_reference": "COBS 4.2.1R; COBS 4.2.5G (unverified)",
    "suggestion": (
        "Say that returns are not certain and that capital is at risk, or name who stands behind the"
        " guarantee and on what terms."
    ),
    "waived": False,
    "waiver": None,
    "fingerprint": "1543361d0ebfddc571c169d5",
    "evidence": [{"quote": "guaranteed 9%", "start": 16, "end": 29, "line": 1, "column": 17}],
}
_FACTS: Json = {
    "sha256": "8fcab8ef64ba7959b7734bf737eb54c33504e992e4174285ee60304e6d5f1719",
    "type": "investment_promotion",
    "detected_type": "investment_promotion",
    "type_score": 0.73,
    "type_reasons": ["capital at risk", "pays a guaranteed 9%"],
    "media_type": "text/plain",
    "characters": 134,
}
RESULT: Json = {
    "id": "val_xgw1nnvnajpmermt",
    "status": "FAIL",
    "ruleset": _RULESET,
    "engine_version": "1.0.0",
    "custom_gates_revision": 0,
    "as_of": "2026-11-26",
    "as_of_source": "today",
    "document": _FACTS,
    "modules": {"fca_uk": {"status": "FAIL", "gates": [_GATE]}},
}
SUMMARY: Json = {
    "id": "val_xgw1nnvnajpmermt",
    "document_type": "investment_promotion",
    "detected_type": "investment_promotion",
    "type_score": _FACTS["type_score"],
    "modules": ["fca_uk"],
    "status": "FAIL",
    "created_at": _AT,
    "ruleset_version": _RULESET["version"],
    "ruleset_hash": _RULESET["hash"],
    "engine_version": "1.0.0",
    "custom_gates_revision": None,
    "as_of": "2026-11-26",
    "document_sha256": _FACTS["sha256"],
    "characters": _FACTS["characters"],
    "duration_ms": 4.283,
}
_BODY = """\
id: custom.guarantee
title: No guarantee
severity: high
kind: prohibited_claim
legal_reference: {text: House style}
document_types: [any]
message: The text promises a guarantee.
why: We give none.
suggestion: Say what we do instead.
applies_when: [{patterns: ['we']}]
forbidden: [{patterns: ['guarantee']}]
examples:
  passes: [{text: We repair it.}]
  fails: [{text: We give a guarantee., finds: [guarantee]}]
  not_applicable: [{text: Hello.}]
"""
OWN_GATE: Json = {
    "id": "custom.guarantee",
    "body": _BODY,
    "enabled": True,
    "created_at": _AT,
    "updated_at": _AT,
    "updated_by": "usr_7189ve8xw3neajsz",
}
GATE_VERSION: Json = {
    "revision": 3,
    "body": OWN_GATE["body"],
    "enabled": True,
    "deleted": False,
    "saved_at": _AT,
    "saved_by": "usr_7189ve8xw3neajsz",
}
WAIVER: Json = {
    "id": "sup_0qz8m1x7t4k2c9vd",
    "gate_id": "fca_uk.guaranteed_return_claim",
    "fingerprint": _GATE["fingerprint"],
    "author": "Ada Okafor",
    "reason": "Quoted from the regulator's own warning.",
    "created_at": _AT,
    "expires_at": "2027-01-01T00:00:00+00:00",
}
BATCH_RESULT: Json = {
    "id": "bat_7c1q9m4w0z8x5k2d",
    "status": "finished",
    "total": 1,
    "done": 1,
    "created_at": _AT,
    "finished_at": _AT,
    "results": [{"position": 0, "reference": "spring-leaflet", "id": RESULT["id"], "status": "FAIL"}],
}
_SETTLED: Json = {
    "verdict": "PASS",
    "message": "Nothing to object to.",
    "fingerprint": None,
    "evidence": [],
}
_MENDED: Json = {
    "status": "PASS",
    "document": _FACTS
    | {
        "sha256": "22e9ee8f7ae1d3ef05d078d531ac18c65d9682032f3f41a75aecaa101155b348",
        "type_score": 0.66,
        "type_reasons": ["capital at risk"],
        "characters": 96,
    },
    "modules": {"fca_uk": {"status": "PASS", "gates": [_GATE | _SETTLED]}},
}
CORRECTED: Json = {
    "id": "cor_xgw1nnvnajpmermt",
    "media_type": "text/plain",
    "text": _REST,
    "applied": [
        {
            "gate_ids": [_GATE["id"]],
            "start": 0,
            "end": 38,
            "old": _CLAIM,
            "new": "",
            "safety": "review",
            "reason": _GATE["suggestion"],
            "line": 1,
            "column": 1,
            "weight": 0,
        }
    ],
    "proposed": [],
    "introduced": [],
    "diff": f"--- before\n+++ after\n@@ -1 +1 @@\n-{_CLAIM}{_REST}\n+{_REST}",
    "before": RESULT,
    "after": RESULT | _MENDED,
}
MODULES: Json = {"ruleset": _RULESET, "modules": [{"id": "fca_uk", "gates": 37, "in_plan": True}]}
GATES: Json = {
    "gates": [
        {
            "id": _GATE["id"],
            "module": "fca_uk",
            "title": _GATE["title"],
            "severity": "critical",
            "kind": "prohibited_claim",
            "legal_reference": "COBS 4.2.1R; COBS 4.2.5G",
            "legal_link": "https://www.handbook.fca.org.uk/handbook/COBS/4/2.html",
            "verified": False,
            "document_types": [
                "client_update",
                "credit_promotion",
                "high_risk_promotion",
                "investment_promotion",
                "mortgage_promotion",
                "savings_promotion",
                "social_media_promotion",
                "unknown",
            ],
            "effective_since": None,
            "effective_until": None,
            "message": _GATE["message"],
            "why": (
                "A promotion must be fair, clear and not misleading;"
                " a return on an investment is not certain."
            ),
            "suggestion": _GATE["suggestion"],
            "known_gaps": [],
        }
    ]
}
OWN_GATES: Json = {"revision": 3, "custom_gates": [OWN_GATE]}
ANALYTICS: Json = {
    "build": "20261126T081958-046743",
    "as_of": _AT,
    "top_violations": [
        {
            "month": "2026-11-01",
            "module": "fca_uk",
            "gate_id": _GATE["id"],
            "title": _GATE["title"],
            "failures": 3,
            "runs": 6,
            "rank": 1,
        }
    ],
    "compliance_trend": [
        {
            "day": "2026-11-26",
            "document_type": "investment_promotion",
            "module": "fca_uk",
            "runs": 6,
            "passed": 3,
            "pass_rate": "0.50000000",
        }
    ],
    "quota_use": [
        {
            "meter": "api_calls",
            "period_start": "2026-11-01T00:00:00+00:00",
            "period_end": "2026-12-01T00:00:00+00:00",
            "used": "32.000000",
            "quota": "50000.000000",
            "use_percent": "0.06400000",
            "is_over_limit": False,
            "exhausted_on": None,
        }
    ],
    "usage_days": [
        {
            "day": "2026-11-26",
            "meter": "api_calls",
            "module": "fca_uk",
            "endpoint": "/v1/validations",
            "requests": 6,
            "units": "6.000000",
            "succeeded": 6,
            "failed": 0,
        }
    ],
}
