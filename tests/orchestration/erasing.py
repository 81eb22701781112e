"""Erases all that is due on the small project; run as a program, to be killed."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from orchestration import erasure
from tenants.settings import PlatformSettings
from tests.orchestration.small_job import small_job
from tests.tenants import factories as make

if TYPE_CHECKING:
    from orchestration.context import MainJob


def job_with_stripe(state: Path, url: str, key: str) -> MainJob:
    """Return the main job on the small project and a Stripe account."""
    settings = PlatformSettings(
        _env_file=None, home=state, stripe_api_key=SecretStr(key), stripe_api_base=url
    )
    return replace(small_job(state), settings=settings)


if __name__ == "__main__":
    erasure.erase_due(job_with_stripe(Path(sys.argv[1]), sys.argv[2], sys.argv[3]), make.BY)
