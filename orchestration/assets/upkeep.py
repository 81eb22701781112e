"""The nightly upkeep as a job of Dagster's: `loki nightly` on a schedule."""

import dagster as dg

from orchestration.context import main_job
from orchestration.progress import Silent
from orchestration.upkeep import nightly


@dg.op(description="Erasures due, retention, backups, billing against Stripe, the audit's head.")
def upkeep(context: dg.OpExecutionContext) -> None:
    """Do every step, then fail the run where one of them failed."""
    done = nightly(main_job(Silent()))
    for each in done:
        context.log.info("%s: %s", each.step, each.sentence)
    failed = [each for each in done if each.failed]
    if failed:
        raise dg.Failure("; ".join(f"{each.step}: {each.sentence}" for each in failed))


@dg.job(executor_def=dg.in_process_executor, description="What is done every night beside the main job.")
def nightly_upkeep() -> None:
    """Run the one op."""
    upkeep()


NIGHTLY = dg.ScheduleDefinition(
    name="nightly_upkeep",
    job=nightly_upkeep,
    cron_schedule="45 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
