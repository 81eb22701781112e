"""Settings that the whole platform shares, read once by an entry point and passed down."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic needs it at run time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tenants.clock import Clock, FixedClock, SystemClock


class PlatformSettings(BaseSettings):
    """State, control plane, Stripe and edges; every name is described in `.env.example`."""

    model_config = SettingsConfigDict(
        env_prefix="LOKI_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    home: Path = Path("var")
    database_url: str | None = None
    tenant_isolation: Literal["database", "schema"] = "database"
    catalogue: str = "loki"
    stripe_api_key: SecretStr | None = None
    stripe_api_base: str = "https://api.stripe.com"
    stripe_webhook_secret: SecretStr | None = None
    api_port: int = 8000
    dashboard_port: int = 8501
    base_domain: str = "localhost"
    secret_key: SecretStr | None = None
    smtp_url: str | None = None
    redis_url: str | None = None
    private_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    most_domains: int = Field(default=20, ge=1)
    region_roots: dict[str, Path] = Field(default_factory=dict)
    now: AwareDatetime | None = None

    @field_validator("private_hosts", mode="before")
    @classmethod
    def _names(cls, given: object) -> object:
        """Take names with commas between them."""
        if not isinstance(given, str):
            return given
        return frozenset(name.strip().lower() for name in given.split(",") if name.strip())

    def clock(self) -> Clock:
        """Return the clock to use: fixed where `LOKI_NOW` is set."""
        moment: datetime | None = self.now
        return FixedClock(moment) if moment else SystemClock()

    def state(self) -> Path:
        """Return the absolute folder of all run-time state."""
        return self.home.expanduser().resolve()
