"""Settings of ingest, beside those of the platform."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic needs it at run time
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from ingest.stripe.lists import BY_TYPE
from tenants.settings import PlatformSettings

LIVE_READS_PER_SECOND = 80.0
TEST_READS_PER_SECOND = 20.0


class IngestSettings(PlatformSettings):
    """Where data comes from, and how hard we may pull; every name is described in `.env.example`.

    Attributes:
        usage_logs: Folder of usage log files.
        fx_rates: CSV of historical exchange rates.
        customer_merges: CSV of merged customers.
        stripe_reads_per_second: Our own ceiling; null: 80 with a live key, 20 with a test key, below Stripe's
            100 and 25.
        stripe_overlap_hours: How far back each pull of events starts again, for those that arrive late.
        stripe_skip_streams: Stripe object types that are left out on purpose: `dispute,exchange_rate`.
    """

    usage_logs: Path | None = None
    fx_rates: Path | None = None
    customer_merges: Path | None = None
    stripe_reads_per_second: float | None = Field(default=None, gt=0)
    stripe_overlap_hours: float = Field(default=24, ge=24)
    stripe_skip_streams: Annotated[list[str], NoDecode] = Field(default_factory=list)

    @field_validator("stripe_skip_streams", mode="before")
    @classmethod
    def _object_types(cls, value: object) -> object:
        """Read names with commas between them, and refuse one that is no list of Stripe's."""
        names = (
            [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value
        )
        unknown = [name for name in names if name not in BY_TYPE] if isinstance(names, list) else []
        if unknown:
            message = f"{', '.join(map(str, unknown))} is none of {', '.join(BY_TYPE)}"
            raise ValueError(message)
        return names

    def reads_per_second(self) -> float:
        """Return the ceiling on requests to Stripe, a second."""
        if self.stripe_reads_per_second:
            return self.stripe_reads_per_second
        return TEST_READS_PER_SECOND if self.is_test_key() else LIVE_READS_PER_SECOND

    def is_test_key(self) -> bool:
        """Whether the key belongs to Stripe's test mode."""
        return self.has_key_of_mode(live=False)

    def has_key_of_mode(self, *, live: bool) -> bool:
        """Whether the key says that it belongs to a mode; a server's own keys may say neither."""
        infix = "_live_" if live else "_test_"
        return self.stripe_api_key is not None and infix in self.stripe_api_key.get_secret_value()
