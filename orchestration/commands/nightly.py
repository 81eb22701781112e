"""`loki nightly`: what is done every night beside the main job."""

from __future__ import annotations

import typer

from tenants.errors import Unavailable

app = typer.Typer(add_completion=False)


@app.command()
def nightly() -> None:
    """Erase what is due, apply retention, back up, compare billing, check domains again, sign the audit.

    Raises:
        Unavailable: A step failed; the others were done.
    """
    from orchestration.context import main_job  # noqa: PLC0415 - heavy
    from orchestration.progress import Terminal  # noqa: PLC0415 - as above
    from orchestration.upkeep import nightly as steps  # noqa: PLC0415 - as above

    with Terminal() as progress:
        done = steps(main_job(progress))
    for each in done:
        typer.echo(f"{'FAIL' if each.failed else 'ok':<4}  {each.step:<9}  {each.sentence}")
    failed = [each.step for each in done if each.failed]
    if failed:
        message = (
            f"These steps failed: {', '.join(failed)}; the others were done. Mend the cause and run it again."
        )
        raise Unavailable(message, "nightly_incomplete")
