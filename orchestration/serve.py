"""The HTTP application: control plane and data plane as one, under one address."""

from __future__ import annotations

import gc
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI

import tenants.api
import validation_engine.api
from orchestration.context import load
from orchestration.logs import configure
from orchestration.state_settings import PRIVATE, adopt
from orchestration.tasks import COMMAND as TASKS
from orchestration.validation_worker import COMMAND
from tenants.api.application import prepare
from tenants.api.deps import Deps
from tenants.billing.worker import BillingWorker
from tenants.mail.worker import MailWorker
from tenants.settings import PlatformSettings
from tenants.tasks.worker import TaskWorker
from validation_engine.api.crew import Crew

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.clock import Clock

_MOST_WORKERS = 8
# Longer than proxies keep connections that they do not use (nginx 60 s): it must not be us who closes first,
# or a call that is just being sent gets no answer.
_IDLE_SECONDS = 75
DESCRIPTION = "Checks business documents against UK compliance rules, for many tenants."


def create_app(settings: PlatformSettings, clock: Clock, workers: int = 0) -> FastAPI:
    """Return the application; what it opens is closed when it stops.

    Args:
        settings: Where everything is.
        clock: The present.
        workers: Processes that validate; without any, this one does.
    """
    deps = Deps.open(settings, clock)
    crew = Crew(workers, COMMAND) if workers else None

    @asynccontextmanager
    async def working_until_the_end(_: FastAPI) -> AsyncIterator[None]:
        by_themselves = (
            BillingWorker(deps.control, deps.stores, deps.inbox),
            MailWorker(deps.control, deps.stores),
            TaskWorker(deps.control, TASKS),
        )
        for each in by_themselves:
            each.start()
        yield
        for each in by_themselves:
            each.stop()
        if crew is not None:
            crew.close()
        deps.close()

    app = FastAPI(title="LOKI", description=DESCRIPTION, version="1", lifespan=working_until_the_end)
    prepare(app, deps, tenants.api.router(deps), validation_engine.api.router(deps, crew))
    return app


def main() -> None:
    """Serve on loopback until told to stop; a reverse proxy stands in front."""
    import uvicorn  # noqa: PLC0415 - only a server needs it

    os.umask(PRIVATE)
    configure("info")
    adopt()
    settings = load(PlatformSettings)
    cores = min(os.cpu_count() or 1, _MOST_WORKERS)
    app = create_app(settings, settings.clock(), workers=cores if cores > 1 else 0)
    # Rules and routes live as long as the process: the collector need not walk them again.
    gc.freeze()
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=settings.api_port,
        timeout_keep_alive=_IDLE_SECONDS,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
