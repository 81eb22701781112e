"""`loki validate`: the engine as a command, for people and for continuous integration."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from validation_engine.days import day_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from validation_engine.corrections.edits import SourceEdit
    from validation_engine.documents.model import Document
    from validation_engine.engine import Answers
    from validation_engine.reports import Findings

app = typer.Typer(add_completion=False, rich_markup_mode=None)
_FORMATS = ("text", "json", "sarif", "html", "pdf")
_FOR_PROGRAMS = ("json", "sarif")
_FAILING = {"fail": {"FAIL"}, "review": {"FAIL", "NEEDS_REVIEW"}}
PASSED, FAILED, NOT_RUN = 0, 1, 2


@app.command()
def validate(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="Files or folders; - reads standard input.")
    ],
    modules: Annotated[str, typer.Option(help="Modules, separated by commas, or `all`.")] = "all",
    document_type: Annotated[
        str | None, typer.Option(help="The documents' type; detected where left out.")
    ] = None,
    output: Annotated[str, typer.Option("--format", help=f"One of: {', '.join(_FORMATS)}.")] = "text",
    as_of: Annotated[str | None, typer.Option(help="The day whose rules apply, YYYY-MM-DD.")] = None,
    fail_on: Annotated[
        str,
        typer.Option(help="What exits 1: `fail` a failed gate, `review` also one that a person must see."),
    ] = "fail",
) -> None:
    """Check documents against compliance rules; exit 0 pass, 1 a gate failed, 2 could not run."""
    chosen = None if modules == "all" else [name.strip() for name in modules.split(",") if name.strip()]
    raise typer.Exit(validate_command(files, chosen, document_type, output, as_of, fail_on))


def validate_command(
    files: Sequence[str],
    modules: Sequence[str] | None = None,
    document_type: str | None = None,
    output: str = "text",
    as_of: str | None = None,
    fail_on: str = "fail",
) -> int:
    """Validate files, write the report to standard output and return the exit code.

    Args:
        files: Paths of files or folders; `-` is standard input.
        modules: Module names; None for all.
        document_type: The type of all files; None to detect each.
        output: Format of the report.
        as_of: The day whose rules apply, ISO 8601; None for each document's own.
        fail_on: A name of `_FAILING`: which statuses of a document exit 1.
    """
    from validation_engine.errors import EngineError  # noqa: PLC0415 - loaded late: start-up time counts

    if sys.stdout is None:
        return _refused("Standard output is closed; there is nowhere to write the report.")
    if output not in _FORMATS:
        return _refused(f"There is no format {output!r}; use one of: {', '.join(_FORMATS)}.")
    if fail_on not in _FAILING:
        return _refused(f"There is no --fail-on {fail_on!r}; use one of: {', '.join(_FAILING)}.")
    try:
        day = None if as_of is None else day_of(as_of)
    except ValueError:
        return _refused(f"{as_of!r} is no date; write it as YYYY-MM-DD.")
    try:
        findings = _results(files, modules, document_type, day, output)
    except EngineError as error:
        return _refused(error.message)
    return _reported(findings, output, _FAILING[fail_on])


def _reported(findings: Findings, output: str, failing: set[str]) -> int:
    from validation_engine.reports import render  # noqa: PLC0415 - loaded late: start-up time counts

    # A program that reads on gets its report even where no document could be read.
    if findings.results or output in _FOR_PROGRAMS:
        _write(render(findings.results, output, findings.fixes, findings.refused))
    for message in findings.refused.values():
        _refused(message)
    if findings.refused:
        return NOT_RUN
    return FAILED if any(result.status in failing for _, result in findings.results) else PASSED


def _write(report: bytes) -> None:
    """Write the report; whoever ends the pipe has seen enough of it, and the verdict stands."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(report)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # What is left would be written at the end of the process, and fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _results(
    files: Sequence[str],
    modules: Sequence[str] | None,
    document_type: str | None,
    day: date | None,
    output: str,
) -> Findings:
    from validation_engine.documents.read import TEXTS, read  # noqa: PLC0415 - loaded late: start-up time counts
    from validation_engine.engine import Options, default_engine  # noqa: PLC0415 - as above
    from validation_engine.errors import DocumentRefused  # noqa: PLC0415 - as above
    from validation_engine.files import SUFFIXES, found  # noqa: PLC0415 - as above
    from validation_engine.reports import Findings  # noqa: PLC0415 - as above

    engine = default_engine()
    options = Options(
        modules=list(engine.ruleset.by_module) if modules is None else modules,
        today=_today(),
        document_type=document_type,
        as_of=day,
    )
    findings = Findings([], {}, {})
    for each in found(files):
        name = each.name
        try:
            document = read(each.content(), name=name)
        except DocumentRefused as refused:
            findings.refused[name] = f"{name}: {refused.message}"
            continue
        except OSError as error:
            findings.refused[name] = f"{name}: {error.strerror}; check the path."
            continue
        if output == "sarif" and document.media_type in TEXTS:
            result, answers = engine.validate_with_answers(document, options)
            findings.fixes[name] = _fixes(document, answers)
        else:
            result = engine.validate(document, options)
        findings.results.append((name, result))
    if not findings.results and not findings.refused:
        message = f"No document in {', '.join(files)}; name files that end in {', '.join(sorted(SUFFIXES))}."
        raise DocumentRefused(message, "no_documents")
    return findings


def _fixes(document: Document, answers: Answers) -> dict[str, list[SourceEdit]]:
    """Return the edits that each gate proposes."""
    from validation_engine.corrections.edits import gathered  # noqa: PLC0415 - loaded late: start-up time counts

    found = {compiled.gate.id: gathered(document, [(compiled, answer)]) for compiled, answer in answers}
    return {gate_id: edits for gate_id, edits in found.items() if edits}


def _today() -> date:
    """Return the present day, by the platform's clock where one is set."""
    if "LOKI_NOW" not in os.environ and not Path(".env").exists():
        return datetime.now(UTC).date()
    from tenants.settings import PlatformSettings  # noqa: PLC0415 - loaded late: start-up time counts

    return PlatformSettings().clock().now().date()


def _refused(message: str) -> int:
    shown = "".join([one if one.isprintable() else "\ufffd" for one in message])
    if sys.stderr is not None:
        sys.stderr.write(f"loki validate: {shown}\n")
    return NOT_RUN
