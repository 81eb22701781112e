"""`loki validate`, as a person and a build call it."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from validation_engine import cli
from validation_engine.cli import validate_command

if TYPE_CHECKING:
    from pathlib import Path

    from validation_engine.reports import Findings

FAULTY = "A guaranteed 9% a year from our property bond.\n"


@pytest.mark.parametrize(
    ("text", "modules", "code"), [(FAULTY, ["fca_uk"], 1), ("Hello.\n", ["fca_uk"], 0), (FAULTY, ["nope"], 2)]
)
def test_the_exit_code_tells_pass_fault_and_could_not_run(
    tmp_path: Path, text: str, modules: list[str], code: int
) -> None:
    file = tmp_path / "a.txt"
    file.write_text(text)
    assert validate_command([str(file)], modules, "unknown") == code


@pytest.mark.parametrize(("fail_on", "code"), [("fail", 0), ("review", 1), ("never", 2)])
def test_a_build_may_also_stop_where_a_person_has_to_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail_on: str, code: int
) -> None:
    # Which documents need a person is the ruleset's matter, and changes.
    results = cli._results

    def doubtful(*given: Any) -> Findings:
        found = results(*given)
        return found._replace(results=[(n, replace(one, status="NEEDS_REVIEW")) for n, one in found.results])

    monkeypatch.setattr(cli, "_results", doubtful)
    file = tmp_path / "a.txt"
    file.write_text("Hello.\n")
    assert validate_command([str(file)], ["fca_uk"], "unknown", fail_on=fail_on) == code


@pytest.mark.parametrize("output", ["text", "json", "sarif"])
def test_a_document_that_cannot_be_read_keeps_no_other_from_its_report(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], output: str
) -> None:
    (tmp_path / "a.txt").write_text(FAULTY)
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 rubbish")
    assert validate_command([str(tmp_path)], ["fca_uk"], "investment_promotion", output) == 2
    told = capsysbinary.readouterr()
    assert b"fca_uk.guaranteed_return_claim" in told.out
    assert b"b.pdf: The PDF is damaged" in told.err
    if output == "json":
        assert json.loads(told.out)[1]["error"].endswith("export it again.")
    if output == "sarif":
        (ran,) = json.loads(told.out)["runs"][0]["invocations"]
        assert (ran["executionSuccessful"], len(ran["toolExecutionNotifications"])) == (False, 1)


@pytest.mark.parametrize("output", ["text", "json", "sarif", "html", "pdf"])
def test_a_file_that_is_not_there_keeps_no_other_from_its_report(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], output: str
) -> None:
    (tmp_path / "b.txt").write_text(FAULTY)
    files = [str(tmp_path / name) for name in ("a.txt", "b.txt")]
    assert validate_command(files, ["fca_uk"], "investment_promotion", output) == 2
    told = capsysbinary.readouterr()
    assert b"a.txt: No such file" in told.err
    assert b"guaranteed 9%" in told.out or told.out.startswith(b"%PDF-")
    if output in ("json", "sarif", "html"):
        assert b"No such file" in told.out


@pytest.mark.parametrize("output", ["json", "sarif"])
def test_a_program_gets_its_report_where_nothing_could_be_read(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], output: str
) -> None:
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 rubbish")
    assert validate_command([str(tmp_path)], ["fca_uk"], None, output) == 2
    assert "export it again" in json.dumps(json.loads(capsysbinary.readouterr().out))


def test_what_is_hidden_in_a_folder_is_left_out_and_names_stay_on_their_line(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for name in (".git/a.txt", "sub/.b.txt", "sub/c\nd.txt: PASS.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Hello.\n")
    assert validate_command([str(tmp_path)], ["fca_uk"]) == 0
    told = capsysbinary.readouterr().out.decode().splitlines()
    assert [line for line in told if not line.startswith(" ")] == [
        f"{tmp_path}/sub/c\ufffdd.txt: PASS.txt: PASS"
    ]


def test_sarif_offers_the_edits_as_fixes_of_the_file(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file, text = tmp_path / "a.md", "# Notice\n\nWe keep the **Data Protection Act 1998**.\n"
    file.write_text(text)
    validate_command([str(file)], ["gdpr_uk"], "marketing_email", "sarif")
    results = json.loads(capsysbinary.readouterr().out)["runs"][0]["results"]
    (fix,) = next(one for one in results if one["ruleId"] == "gdpr_uk.outdated_statute")["fixes"]
    (replacement,) = fix["artifactChanges"][0]["replacements"]
    start = replacement["deletedRegion"]["charOffset"]
    end = start + replacement["deletedRegion"]["charLength"]
    mended = text[:start] + replacement["insertedContent"]["text"] + text[end:]
    assert mended == text.replace("1998", "2018")
    assert fix["description"]["text"]


def test_the_present_day_is_that_of_the_platforms_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("LOKI_NOW", "2025-03-04T12:00:00+00:00")
    (tmp_path / "a.txt").write_text("Hello.\n")
    validate_command([str(tmp_path / "a.txt")], ["fca_uk"], None, "json")
    told = json.loads(capsysbinary.readouterr().out)
    assert (told["as_of"], told["as_of_source"]) == ("2025-03-04", "today")


def test_no_module_is_refused(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "a.txt").write_text("Hello.\n")
    assert validate_command([str(tmp_path / "a.txt")], []) == 2
    assert b"name at least one" in capsysbinary.readouterr().err


def test_a_folder_is_read_whole_and_json_names_each_file(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for name in ("b.md", "a.txt", "ignored.png"):
        (tmp_path / name).write_text(FAULTY)
    assert validate_command([str(tmp_path)], ["fca_uk"], "investment_promotion", "json") == 1
    told = json.loads(capsysbinary.readouterr().out)
    assert [one["file"].rsplit("/", 1)[-1] for one in told] == ["a.txt", "b.md"]


@pytest.mark.parametrize("output", ["text", "json", "sarif", "html", "pdf"])
def test_every_format_is_written(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], output: str
) -> None:
    file = tmp_path / "a.txt"
    file.write_text(FAULTY)
    assert validate_command([str(file)], ["fca_uk"], "investment_promotion", output) == 1
    told = capsysbinary.readouterr().out
    assert told.startswith(b"%PDF-") if output == "pdf" else b"guaranteed 9%" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((["/nowhere.txt"],), "No such file"),
        ((["{file}"], ["fca_uk"], "poem"), "no document type"),
        ((["{file}"], ["fca_uk"], None, "xml"), "no format"),
        ((["{file}"], ["fca_uk"], None, "text", "soon"), "no date"),
        ((["{file}"], ["fca_uk"], None, "text", ""), "no date"),
        ((["{file}"], ["fca_uk"], None, "text", "20260101"), "write it as YYYY-MM-DD"),
        ((["{file}"], ["fca_uk"], None, "text", "2026-W01-1"), "write it as YYYY-MM-DD"),
        ((["{file}", ""],), "name of a file is empty"),
        ((["-", "{file}", "-"],), "named more than once"),
        ((["x" * 5_000],), "File name too long"),
        ((["{file}/x.txt"],), "Not a directory"),
        ((["{file}"], ["fca_uk"], ""), "no document type"),
    ],
)
def test_bad_input_gets_one_sentence_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[object, ...], told: str
) -> None:
    file = tmp_path / "a.txt"
    file.write_text(FAULTY)
    files = [one.replace("{file}", str(file)) for one in arguments[0]]  # type: ignore[attr-defined]
    assert validate_command(files, *arguments[1:]) == 2  # type: ignore[arg-type]
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_a_folder_that_cannot_be_looked_into_is_named_and_the_others_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    scan = os.scandir
    closed = tmp_path / "closed"
    closed.mkdir()
    (tmp_path / "a.txt").write_text("Hello.\n")

    def refusing(path: str) -> Any:
        if path == str(closed):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scan(path)

    # Whoever runs the tests may be somebody to whom no folder is closed.
    monkeypatch.setattr(os, "scandir", refusing)
    assert validate_command([str(tmp_path)], ["fca_uk"]) == 2
    told = capsysbinary.readouterr()
    assert b"a.txt: PASS" in told.out
    assert b"closed: Permission denied" in told.err


@pytest.mark.parametrize(
    ("stream", "files", "told"),
    [("stdin", ["-"], "standard input: It is closed"), ("stdout", ["a.txt"], "nowhere to write")],
)
def test_a_closed_stream_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stream: str,
    files: list[str],
    told: str,
) -> None:
    monkeypatch.setattr(sys, stream, None)
    assert validate_command(files, ["fca_uk"]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(("text", "code"), [("Hello.\n", 0), (FAULTY, 1)])
def test_the_verdict_stands_where_nobody_reads_the_report_to_its_end(
    tmp_path: Path, text: str, code: int
) -> None:
    file = tmp_path / "a.txt"
    file.write_text(text)
    program = "import sys; from validation_engine.cli import validate_command as v; sys.exit(v(sys.argv[1:]))"
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", program, str(file)], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (code, b"")


def test_starting_takes_under_half_a_second() -> None:
    program = (
        "from validation_engine.engine import default_engine as e;import time;e();print(time.process_time())"
    )
    seconds = []
    for _ in range(5):
        began = time.monotonic()
        out = subprocess.run(  # noqa: S603 - our own interpreter and text
            [sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=None
        )
        seconds.append((float(out.stdout), time.monotonic() - began))
    # The processor's time, so that a busy machine does not count against us.
    assert min(processor for processor, _ in seconds) < 0.5
