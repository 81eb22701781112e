"""`loki demo`: a demo world, from Stripe events to dashboards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from orchestration.demo.driver import DemoResult

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    tenants: Annotated[int, typer.Option(help="How many tenants.")] = 500,
    months: Annotated[int, typer.Option(help="How many months of life, up to now.")] = 24,
    mix: Annotated[
        str | None, typer.Option(help="`seed`: all active, monthly, without coupons (catalogue iris).")
    ] = None,
    seed: Annotated[int, typer.Option(help="For everything that chance decides.")] = 7,
    no_serve: Annotated[  # noqa: FBT002 - a flag on the command line
        bool, typer.Option("--no-serve", help="End after the headline table.")
    ] = False,
) -> None:
    """Make a demo world on the built-in Stripe sandbox, run the main job, show the headline, then serve it.

    A demo world that LOKI_HOME holds is replaced; anything else there is left as it is.
    """
    from orchestration.context import load  # noqa: PLC0415 - heavy
    from orchestration.demo.driver import DemoPlan, make_demo  # noqa: PLC0415 - as above
    from orchestration.progress import Terminal  # noqa: PLC0415 - as above
    from orchestration.services import serve_until_stopped  # noqa: PLC0415 - as above
    from tenants.settings import PlatformSettings  # noqa: PLC0415 - as above

    with Terminal() as progress:
        result = make_demo(DemoPlan(tenants, months, mix, seed), progress)
    _show(result)
    if not no_serve:
        serve_until_stopped(load(PlatformSettings), typer.echo)


def _show(result: DemoResult) -> None:
    from rich.console import Console  # noqa: PLC0415 - only tables are drawn
    from rich.table import Table  # noqa: PLC0415 - as above

    from orchestration.context import load  # noqa: PLC0415 - heavy
    from orchestration.demo.headline import headline  # noqa: PLC0415 - as above
    from orchestration.demo.people import PASSWORD  # noqa: PLC0415 - as above
    from tenants.settings import PlatformSettings  # noqa: PLC0415 - as above
    from tenants.warehouse import Warehouse  # noqa: PLC0415 - as above

    settings = load(PlatformSettings)
    numbers = Table(title="Headline", show_header=False, title_justify="left")
    for name, value in headline(Warehouse(settings.state())):
        numbers.add_row(name, value)
    people = Table(
        "Tenant", "Role", "Sign in as", title=f"Demo users, password {PASSWORD}", title_justify="left"
    )
    for where, role, email in result.done.users:
        people.add_row(where, role, email)
    console = Console()
    console.print(numbers)
    console.print(people)
    typer.echo(result.outcome.sentence)
    typer.echo(f"Sign in at http://{settings.base_domain}:{settings.api_port}/sign-in once it is served.")
