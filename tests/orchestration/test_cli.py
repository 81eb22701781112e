from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from orchestration.cli import COMMANDS, main
from tests.tenants.factories import NOW
from tests.tenants.sso.saml_provider import certificate, rsa_key

LOKI = [sys.executable, "-m", "orchestration.cli"]
README = Path(__file__).parents[2] / "orchestration" / "README.md"


@pytest.fixture(autouse=True)
def fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOKI_HOME", str(tmp_path / "home"))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    answer = capsys.readouterr()
    return int(stop.value.code or 0), answer.out, answer.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, command, "--help")
    assert (code, "Usage:" in out) == (0, True)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"`{command}`" in README.read_text()


def test_the_list_of_commands_comes_at_once() -> None:
    started = time.monotonic()
    listed = subprocess.run([*LOKI, "--help"], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert all(command in listed.stdout for command in COMMANDS)
    assert time.monotonic() - started < 5  # half a second where nothing else runs


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["query", "drop table x"], "only reads"),
        (["query", "select 1"], "run `loki refresh` first"),
        (
            ["query", "select 1", "--build", "x", "--as-known-at", "2026-01-01"],
            "either --build or --as-known-at",
        ),
        (["query", "select 1", "--as-known-at", "soon"], "'soon' is no time"),
        (["rebuild", "--policy", "nowhere.yml"], "There is no revenue policy 'nowhere.yml'"),
        (["explain", "--to", "nope"], "There is no revenue policy 'nope'"),
        (["explain", "--to", "default"], "no gap to explain"),
        (["restate", "2026-05-01", "2026-04-01"], "earlier time first"),
        (["restate", "2026-05-01", "2999-04-01"], "2999-04-01T00:00:00+00:00 has not come yet"),
        (["demo", "--tenants", "0"], "1 to 20000 tenants"),
        (["demo", "--mix", "other"], "There is no mix 'other'"),
        (["tenants", "show", "\udcff"], "The argument b'\\xff' is not valid UTF-8"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert len([line for line in err.splitlines() if line.startswith("loki: ")]) == 1


@pytest.mark.parametrize("arguments", [["refresh"], ["query", "select 1"], ["rebuild"], ["tenants", "list"]])
def test_a_state_folder_that_cannot_be_one_is_named(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file of somebody's")
    monkeypatch.setenv("LOKI_HOME", str(taken))
    code, out, err = run(capsys, *arguments)
    assert (code, out, taken.read_text()) == (2, "", "a file of somebody's")
    assert f"LOKI_HOME is {taken}, which is no folder" in err


@pytest.mark.parametrize(("arguments", "code"), [(["tenants", "list"], 0), (["validate", "nowhere.txt"], 2)])
def test_a_closed_output_changes_no_exit_code(arguments: list[str], code: int) -> None:
    closed = ["sh", "-c", '"$@" >&-', "sh", *LOKI, *arguments]
    done = subprocess.run(closed, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603 - ours
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)


def test_an_unknown_command_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "refrehs")
    assert (code, "No such command" in err) == (2, True)


def test_a_folder_that_is_no_demo_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    precious = tmp_path / "home" / "control.sqlite"
    precious.parent.mkdir()
    precious.write_text("precious")
    code, _, err = run(capsys, "demo", "--no-serve")
    assert (code, "no demo" in err, precious.read_text()) == (2, True, "precious")


def test_what_a_command_writes_no_other_user_of_the_machine_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = os.umask(0o022)
    try:
        assert run(capsys, "tenants", "create", "Acme")[0] == 0
        assert run(capsys, "export", "acme")[0] == 0
    finally:
        left = os.umask(before)
    written = [tmp_path / "acme.zip", tmp_path / "home", *(tmp_path / "home").rglob("*")]
    assert [path for path in written if path.stat().st_mode & 0o077] == []
    assert left == 0o022  # whoever runs a command within a process of their own keeps their own rights


def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOKI_CATALOGUE", "nowhere")
    code, _, err = run(capsys, "refresh")
    assert (code, "nowhere" in err) == (2, True)


def test_a_doctor_without_a_warehouse_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "doctor")
    assert code == 1
    assert "loki refresh" in next(line for line in out.splitlines() if line.startswith("FAIL  warehouse"))


def test_a_doctor_tells_of_identity_providers_whose_certificates_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOKI_NOW", NOW.isoformat())
    run(capsys, "tenants", "create", "Acme", "--plan", "enterprise")
    for days, word in ((29, "FAIL"), (31, "ok")):
        pem = tmp_path / f"{days}.pem"
        pem.write_text(certificate(rsa_key(), NOW + timedelta(days=days)))
        fields = ("--entity-id", "idp", "--sso-url", "https://idp.test/", "--certificate", str(pem))
        run(capsys, "sso", "saml", "acme", *fields)
        line = next(line for line in run(capsys, "doctor")[1].splitlines() if " sign-in " in line)
        assert line.split()[0] == word, line
