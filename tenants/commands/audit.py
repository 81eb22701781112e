"""`loki audit`: read, verify and export the audit trail and the evidence made of it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - typer needs it at run time
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from tenants.commands.platform import Form, platform, say, say_aside, show
from tenants.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable

app = typer.Typer(add_completion=False, no_args_is_help=True, help="List, verify and export the audit trail.")

Tenant = Annotated[str | None, typer.Option("--tenant", help="Only of this tenant, by id or slug.")]
Shape = Annotated[Form, typer.Option("--format", help="How rows are written.")]
_TO, _STANDARD_OUTPUT = "NDJSON file to write; - is standard output.", "-"
_DAYS = ["%Y-%m-%d"]
Day = Annotated[datetime | None, typer.Option(formats=_DAYS, help="From this day on, UTC.")]


@app.command("list")
def list_entries(
    tenant: Tenant = None,
    action: Annotated[str | None, typer.Option(help="Only this action, such as api_key_issued.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only what this user, key or account did, by id.")] = None,
    since: Day = None,
    until: Annotated[datetime | None, typer.Option(formats=_DAYS, help="Before this day, UTC.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most so many.")] = 50,
    form: Shape = Form.table,
) -> None:
    """List entries, newest first."""
    with platform() as (control, _):
        entries = control.audit.entries(
            tenant_id=None if tenant is None else control.tenants.find(tenant).tenant_id,
            action=action,
            actor=actor,
            since=_utc(since),
            until=_utc(until),
            limit=limit,
        )
    rows = [
        {
            "seq": entry.seq,
            "at": entry.at,
            "actor": f"{entry.actor_kind}:{entry.actor_id}",
            "action": entry.action,
            "object": f"{entry.object_type}:{entry.object_id}",
            "tenant": entry.tenant_id,
        }
        for entry in entries
    ]
    show(rows, form)


@app.command()
def verify(
    head: Annotated[
        list[str] | None,
        typer.Option(help="A line of `loki audit sign` that was kept elsewhere; may be repeated."),
    ] = None,
) -> None:
    """Check that no entry was changed, removed or cut off; exit 2 where one was.

    Raises:
        Conflict: The trail is not whole.
    """
    from tenants.audit.heads import Head, Heads  # noqa: PLC0415 - start-up time

    with platform() as (control, _):
        verdict = Heads(control).verify([Head.from_text(each) for each in head or ()])
    if verdict.first_broken is not None:
        message = f"The audit trail is broken at entry {verdict.first_broken}; compare it with an export."
        raise Conflict(message, "audit_broken")
    if verdict.missing:
        message = (
            f"Entry {verdict.missing[0]} was signed as the head and is gone or changed: the tail was cut."
        )
        raise Conflict(message, "audit_cut")
    if verdict.forged:
        message = f"Line {verdict.forged[0]} of the signed heads was not written by this installation."
        raise Conflict(message, "audit_head_forged")
    say(f"Sound: {verdict.entries:,} entries in one chain, {verdict.heads:,} signed heads fit.")
    if not verdict.heads:
        say(
            "No head is signed, so a cut tail would not show; run `loki audit sign`, keep its line elsewhere."
        )


@app.command()
def sign() -> None:
    """Sign the newest entry and print the head, to be kept where nobody here can change it."""
    from tenants.audit.heads import Heads  # noqa: PLC0415 - start-up time

    with platform() as (control, _):
        heads = Heads(control)
        head, key = heads.sign(), heads.public_key()
    say(
        "There is no entry yet."
        if head is None
        else f"{head.seq} {head.entry_hash} {head.at} {head.signature} {key}"
    )


@app.command()
def export(file: Annotated[Path, typer.Argument(help=_TO)], tenant: Tenant = None) -> None:
    """Write every entry, and sign the head behind them."""
    from dataclasses import asdict  # noqa: PLC0415 - start-up time

    from tenants.audit.heads import Heads  # noqa: PLC0415 - as above

    with platform() as (control, _):
        tenant_id = None if tenant is None else control.tenants.find(tenant).tenant_id
        head = Heads(control).sign()
        count = _write(file, (asdict(entry) for entry in control.audit.oldest_first(tenant_id=tenant_id)))
    _tell(file, f"{count:,} entries; the head {head.seq if head else 'none'} is signed.")


@app.command()
def evidence(
    file: Annotated[Path, typer.Argument(help=_TO)],
    since: Day = None,
) -> None:
    """Write the evidence for SOC 2: access review, changes, refusals, drills, retention, integrity."""
    from tenants.protection.evidence import evidence as records  # noqa: PLC0415 - start-up time

    with platform() as (control, _):
        count = _write(file, records(control, _utc(since) or datetime.fromtimestamp(0, UTC)))
    _tell(file, f"{count:,} records.")


def _utc(day: datetime | None) -> datetime | None:
    return None if day is None else day.replace(tzinfo=UTC)


def _tell(file: Path, sentence: str) -> None:
    """Say what was written, beside it where that is standard output."""
    say_aside(sentence) if str(file) == _STANDARD_OUTPUT else say(f"{file}: {sentence}")


def _write(file: Path, rows: Iterable[dict[str, object]]) -> int:
    """Write a row a line, so that a file appears whole or not at all, and return how many.

    Raises:
        InvalidInput: The file cannot be written.
    """
    if str(file) == _STANDARD_OUTPUT:
        return _write_rows(sys.stdout.buffer, rows)
    temporary = file.with_name(f".{file.name}.part")
    try:
        with temporary.open("wb") as out:
            count = _write_rows(out, rows)
        temporary.replace(file)
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}; name a place where it can."
        raise InvalidInput(message, "file_not_written") from None
    finally:
        temporary.unlink(missing_ok=True)
    return count


def _write_rows(out: BinaryIO, rows: Iterable[dict[str, object]]) -> int:
    import orjson  # noqa: PLC0415 - start-up time

    option, count = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z, 0
    for row in rows:
        out.write(orjson.dumps(row, default=str, option=option))
        count += 1
    return count
