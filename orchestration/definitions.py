"""The one entry point of Dagster: `dagster dev -m orchestration.definitions`."""

from __future__ import annotations

import dagster as dg

from orchestration import pull
from orchestration.assets import checks, streams, triggers, upkeep
from orchestration.assets.main_job import main_job_resource
from orchestration.assets.models import model_assets
from orchestration.assets.published import published_assets
from orchestration.context import parsed_project


def definitions() -> dg.Definitions:
    """Return assets, checks, the job and what starts it."""
    models = model_assets(parsed_project())
    return dg.Definitions(
        assets=[
            *(streams.assets_of(source) for source in pull.SOURCES),
            *streams.shared_specs(),
            models,
            *published_assets(models),
        ],
        asset_checks=[checks.every_stream_is_complete, checks.nothing_was_set_aside],
        jobs=[triggers.MAIN_JOB, upkeep.nightly_upkeep],
        schedules=[triggers.DAILY, upkeep.NIGHTLY],
        sensors=[triggers.new_usage_logs],
        resources={"main_job": main_job_resource},
        executor=dg.in_process_executor,
    )


defs = definitions()
