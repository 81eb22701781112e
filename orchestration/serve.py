"""The HTTP application: control plane and data plane as one, under one address."""

from __future__ import annotations

import gc
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI

import tenants.api
import validation_engine.api
from orchestration.context import load
from orchestration.logs import configure
from tenants.api.application import prepare
from tenants.api.deps import Deps
from tenants.billing.worker import BillingWorker
from tenants.mail.worker import MailWorker
from tenants.settings import PlatformSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tenants.clock import Clock

DESCRIPTION = "Checks business documents against UK compliance rules, for many tenants."


def create_app(settings: PlatformSettings, clock: Clock) -> FastAPI:
    """Return the application; what it opens is closed when it stops."""
    deps = Deps.open(settings, clock)

    @asynccontextmanager
    async def working_until_the_end(_: FastAPI) -> AsyncIterator[None]:
        workers = (
            BillingWorker(deps.control, deps.stores, deps.inbox),
            MailWorker(deps.control, deps.stores),
        )
        for worker in workers:
            worker.start()
        yield
        for worker in workers:
            worker.stop()
        deps.close()

    app = FastAPI(title="LOKI", description=DESCRIPTION, version="1", lifespan=working_until_the_end)
    prepare(app, deps, tenants.api.router(deps), validation_engine.api.router(deps))
    return app


def main() -> None:
    """Serve on loopback until told to stop; a reverse proxy stands in front."""
    import uvicorn  # noqa: PLC0415 - only a server needs it

    configure("info")
    settings = load(PlatformSettings)
    app = create_app(settings, settings.clock())
    # Rules and routes live as long as the process: the collector need not walk them again.
    gc.freeze()
    uvicorn.run(app, host="127.0.0.1", port=settings.api_port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
