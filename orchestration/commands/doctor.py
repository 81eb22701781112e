"""`loki doctor`: what is well and what is not, a line each."""

from __future__ import annotations

import typer

app = typer.Typer(add_completion=False)


@app.command()
def doctor() -> None:
    """Check settings, versions, disk, connections and completeness of the data; each line with its remedy.

    Ends with 0 if all is well, with 1 if something needs a person.
    """
    from orchestration.doctor import examine  # noqa: PLC0415 - heavy

    findings = list(examine())
    for finding in findings:
        typer.echo(finding.line)
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else 1)
