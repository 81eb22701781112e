"""Settings of the warehouse's builds, read once by an entry point and passed down."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class BuildSettings(BaseSettings):
    """How revenue is counted and shown; every name is described in `.env.example`."""

    model_config = SettingsConfigDict(
        env_prefix="LOKI_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    mrr_policy: str = "default"
    reporting_currency: str | None = None
    reporting_timezone: str = "UTC"

    @field_validator("reporting_timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            message = f"{name!r} is no time zone of the IANA database; one such as Europe/London is needed"
            raise ValueError(message) from error
        return name
