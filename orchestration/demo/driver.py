"""`loki demo`: customers on the Stripe sandbox, lived and pulled step by step, then the main job."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from orchestration.context import load, main_job
from orchestration.demo import state as demo_state
from orchestration.demo.activity import Brief
from orchestration.demo.activity_process import living_along
from orchestration.locking import only_one
from orchestration.progress import Silent
from orchestration.pull import pull_one
from orchestration.refresh import refresh
from orchestration.state_settings import forget, keep
from tenants.catalogue import load_catalogue
from tenants.clock import FixedClock
from tenants.errors import InvalidInput
from tenants.settings import PlatformSettings

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.context import MainJob
    from orchestration.demo.activity import Done
    from orchestration.demo.sandbox import Sandbox
    from orchestration.progress import Progress
    from orchestration.refresh import Outcome

STEP = timedelta(days=28)  # below the 30 days for which Stripe lists events
USUAL_SANDBOX_PORT = 12111
MOST_TENANTS = 20_000
MOST_MONTHS = 120


@dataclass(frozen=True)
class DemoPlan:
    """What world is wanted.

    Attributes:
        tenants: How many tenants of ours there are.
        months: How long it lasts, up to the present.
        mix: `seed` for the steady mix of the `iris` catalogue, None for lively customers.
        seed: For everything that chance decides.
    """

    tenants: int = 500
    months: int = 24
    mix: str | None = None
    seed: int = 7

    def check(self) -> None:
        """Refuse what cannot be made.

        Raises:
            InvalidInput: A number is out of range, or the mix is unknown.
        """
        if not 1 <= self.tenants <= MOST_TENANTS or not 1 <= self.months <= MOST_MONTHS:
            message = (
                f"A demo world has 1 to {MOST_TENANTS} tenants and 1 to {MOST_MONTHS} months, "
                f"not {self.tenants} and {self.months}."
            )
            raise InvalidInput(message, code="invalid_demo")
        if self.mix not in (None, "seed"):
            message = f"There is no mix {self.mix!r}: the only one is `seed`."
            raise InvalidInput(message, code="unknown_mix")


@dataclass(frozen=True)
class DemoResult:
    """What was made: how the main job ended, and what the tenants did."""

    outcome: Outcome
    done: Done


def make_demo(plan: DemoPlan, progress: Progress) -> DemoResult:
    """Make a demo world in the configured state folder and run the main job on it.

    Raises:
        InvalidInput: The world cannot be made so.
        Conflict: The folder is no demo's, or a refresh runs on it.
        Unavailable: A part of the world failed.
    """
    plan.check()
    forget()
    state = load(PlatformSettings).state()
    catalogue = demo_state.chosen_catalogue(plan.mix, load(PlatformSettings).catalogue)
    with only_one(state):
        demo_state.begin_anew(state, {"tenants": plan.tenants, "months": plan.months, "seed": plan.seed})
        done = _live(plan, catalogue, state, progress)
    return DemoResult(refresh(main_job(progress)), done)


def _live(plan: DemoPlan, catalogue: str, state: Path, progress: Progress) -> Done:
    from orchestration.demo.lives import World  # noqa: PLC0415 - heavy
    from orchestration.demo.sandbox import Sandbox  # noqa: PLC0415 - as above

    end = load(PlatformSettings).clock().now().replace(microsecond=0)
    clock = FixedClock(end - timedelta(days=round(365 * plan.months / 12)))
    sandbox = Sandbox(state / "sandbox", clock, seed=plan.seed)
    with sandbox.serve(_port()):
        _keep_settings(state, catalogue, sandbox)
        world = World(
            sandbox,
            load_catalogue(catalogue),
            tenants=plan.tenants,
            months=plan.months,
            seed=plan.seed,
            mix=plan.mix,
        )
        job = replace(main_job(Silent()), clock=clock)
        brief = Brief(job.settings, world.start, end, plan.tenants, plan.seed)
        with living_along(brief) as activity:
            for step in world.steps(STEP):
                clock.set(step.ends_at)
                activity.go_on(step)
                pull_one(job, "stripe")
                progress.step(f"Lived and pulled up to {step.ends_at:%Y-%m-%d}: {len(step.lives)} customers")
            progress.step("Waiting for the tenants' documents")
            done = activity.finish()
        _tell_the_control_plane(job)
        sandbox.register_webhook(f"http://127.0.0.1:{job.settings.api_port}/webhooks/stripe")
    sandbox.close()
    progress.step(f"{done.documents:,} documents validated, {done.usage_rows:,} rows of usage logged")
    return done


def _tell_the_control_plane(job: MainJob) -> None:
    """Let the tenants' billing know what Stripe knows, as if it had heard of every event."""
    from tenants.billing.applying import Applier  # noqa: PLC0415 - heavy
    from tenants.billing.comparison import adopt  # noqa: PLC0415 - as above
    from tenants.billing.gateway import StripeGateway  # noqa: PLC0415 - as above
    from tenants.billing.inbox import Inbox  # noqa: PLC0415 - as above
    from tenants.control import ControlPlane  # noqa: PLC0415 - as above

    with closing(ControlPlane.open(job.settings, job.clock)) as control:
        gateway = StripeGateway(job.settings)
        adopt(Applier(control, Inbox(control), gateway), gateway)


def _keep_settings(state: Path, catalogue: str, sandbox: Sandbox) -> None:
    """Let every later command find this world's Stripe, catalogue and logs."""
    own = {
        "LOKI_CATALOGUE": catalogue,
        "LOKI_STRIPE_API_KEY": sandbox.api_key,
        "LOKI_STRIPE_API_BASE": sandbox.url,
        "LOKI_STRIPE_WEBHOOK_SECRET": sandbox.webhook_secret,
        "LOKI_STRIPE_READS_PER_SECOND": "100000",
        "LOKI_USAGE_LOGS": str(state / "usage-logs"),
    }
    keep(state, own)
    os.environ.update(own)  # whatever account the environment names, a demo never touches it
    (state / "usage-logs").mkdir(exist_ok=True)


def _port() -> int:
    """Return the usual port if it is free, else any."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", USUAL_SANDBOX_PORT))
        except OSError:
            return 0
    return USUAL_SANDBOX_PORT
