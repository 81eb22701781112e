"""Tenants, people, keys and stores by command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]


def test_a_tenant_is_created_listed_changed_and_closed(run: Run) -> None:
    code, out, _ = run("tenants", "create", "Acme Ltd", "--plan", "professional", "--owner", "a@acme.test")
    assert (code, "acme-ltd" in out) == (0, True)
    run(
        "tenants",
        "update",
        "acme-ltd",
        "--quota",
        "api_calls=20000",
        "--user-limit",
        "7",
        "--module",
        "fca_uk",
    )
    (tenant,) = json.loads(run("tenants", "show", "acme-ltd", "--format", "json")[1])
    assert tenant["overrides"] == {"quotas": {"api_calls": "20000"}, "user_limit": 7}
    assert tenant["modules"] == ["fca_uk"]
    run("tenants", "close", "acme-ltd")
    (row,) = json.loads(run("tenants", "list", "--format", "json")[1])
    assert row["status"] == "out of service"


def test_a_tenants_own_limits_are_set_and_go_back_to_the_plans(run: Run) -> None:
    run("tenants", "create", "Acme", "--plan", "professional")
    own = ("--quota", "api_calls=unlimited", "--user-limit", "7", "--rate-limit", "500", "--feature", "sso")
    assert run("tenants", "update", "acme", *own, "--overage", "charged")[0] == 0
    (tenant,) = json.loads(run("tenants", "show", "acme", "--format", "json")[1])
    assert tenant["overrides"] == {
        "quotas": {"api_calls": None},
        "user_limit": 7,
        "rate_limit_per_minute": 500,
        "features": ["sso"],
        "overage_allowed": True,
    }
    back = ("--quota", "api_calls=plan", "--user-limit", "plan", "--rate-limit", "plan", "--feature", "plan")
    assert run("tenants", "update", "acme", *back, "--overage", "plan")[0] == 0
    (tenant,) = json.loads(run("tenants", "show", "acme", "--format", "json")[1])
    assert tenant["overrides"] == {}


def test_the_audit_trail_is_filtered_and_exported(run: Run, tmp_path: Path) -> None:
    run("tenants", "create", "Acme", "--owner", "a@acme.test")
    (entry,) = json.loads(run("audit", "list", "--action", "user_added", "--format", "json")[1])
    who = entry["actor"].removeprefix("command:")
    assert len(json.loads(run("audit", "list", "--actor", who, "--format", "json")[1])) == 2
    assert json.loads(run("audit", "list", "--until", "2020-01-01", "--format", "json")[1]) == []
    assert "run `loki audit sign`" in run("audit", "verify")[1]
    assert "2 entries; the head 2 is signed" in run("audit", "export", str(tmp_path / "a.ndjson"))[1]
    assert "Sound: 2 entries in one chain, 1 signed" in run("audit", "verify")[1]
    head = run("audit", "sign")[1].strip()
    assert "3 signed heads fit" in run("audit", "verify", "--head", head)[1]
    assert run("audit", "evidence", str(tmp_path / "e.ndjson"), "--since", "2020-01-01")[0] == 0
    for command, said in (("export", "is signed"), ("evidence", "records")):
        code, out, err = run("audit", command, "-")
        assert (code, said in err, len([json.loads(line) for line in out.splitlines()]) > 1) == (
            0,
            True,
            True,
        )
    assert not (tmp_path / "-").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ndjson", "e.ndjson", "state"]


def test_a_tenant_with_a_wrong_owner_is_not_made(run: Run) -> None:
    code, _, err = run("tenants", "create", "Acme", "--owner", "nobody")
    assert (code, "no e-mail address" in err) == (2, True)
    assert json.loads(run("tenants", "list", "--format", "json")[1]) == []


def test_a_tables_row_is_one_line_in_a_pipe(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    run("tenants", "create", "The Very Long Name of a Company Ltd", "--plan", "professional")
    _, out, _ = run("tenants", "list")
    _, row = out.splitlines()
    assert "the-very-long-name-of-a-company-ltd" in row


def test_people_and_staff_are_added_with_passwords_from_standard_input(run: Run) -> None:
    run("tenants", "create", "Acme")
    assert (
        run(
            "users",
            "add",
            "a@acme.test",
            "--tenant",
            "acme",
            "--role",
            "owner",
            "--password",
            typed="correct horse\n",
        )[0]
        == 0
    )
    assert (
        run("users", "add", "op@loki.test", "--role", "operator", "--password", typed="correct horse\n")[0]
        == 0
    )
    (owner,) = json.loads(run("users", "list", "--tenant", "acme", "--format", "json")[1])
    assert (owner["role"], owner["status"]) == ("owner", "active")
    (staff,) = json.loads(run("users", "list", "--format", "json")[1])
    assert staff["role"] == "operator"


def test_staff_change_at_the_command_line_and_the_last_operator_stays(run: Run) -> None:
    run("users", "add", "op@loki.test", "--role", "operator", "--password", typed="correct horse\n")
    for refused in (("role", "op@loki.test", "success"), ("deactivate", "op@loki.test")):
        code, _, err = run("users", *refused)
        assert (code, "needs an active operator" in err) == (2, True)
    run("users", "add", "second@loki.test", "--role", "operator", "--password", typed="correct horse\n")
    assert run("users", "role", "op@loki.test", "success")[0] == 0
    assert run("users", "deactivate", "op@loki.test")[0] == 0
    code, _, err = run("users", "invite", "op@loki.test")
    assert (code, "out of service" in err) == (2, True)
    assert run("users", "reactivate", "op@loki.test")[0] == 0
    assert "/set-password?token=" in run("users", "invite", "op@loki.test")[1]
    told = {row["email"]: (row["role"], row["status"]) for row in _staff(run)}
    assert told == {"op@loki.test": ("success", "active"), "second@loki.test": ("operator", "active")}


def _staff(run: Run) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(run("users", "list", "--format", "json")[1])
    return rows


def test_a_key_is_issued_rotated_and_revoked(run: Run) -> None:
    run("tenants", "create", "Acme")
    _, out, _ = run("keys", "issue", "acme", "--permission", "usage:read", "--days", "30")
    assert out.splitlines()[-1].startswith("loki_")
    (key,) = json.loads(run("keys", "list", "acme", "--format", "json")[1])
    assert run("keys", "rotate", "acme", key["key_id"])[0] == 0
    newest = json.loads(run("keys", "list", "acme", "--format", "json")[1])[-1]
    assert run("keys", "revoke", "acme", newest["key_id"])[0] == 0
    assert "loki_" not in run("keys", "list", "acme")[1]


def test_stores_are_migrated_from_the_command_line(run: Run) -> None:
    run("tenants", "create", "Acme")
    assert run("tenants", "migrate")[1] == "1 stores: 0 brought up to date, 0 failed.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("tenants", "show", "nobody"), "no such tenant"),
        (("tenants", "create", "X", "--plan", "gold"), "choose one of starter"),
        (("tenants", "create", "X", "--region", "mars"), "use one of us, eu, apac, local"),
        (("tenants", "create", "Acme"), "already a tenant"),
        (("tenants", "update", "acme"), "Nothing to change"),
        (("tenants", "update", "acme", "--quota", "api_calls"), "is no quota"),
        (("tenants", "update", "acme", "--quota", "coffee=1"), "coffee"),
        (("tenants", "update", "acme", "--quota", "api_calls=NaN"), "numbers from 0"),
        (("tenants", "update", "acme", "--quota", "api_calls=1e400"), "numbers from 0"),
        (("tenants", "update", "acme", "--quota", "api_calls=0.0000001"), "numbers from 0"),
        (("tenants", "update", "acme", "--user-limit", "many"), "is no user limit"),
        (("tenants", "update", "acme", "--rate-limit", "0"), "at least 1 call"),
        (("keys", "issue", "acme", "--rate-limit", "101"), "its tenant has 100 in all"),
        (("tenants", "update", "acme", "--feature", "flying"), "no feature 'flying'"),
        (("tenants", "update", "acme", "--overage", "maybe"), "charged, refused, plan"),
        (("users", "add", "x@acme.test", "--tenant", "acme", "--role", "king"), "no role"),
        (("users", "add", "x@acme.test"), "no staff role"),
        (("users", "role", "x@acme.test", "owner", "--tenant", "acme"), "Nobody with the address"),
        (("keys", "revoke", "acme", "key_none"), "no such key"),
        (("keys", "issue", "acme", "--permission", "fly"), "no permission"),
        (("export", "acme", "nowhere/acme.zip"), "nowhere/acme.zip cannot be written"),
        (("export", "acme", "-"), "not written to standard output"),
        (("audit", "export", "nowhere/audit.ndjson"), "cannot be written"),
        (("sso", "saml", "acme", "--metadata", "nowhere.xml"), "nowhere.xml cannot be read"),
        (("sso", "saml", "acme", "--entity-id", "x"), "--sso-url and --certificate"),
        (("sso", "retire", "acme"), "no rotation"),
        (("sso", "oidc", "acme", "--issuer", "https://x.test", "--client-id", "c"), "No client secret"),
        (("sso", "saml", "small", "--entity-id", "x"), "enterprise has it"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence_with_exit_code_2(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    run("tenants", "create", "Acme", "--plan", "enterprise")
    run("tenants", "create", "Small", "--plan", "starter")
    code, out, err = run(*arguments, typed="")
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("keys", "issue", "acme", "--days", "999999999"),
        ("keys", "issue", "acme", "--rate-limit", "99999999999999999999"),
        ("keys", "rotate", "acme", "key_none", "--overlap-hours", "9999999999"),
        ("audit", "list", "--limit", "99999999999999999999"),
        ("billing", "seats", "acme", "99999999999999999999"),
    ],
)
def test_a_number_that_nothing_can_hold_is_refused_by_its_option(
    run: Run, arguments: tuple[str, ...]
) -> None:
    run("tenants", "create", "Acme")
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "less than or equal to" in err
