"""`loki validate`: the engine as a command, for people and for continuous integration."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from validation_engine.results import Result

app = typer.Typer(add_completion=False, rich_markup_mode=None)
_FORMATS = ("text", "json", "sarif", "html", "pdf")
_SUFFIXES = {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".docx", ".pdf"}
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

    try:
        if output not in _FORMATS:
            return _refused(f"There is no format {output!r}; use one of: {', '.join(_FORMATS)}.")
        if fail_on not in _FAILING:
            return _refused(f"There is no --fail-on {fail_on!r}; use one of: {', '.join(_FAILING)}.")
        day = date.fromisoformat(as_of) if as_of else None
        results = _results(files, modules, document_type, day)
    except EngineError as error:
        return _refused(error.message)
    except ValueError:
        return _refused(f"{as_of!r} is no date; write it as YYYY-MM-DD.")
    except OSError as error:
        return _refused(f"{error.filename}: {error.strerror}; check the path.")
    from validation_engine.reports import render  # noqa: PLC0415 - loaded late: start-up time counts

    sys.stdout.flush()
    sys.stdout.buffer.write(render(results, output))
    sys.stdout.buffer.flush()
    return FAILED if any(result.status in _FAILING[fail_on] for _, result in results) else PASSED


def _results(
    files: Sequence[str], modules: Sequence[str] | None, document_type: str | None, day: date | None
) -> list[tuple[str, Result]]:
    from validation_engine.documents.read import read  # noqa: PLC0415 - loaded late: start-up time counts
    from validation_engine.engine import Options, default_engine  # noqa: PLC0415 - loaded late: start-up time counts
    from validation_engine.errors import DocumentRefused  # noqa: PLC0415 - loaded late: start-up time counts

    engine = default_engine()
    options = Options(
        modules=modules or list(engine.ruleset.by_module),
        today=datetime.now(UTC).date(),
        document_type=document_type,
        as_of=day,
    )
    results = []
    for name, content in _contents(files):
        try:
            results.append((name, engine.validate(read(content, name=name), options)))
        except DocumentRefused as refused:
            message = f"{name}: {refused.message}"
            raise DocumentRefused(message, refused.code) from None
    if not results:
        message = f"No document in {', '.join(files)}; name files that end in {', '.join(sorted(_SUFFIXES))}."
        raise DocumentRefused(message, "no_documents")
    return results


def _contents(files: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for name in files:
        if name == "-":
            yield "standard input", sys.stdin.buffer.read()
            continue
        path = Path(name)
        found = sorted(inner for inner in path.rglob("*") if _is_document(inner)) if path.is_dir() else [path]
        for one in found:
            yield str(one), one.read_bytes()


def _is_document(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in _SUFFIXES and not path.name.startswith(".")


def _refused(message: str) -> int:
    sys.stderr.write(f"loki validate: {message}\n")
    return NOT_RUN
